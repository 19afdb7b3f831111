import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import type { NarrationEntity } from "../../../src/instances/index.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import type { Answer } from "../harness/answer.js";
import {
  EDIT_SEGMENTS,
  NARRATION_PROGRESS,
  PUBLISH_NARRATION,
  READ_AUDIO,
  RENDER_NARRATION,
  UPDATE_NARRATION,
} from "../harness/documents.js";

const TEXT = `The bell rang.\n\n“Who is there?” asked Lena softly.\n\n“Only the wind,” said Otto.`;

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ worker: true });
});
afterEach(() => app.clean());
afterAll(() => app.close());

interface Segment {
  readonly text: string;
  readonly isStale: boolean;
  readonly audio: { readonly startMs: number } | null;
}

const idOf = ({ id }: Pick<NarrationEntity, "id">) => toGlobalId("UserStoryNarration", id);
const segmentsOf = async (narration: NarrationEntity): Promise<readonly Segment[]> => {
  const answer = await app.as("ada").query(READ_AUDIO, { id: idOf(narration) });
  return answer.list("narration.segments.edges.*.node") as Segment[];
};
const staleOf = async (narration: NarrationEntity): Promise<readonly number[]> =>
  (await segmentsOf(narration)).flatMap(({ isStale }, index) => (isStale ? [index] : []));
const silentOf = async (narration: NarrationEntity): Promise<readonly number[]> =>
  (await segmentsOf(narration)).flatMap(({ audio }, index) => (audio ? [] : [index]));

/** Changes Ada's narration at its current version. */
async function change(narration: NarrationEntity, document: string, more: object = {}) {
  const { version } = await app.given.reread(narration);
  const input = { id: idOf(narration), version, ...more };
  return app.as("ada").query(document, { input });
}

const edit = (narration: NarrationEntity, fields: object) =>
  change(narration, EDIT_SEGMENTS, { edits: [{ index: 0, ...fields }] });

async function render(narration: NarrationEntity): Promise<readonly Answer[]> {
  await change(narration, RENDER_NARRATION);
  return app.as("ada").follow(NARRATION_PROGRESS, { id: idOf(narration) });
}

async function rendered(): Promise<NarrationEntity> {
  const story = await app.given.story({ text: TEXT, analyse: true });
  const narration = await app.given.narration({ owner: "ada", story });
  await render(narration);
  return narration;
}

const all = ({ segmentCount }: NarrationEntity) => [...Array(segmentCount).keys()];

describe("a segment is not stale after an edit is undone", () => {
  test.each([
    ["the text", { text: "Silence." }, { text: "The bell rang." }],
    ["by a reset", { text: "Silence." }, { reset: true }],
    ["the emotion", { emotion: "anger", intensity: 1 }, { emotion: "neutral", intensity: 0 }],
    ["its own loudness", { prosody: { gain: 3 } }, { prosody: null }],
  ])("%s", async (_name, there, back) => {
    const narration = await rendered();
    const before = await segmentsOf(narration);

    await edit(narration, there);
    const stale = await staleOf(narration);
    await edit(narration, back);

    expect(stale).toEqual([0]);
    expect(await segmentsOf(narration)).toEqual(before);
  });

  test("an edit of blank space does not make the segment stale", async () => {
    const narration = await rendered();
    const [first] = await segmentsOf(narration);

    await edit(narration, { text: `${first?.text.trim() ?? ""}  ` });

    expect(await staleOf(narration)).toEqual([]);
    expect(await silentOf(narration)).toEqual([]);
  });
});

describe("a change of the whole narration makes the affected segments stale", () => {
  test("a new narrator's voice makes the narrator's segments stale and silent until the next render", async () => {
    const narration = await rendered();
    const narrated = (await app.given.script(narration)).filter(
      ({ speakerId }) => speakerId === null,
    );
    const voice = toGlobalId("Voice", "flite:rms");

    await change(narration, UPDATE_NARRATION, { narratorVoice: voice });
    const stale = await staleOf(narration);
    const silent = await silentOf(narration);
    await render(narration);

    expect(stale).toEqual(expect.arrayContaining(narrated.map(({ position }) => position)));
    expect(silent).toEqual(stale);
    expect(await staleOf(narration)).toEqual([]);
    expect(await silentOf(narration)).toEqual([]);
  });

  test("a new loudness makes every segment stale, and every segment keeps its sound", async () => {
    const narration = await rendered();

    await change(narration, UPDATE_NARRATION, { voiceModifications: { gain: 3 } });
    const stale = await staleOf(narration);
    const silent = await silentOf(narration);
    await render(narration);

    expect(stale).toEqual(all(narration));
    expect(silent).toEqual([]);
    expect(await staleOf(narration)).toEqual([]);
  });

  test("a removed voice makes its segments stale and silent", async () => {
    const narration = await rendered();

    await app.superuser("UPDATE instances.user_narration_segments SET voice = 'flite:gone'");

    expect(await staleOf(narration)).toEqual(all(narration));
    expect(await silentOf(narration)).toEqual(all(narration));
  });

  test("no segment is stale before the first render", async () => {
    const story = await app.given.story({ text: TEXT, analyse: true });
    const narration = await app.given.narration({ owner: "ada", story });

    expect(await staleOf(narration)).toEqual([]);
    expect(await silentOf(narration)).toEqual(all(narration));
  });
});

test("isStale costs as many statements for many segments and narrations as for one", async () => {
  const first = await rendered();
  const second = await app.given.narration({
    owner: "ada",
    story: { id: first.referenceStoryId },
  });
  await render(second);
  const query = `query ($ids: [ID!]!, $first: Int!) { nodes(ids: $ids) { ... on UserStoryNarration {
    segments(first: $first) { edges { node { isStale audio { startMs } degraded { reason } prosody { rate } } } } } } }`;
  const cost = async (ids: readonly string[], count: number): Promise<number> =>
    (await app.as("ada").query(query, { ids, first: count })).sql.count;

  // The first request fills the cache of shared rows.
  const cold = await cost([idOf(first)], 1);
  const one = await cost([idOf(first)], 1);

  expect(one).toBeLessThan(cold);
  expect(await cost([idOf(first)], 100)).toBe(one);
  expect(await cost([idOf(first), idOf(second)], 100)).toBe(one);
});

describe("publishing", () => {
  const publish = (narration: NarrationEntity) =>
    change(narration, PUBLISH_NARRATION, { visibility: "PUBLIC" });
  const errors = (answer: Answer) => answer.list("publishNarration.userErrors");

  test("is refused after an edit until the narration is rendered again", async () => {
    const narration = await rendered();
    await edit(narration, { text: "Silence." });

    const refused = await publish(narration);
    await render(narration);
    const published = await publish(narration);

    expect(errors(refused)).toEqual([
      {
        code: "CONFLICT",
        message: "This narration changed after it was rendered; render it again, then publish.",
        path: ["id"],
      },
    ]);
    expect(refused.at("publishNarration.narration.id")).toBe(idOf(narration));
    expect(errors(published)).toEqual([]);
  });

  test("accepts a narration after an edit is undone, and a narration without sound", async () => {
    const narration = await rendered();
    await edit(narration, { text: "Silence." });
    await edit(narration, { reset: true });
    const text = await app.given.narration({
      owner: "ada",
      story: { id: narration.referenceStoryId },
    });

    expect(errors(await publish(narration))).toEqual([]);
    expect(errors(await publish(text))).toEqual([]);
  });

  test.each(["queued", "rendering"])("is refused while a render is %s", async (status) => {
    const narration = await app.given.narration({ owner: "ada", title: "Bells" });
    await app.superuser("UPDATE instances.user_story_narrations SET status = $1", [status]);

    expect(errors(await publish(narration))).toEqual([
      {
        code: "CONFLICT",
        message: "“Bells” is rendering; wait until it is ready or cancel it, then publish.",
        path: ["id"],
      },
    ]);
  });
});

test("a later change of the story's language does not change its narrations", async () => {
  const narration = await rendered();

  await app.superuser("UPDATE reference.stories SET language = 'fr'");

  expect(await staleOf(narration)).toEqual([]);
  const answer = await app.as("ada").query(READ_AUDIO, { id: idOf(narration) });
  expect(answer.at("narration.renderEstimate.segmentsToRender")).toBe(0);
  const again = await change(narration, RENDER_NARRATION);
  expect(again.at("renderNarration.userErrors")).toEqual([]);
});
