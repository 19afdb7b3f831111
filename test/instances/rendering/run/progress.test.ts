import { ownerOf } from "../../../../src/instances/index.js";
import { ProgressWriter } from "../../../../src/instances/rendering/run/progress-writer.js";
import { ProviderError } from "../../../../src/platform/errors.js";
import { renderStore } from "../../../../src/instances/rendering/render.store.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { narrated } from "../narrated.js";
import { Studio } from "../studio.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const START_MS = Date.UTC(2030, 0, 1);

test("progress is written at most four times a second, and at the end", async () => {
  const narration = await app.given.narration({ owner: "ada" });
  const owner = ownerOf("ada");
  await app.services.rendering.request(owner, narration);
  const order = { userId: "ada", narrationId: narration.id, attempt: 1 };
  let nowMs = START_MS;
  const clock = { now: () => new Date(nowMs) };
  const segments = Array.from({ length: 40 }, (_, index) => ({ recipeKey: String(index) }));
  const renditions = new Map<string, object>();
  const progress = new ProgressWriter(
    { ...app.services, clock },
    { order, owner, segments, renditions },
    new AbortController(),
  );
  const written = async (): Promise<number> => {
    const [row] = await app.superuser<{ rendered: number }>(
      "SELECT rendered FROM instances.user_narration_renders",
    );
    return row?.rendered ?? 0;
  };

  const seen: number[] = [];
  for (const { recipeKey } of segments) {
    nowMs += 50;
    renditions.set(recipeKey, {});
    await progress.countSegment(recipeKey);
    seen.push(await written());
  }

  expect(new Set(seen).size).toBe(8);
  expect(seen.at(-1)).toBe(36);
  await progress.flush();
  expect(await written()).toBe(40);
});

describe("progress counts", () => {
  let studio: Studio;
  beforeEach(async () => {
    studio = await Studio.open(app, { joins: true });
  });
  afterEach(() => studio.close());

  const counts = async () => {
    const [row] = await app.superuser<Record<"rendered" | "reused" | "total", number>>(
      "SELECT rendered, reused, total FROM instances.user_narration_renders ORDER BY attempt DESC",
    );
    return row;
  };

  test("a segment whose sound is lost and made again counts once", async () => {
    const narration = await narrated(app);
    await studio.render(narration);
    const [lost] = await app.superuser<{ key: string }>(
      `SELECT blob_key AS key FROM reference.renditions r
       JOIN instances.user_narration_segments g USING (recipe_key) WHERE g.position = 0`,
    );
    await studio.storage.delete(lost?.key ?? "");
    await app.superuser("UPDATE instances.user_story_narrations SET rendered_script_hash = NULL");

    await studio.render(narration);

    const total = narration.segmentCount;
    expect(await counts()).toEqual({ rendered: 1, reused: total - 1, total });
  });

  test("a failed attempt counts reused and rendered segments", async () => {
    const narration = await narrated(app);
    const others = await narrated(app, "ben");
    const order = await studio.request(narration);
    studio.beforeSpeaking = async ({ text }) => {
      // Only the last segment fails. Ben's narration has the same text, and its render speaks all other
      // segments first.
      if (text.includes("Otto")) throw new ProviderError("It cannot be said.", false);
    };
    await studio.render(others);

    await studio.renders.run(order);

    const total = narration.segmentCount;
    expect(await counts()).toMatchObject({ total });
    const row = await counts();
    expect((row?.rendered ?? 0) + (row?.reused ?? 0)).toBe(total - 1);
  });
});

test("the remaining time is estimated from the start of this attempt, not from the request", async () => {
  let nowMs = START_MS;
  const studio = await Studio.open(app, { clock: { now: () => new Date(nowMs) } });
  const narration = await narrated(app);
  const order = await studio.request(narration);
  nowMs += 3_600_000;
  const begun = new Date(nowMs);
  const since: (Date | null)[] = [];
  studio.beforeSpeaking = async () => {
    nowMs += 1000;
    const [render] = await app.database.read({ viewer: "ada" }, (tx) =>
      renderStore.latest(tx, ownerOf("ada"), [narration.id]),
    );
    since.push(render?.workingSince ?? null);
    if (since.length === 2) throw new ProviderError("It passes.", true);
  };

  await expect(studio.renders.run(order)).rejects.toThrow("It passes.");
  const [waiting] = await app.database.read({ viewer: "ada" }, (tx) =>
    renderStore.latest(tx, ownerOf("ada"), [narration.id]),
  );
  await studio.close();

  expect(since).toEqual([begun, begun]);
  expect(waiting?.workingSince).toBeNull();
});
