import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ExecutionResult, parse, subscribe } from "graphql";
import { createContext } from "../../../src/graphql/context.js";
import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { buildFabulaSchema } from "../../../src/graphql/schema/schema.js";
import type { NarrationEntity } from "../../../src/instances/index.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { longText } from "../../support/texts.js";
import {
  CANCEL_NARRATION,
  NARRATION_PROGRESS,
  RENDER_NARRATION,
  VIEWER_NARRATION_PROGRESS,
} from "../harness/documents.js";
import { endProcesses, fabulaProcess } from "../harness/fabula.process.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(async () => {
  endProcesses();
  await app.close();
});

const idOf = ({ id }: Pick<NarrationEntity, "id">) => toGlobalId("UserStoryNarration", id);

async function requested(text: string): Promise<NarrationEntity> {
  const story = await app.given.story({ text, analyse: true });
  const narration = await app.given.narration({ owner: "ada", story });
  const input = { id: idOf(narration), version: narration.version };
  await app.as("ada").query(RENDER_NARRATION, { input });
  return narration;
}

test("progress and cancel reach a worker in another process", async () => {
  const narration = await requested(longText(80));
  const input = { id: idOf(narration) };
  const worker = await fabulaProcess("worker", app.testDatabase);

  const statuses: unknown[] = [];
  let last: unknown;
  for await (const event of app.as("ada").subscribe(NARRATION_PROGRESS, input)) {
    const status = event.at("narrationProgress.status");
    if (status === "RENDERING" && !statuses.includes(status)) {
      await app.as("ada").query(CANCEL_NARRATION, { input });
    }
    statuses.push(status);
    last = event.at("narrationProgress.progress.renderedSegments");
  }
  await worker.stop();

  expect(statuses.at(-1)).toBe("CANCELLED");
  expect(statuses).toContain("RENDERING");
  expect(last).toBeLessThan(narration.segmentCount);
});

test("the next worker reuses the segments of a killed worker", async () => {
  const dataDir = await mkdtemp(join(tmpdir(), "fabula-killed-"));
  const environment = { DATA_DIR: dataDir };
  const narration = await requested(longText(10));
  const input = { id: idOf(narration) };
  const first = await fabulaProcess("worker", app.testDatabase, environment);
  const events = app.as("ada").subscribe(NARRATION_PROGRESS, input);
  let made = 0;
  for await (const event of events) {
    made = event.number("narrationProgress.progress.renderedSegments");
    if (made > 0) break;
  }
  await first.kill();
  // Retry the job now. The queue itself would retry the job later, after the killed worker has sent no
  // heartbeat for some time.
  await app.superuser("UPDATE jobs.job SET state = 'retry' WHERE name = 'render-narration'");

  const second = await fabulaProcess("worker", app.testDatabase, environment);
  const last = (await app.as("ada").follow(NARRATION_PROGRESS, input)).at(-1);
  await second.stop();
  await rm(dataDir, { recursive: true, force: true });

  expect(last?.at("narrationProgress.status")).toBe("READY");
  const reused = last?.number("narrationProgress.progress.reusedSegments") ?? 0;
  const rendered = last?.number("narrationProgress.progress.renderedSegments") ?? 0;
  expect(reused).toBeGreaterThanOrEqual(made);
  expect(reused + rendered).toBe(narration.segmentCount);
});

/** Subscribes as Ada in this process. `listening` returns the number of open listeners. */
async function followed(document: string, variables: object) {
  let listening = 0;
  const { notifier } = app.services;
  const counting: typeof notifier = {
    notify: (tx, channel, payload) => notifier.notify(tx, channel, payload),
    listen: (channel, payload) => {
      const news = notifier.listen(channel, payload);
      let isOpen = true;
      listening += 1;
      return {
        next: () => news.next(),
        return: async () => {
          if (isOpen) listening -= 1;
          isOpen = false;
          await news.return?.();
          return { done: true, value: undefined };
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
  };
  const claims = { subject: subjectOf("ada") };
  const events = await subscribe({
    schema: buildFabulaSchema(),
    document: parse(document),
    variableValues: { ...variables },
    contextValue: createContext({ ...app.services, notifier: counting }, claims),
  });
  if ("errors" in events) throw new Error(events.errors[0]?.message);
  return { events: events as AsyncGenerator<ExecutionResult>, listening: () => listening };
}

test.each([
  ["one narration", NARRATION_PROGRESS],
  ["all narrations", VIEWER_NARRATION_PROGRESS],
])("stops listening at once when a subscriber to %s leaves", async (_of, document) => {
  const narration = await requested("The bell rang.");
  const variables = document === NARRATION_PROGRESS ? { id: idOf(narration) } : {};
  const { events, listening } = await followed(document, variables);
  await events.next();
  expect(listening()).toBe(1);

  const waiting = events.next();
  await events.return(undefined);

  expect(listening()).toBe(0);
  expect((await waiting).done).toBe(true);
});
