import { type RenderRun, RENDER_JOB, renderJob, renderTurn } from "../../src/instances/index.js";
import { PgBossQueue } from "../../src/jobs/pg-boss.js";
import type { JobDefinition, SendOptions } from "../../src/jobs/queue.port.js";
import {
  ANALYSIS_JOB,
  type AnalysisService,
  analysisJob,
  analysisTurn,
} from "../../src/reference/index.js";
import { type TestApp, silent, testApp } from "../support/app.js";

let app: TestApp;
let queue: PgBossQueue;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  queue = new PgBossQueue({ url: app.testDatabase.appUrl, logger: silent });
  await queue.connect();
});
afterEach(() => app.clean());
afterAll(() => app.close());

/** Returns work that ends when the test lets it end. */
function work() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const news = new EventTarget();
  return {
    begun,
    do: async (name: string): Promise<void> => {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      ends.set(name, () => {
        resolve(undefined);
      });
      begun.push(name);
      news.dispatchEvent(new Event("begin"));
      await promise;
    },
    untilBegun: async (count: number): Promise<void> => {
      while (begun.length < count)
        await new Promise((resolve) => {
          news.addEventListener("begin", resolve, { once: true });
        });
    },
    end: (name: string | undefined) => ends.get(name ?? "")?.(),
    endAll: () => {
      for (const end of ends.values()) end();
    },
  };
}

const never = (): Promise<never> => Promise.reject(new Error("No job is given up here."));

async function send<P extends object>(
  { name, payload }: Pick<JobDefinition<P>, "name" | "payload">,
  content: P,
  options: SendOptions,
): Promise<void> {
  await app.database.write(null, (tx) => queue.enqueue(tx, { name, payload }, content, options));
}

test.each([
  { many: { of: "books", size: 201 }, other: 200 },
  { many: { of: "short stories", size: 200 }, other: 201 },
])("$many.of never take all four places of renders", async ({ many, other }) => {
  const { begun, untilBegun, endAll, ...renders } = work();
  const run: Pick<RenderRun, "run" | "giveUp"> = {
    run: async ({ userId }) => {
      await renders.do(userId);
      return `Rendered for ${userId}`;
    },
    giveUp: never,
  };
  const request = (userId: string, segmentCount: number) => {
    const order = { userId, narrationId: "1", attempt: 1 };
    return send(RENDER_JOB, order, renderTurn(order, segmentCount));
  };
  for (const name of ["ada", "ben", "cleo", "dora"]) await request(name, many.size);

  await queue.start([renderJob(run as RenderRun)]);
  await untilBegun(3);
  await request("emil", other);
  await request("fay", other);
  await untilBegun(4);
  for (const name of begun.slice(0, 3)) renders.end(name);
  await untilBegun(6);

  expect(begun.slice(0, 3).sort()).toEqual(["ada", "ben", "cleo"]);
  expect(begun[3]).toBe("emil");
  expect(begun.slice(4).sort()).toEqual(["dora", "fay"]);
  endAll();
  await queue.stop(5_000);
});

test("a short text is analysed beside a long one, and long texts one after the other", async () => {
  const { begun, untilBegun, endAll, ...analyses } = work();
  const run: Pick<AnalysisService, "run" | "fail"> = {
    run: async (id) => {
      await analyses.do(`analysis ${id}`);
      return `Finished analysis ${id}`;
    },
    fail: never,
  };
  const request = (analysisId: number, authorId: string, wordCount: number) =>
    send(ANALYSIS_JOB, { analysisId }, analysisTurn({ authorId, wordCount }));
  await request(1, "ada", 20_001);
  await request(2, "ben", 20_001);

  await queue.start([analysisJob(run as AnalysisService)]);
  await untilBegun(1);
  await request(3, "cleo", 20_000);
  await untilBegun(2);
  analyses.end("analysis 3");
  await request(4, "dora", 20_000);
  await untilBegun(3);
  analyses.end("analysis 1");
  await untilBegun(4);

  expect(begun).toEqual(["analysis 1", "analysis 3", "analysis 4", "analysis 2"]);
  endAll();
  await queue.stop(5_000);
});
