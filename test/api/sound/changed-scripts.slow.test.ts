import { type ApiApp, apiApp } from "../../support/api.js";
import { BRIDGE } from "../../support/texts.js";
import { NARRATION_PROGRESS, RENDER_NARRATION } from "../harness/documents.js";
import { narrationId } from "../harness/listening.flow.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ worker: true });
});
afterAll(() => app.close());

const SOUND = `query Sound($id: ID!) { node(id: $id) { ... on UserStoryNarration {
  version status durationMs progress { totalSegments reusedSegments }
  segments(first: 50) { nodes { text isStale audio { startMs durationMs words { text startMs endMs } } } } } } }`;

interface Spoken {
  readonly text: string;
  readonly isStale: boolean;
  readonly audio: {
    readonly startMs: number;
    readonly durationMs: number;
    readonly words: readonly { readonly startMs: number; readonly endMs: number }[];
  };
}

test("in real sound, inserted, split and joined segments follow each other without an overlap, and the others are not spoken again", async () => {
  const story = await app.given.story({ text: BRIDGE, analyse: true });
  const narration = await app.given.narration({ owner: "ada", story });
  const id = narrationId(narration);
  const ada = app.as("ada");
  const render = async (version: number) => {
    await ada.query(RENDER_NARRATION, { input: { id, version } });
    await ada.follow(NARRATION_PROGRESS, { id });
    return ada.query(SOUND, { id });
  };
  const change = async (name: string, input: object) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const document = `mutation ($input: ${type}!) { ${name}(input: $input) { narration { version } userErrors { message } } }`;
    const now = await app.given.reread(narration);
    const answer = await ada.query(document, { input: { id, version: now.version, ...input } });
    expect(answer.at(`${name}.userErrors`)).toEqual([]);
  };
  const before = await render(narration.version);

  await change("insertNarrationSegments", {
    afterIndex: 1,
    segments: [{ text: "This line is mine." }, { text: "And so is this one." }],
  });
  const [first] = before.list("node.segments.nodes") as Spoken[];
  await change("splitNarrationSegment", { index: 0, at: first?.text.indexOf(" ") });
  await change("joinNarrationSegments", { index: 5 });
  const { version } = await app.given.reread(narration);
  const after = await render(version);

  const spoken = after.list("node.segments.nodes") as Spoken[];
  expect(after.at("node.status")).toBe("READY");
  expect(spoken.map(({ isStale }) => isStale)).not.toContain(true);
  // New are two inserted segments, two parts and the joined segment.
  expect(after.at("node.progress")).toEqual({
    totalSegments: spoken.length,
    reusedSegments: spoken.length - 5,
  });
  let reached = 0;
  for (const { audio } of spoken) {
    expect(audio.startMs).toBeGreaterThanOrEqual(reached);
    reached = audio.startMs + audio.durationMs;
    // The times of words begin with the segment.
    let word = 0;
    for (const { startMs, endMs } of audio.words) {
      expect(startMs).toBeGreaterThanOrEqual(word);
      expect(endMs).toBeGreaterThanOrEqual(startMs);
      word = endMs;
    }
    expect(word).toBeLessThanOrEqual(audio.durationMs);
  }
  expect(after.at("node.durationMs")).toBeGreaterThanOrEqual(reached);
  expect(after.at("node.durationMs")).toBeGreaterThan(Number(before.at("node.durationMs")));
});
