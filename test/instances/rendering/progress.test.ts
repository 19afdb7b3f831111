import { ownerOf } from "../../../src/instances/index.js";
import { ProgressWriter } from "../../../src/instances/rendering/progress-writer.js";
import { type TestApp, testApp } from "../../support/app.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const START_MS = Date.UTC(2030, 0, 1);

test("its row is written at most four times a second, and at the end", async () => {
  const narration = await app.given.narration({ owner: "ada" });
  const owner = ownerOf("ada");
  await app.services.rendering.request(owner, narration);
  const order = { userId: "ada", narrationId: narration.id, attempt: 1 };
  let nowMs = START_MS;
  const clock = { now: () => new Date(nowMs) };
  const progress = new ProgressWriter(
    { ...app.services, clock },
    { order, owner },
    new AbortController(),
  );
  const written = async (): Promise<number> => {
    const [row] = await app.superuser<{ rendered: number }>(
      "SELECT rendered FROM instances.user_narration_renders",
    );
    return row?.rendered ?? 0;
  };

  const seen: number[] = [];
  for (let segment = 1; segment <= 40; segment += 1) {
    nowMs += 50;
    await progress.advance(1);
    seen.push(await written());
  }

  expect(new Set(seen).size).toBe(8);
  expect(seen.at(-1)).toBe(36);
  await progress.flush();
  expect(await written()).toBe(40);
});
