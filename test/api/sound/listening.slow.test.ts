import type { NarrationEntity } from "../../../src/instances/index.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import { BRIDGE } from "../../support/texts.js";
import { NARRATION_PROGRESS, RENDER_NARRATION } from "../harness/documents.js";
import { lineId, narrationId, resumed, save, storyId } from "../harness/listening.flow.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ worker: true });
});
afterAll(() => app.close());

const SOUND = `query Sound($id: ID!) { node(id: $id) { ... on UserStoryNarration {
  durationMs segments(first: 50) { edges { node { index audio { startMs durationMs } } } } } } }`;

interface Sound {
  readonly index: number;
  readonly audio: { readonly startMs: number; readonly durationMs: number };
}

async function rendered(narration: NarrationEntity): Promise<readonly Sound[]> {
  const id = narrationId(narration);
  const ada = app.as("ada");
  await ada.query(RENDER_NARRATION, { input: { id, version: narration.version } });
  await ada.follow(NARRATION_PROGRESS, { id });
  return (await ada.query(SOUND, { id })).list("node.segments.edges.*.node") as Sound[];
}

test("another voice and another rate go on at the same part of the same sentence, in real sound", async () => {
  const story = await app.given.story({ text: BRIDGE, analyse: true });
  const brisk = await app.given.narration({ owner: "ada", story });
  const slow = await app.given.narration({
    ...{ owner: "ada", story, narratorVoice: "flite:rms" },
    voiceModifications: { rate: 0.6 },
  });
  const [inBrisk, inSlow] = [await rendered(brisk), await rendered(slow)];
  const at = inBrisk[3]?.audio ?? { startMs: 0, durationMs: 0 };
  const then = inSlow[3]?.audio ?? { startMs: 0, durationMs: 0 };
  const offsetMs = Math.round(at.durationMs / 2);

  await save(app, "ada", { storyId: storyId(story), segmentId: lineId(brisk, 3), offsetMs });

  const [same, other] = await resumed(app, "ada", brisk, slow);
  expect(then.durationMs).not.toBe(at.durationMs);
  expect(same).toMatchObject({ offsetMs, startMs: at.startMs + offsetMs });
  expect(other).toMatchObject({
    offsetMs: Math.round((offsetMs / at.durationMs) * then.durationMs),
    segment: { index: 3 },
  });
  const { startMs } = other as { startMs: number };
  expect(startMs - then.startMs).toBeCloseTo(then.durationMs / 2, -2);
});

test("a story is finished when its rendered sound has been heard to the end", async () => {
  const story = await app.given.story({ text: BRIDGE, analyse: true });
  const narration = await app.given.narration({ owner: "ada", story });
  const last = (await rendered(narration)).at(-1);
  const hear = async (offsetMs: number) => {
    const segmentId = lineId(narration, last?.index ?? 0);
    const answer = await save(app, "ada", { storyId: storyId(story), segmentId, offsetMs });
    return answer.at("saveListeningPosition.listeningPosition.isFinished");
  };

  const durationMs = last?.audio.durationMs ?? 0;
  expect([await hear(0), await hear(durationMs - 400)]).toEqual([false, true]);
});
