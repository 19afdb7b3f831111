import { ownerOf } from "../../../src/instances/index.js";
import type { StoryEntity } from "../../../src/reference/index.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { BRIDGE, ORCHARD, longText, textNamed } from "../../support/texts.js";
import {
  CONTINUE,
  RESUME,
  giveSound,
  lineId,
  narrationId,
  placeOf,
  resumed,
  save,
  storyId,
  storySegmentId,
} from "../harness/listening.flow.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

async function changeText(story: StoryEntity, content: string): Promise<StoryEntity> {
  const { id, version, originalAuthorId } = story;
  const changed = await app.services.stories.update(
    originalAuthorId ?? "",
    { id, version },
    { content },
  );
  await app.analyse(changed);
  return changed;
}

/** Ben hears a sentence of a text that its author then changes. */
async function heardIn(text: string, sentence: string) {
  const story = await app.given.story({ text, analyse: true });
  const narration = await app.given.narration({ owner: "ben", story });
  await giveSound(app, narration, 40);
  const script = await app.given.script(narration);
  const line = script.find((each) => each.text.includes(sentence));
  if (!line) throw new Error(`No segment contains ${sentence}.`);
  const offsetMs = Math.round(20 * line.text.length);
  await save(app, "ben", {
    storyId: storyId(story),
    segmentId: lineId(narration, line.position),
    offsetMs,
  });
  return { story, narration, offsetMs };
}

describe("a new text", () => {
  test("moves the place to the same sentence", async () => {
    const { story, narration, offsetMs } = await heardIn(BRIDGE, "Come and eat");

    await changeText(story, `${textNamed("the tower")}\n\n${ORCHARD}\n\n${BRIDGE}`);

    expect(await placeOf(app, "ben", story)).toMatchObject({
      storySegment: { text: expect.stringContaining("Come and eat") },
      offsetMs,
    });
    expect(await resumed(app, "ben", narration)).toMatchObject([
      { offsetMs, segment: { text: expect.stringContaining("Come and eat") } },
    ]);
  });

  test("moves the place to the sentence that took its place", async () => {
    const { story } = await heardIn(BRIDGE, "The river is high");

    await changeText(
      story,
      `${ORCHARD}\n\n${BRIDGE.replace("The river is high", "The stream is wild")}`,
    );

    expect(await placeOf(app, "ben", story)).toMatchObject({
      storySegment: { text: expect.stringContaining("The stream is wild") },
      offsetMs: 0,
    });
  });

  test("finds the right one of many equal sentences", async () => {
    const lines = Array.from({ length: 60 }, (_, at) =>
      at % 2 === 0 ? "“Yes,” said Lena." : `Otto counted the ${at}th step.`,
    );
    const { story } = await heardIn(lines.join("\n\n"), "the 31th step");

    await changeText(story, [...lines.slice(0, 10), ...lines].join("\n\n"));

    expect(await placeOf(app, "ben", story)).toMatchObject({
      storySegment: { text: expect.stringContaining("the 31th step") },
    });
  });

  test("keeps about the share of a text that has nothing of the old one", async () => {
    const { story } = await heardIn(longText(40), "It was 19");

    await changeText(story, `${ORCHARD}\n\n${ORCHARD.replaceAll("brother", "cousin")}`);

    const { fraction } = (await placeOf(app, "ben", story)) as { fraction: number };
    expect(fraction).toBeGreaterThan(0.3);
    expect(fraction).toBeLessThan(0.7);
  });

  test("has no sentence for the place until it is analysed", async () => {
    const { story } = await heardIn(BRIDGE, "Come and eat");
    const before = await placeOf(app, "ben", story);
    const { id, version, originalAuthorId } = story;

    await app.services.stories.update(
      originalAuthorId ?? "",
      { id, version },
      { content: ORCHARD },
    );

    const { fraction } = before as { fraction: number };
    expect(await placeOf(app, "ben", story)).toMatchObject({ storySegment: null, fraction });
  });

  test("still takes places of people who hear a narration of the old text", async () => {
    const { story, narration } = await heardIn(BRIDGE, "Come and eat");
    await changeText(story, `${ORCHARD}\n\n${BRIDGE}`);

    const byLine = await save(app, "ben", {
      storyId: storyId(story),
      segmentId: lineId(narration, 1),
    });
    const bySegment = await save(app, "ben", {
      storyId: storyId(story),
      segmentId: storySegmentId(narration, 2),
      narrationId: narrationId(narration),
    });
    const withoutNarration = await save(app, "ben", {
      storyId: storyId(story),
      segmentId: storySegmentId(narration, 2),
    });

    const text = "saveListeningPosition.listeningPosition.storySegment.text";
    expect(byLine.text(text).trim()).toBe("“You are late,”");
    expect(bySegment.at(text)).toBe("shouted Marta angrily.");
    expect(withoutNarration.at("saveListeningPosition.userErrors.*.path")).toEqual([["segmentId"]]);
  });
});

test("a new analysis with longer segments keeps the place in the text", async () => {
  const { story, narration } = await heardIn(BRIDGE, "shouted Marta angrily");
  const [made] = await app.superuser<{ id: number }>(
    `INSERT INTO reference.story_analyses (content_hash, language, analyzer_id, analyzer_version, schema_version, status,
       rank, segment_count)
     SELECT content_hash, language, 'longer', '1', 1, 'ready', 99, 2 FROM reference.story_analyses WHERE id = $1
     RETURNING id`,
    [narration.analysisId],
  );
  await app.superuser(
    `INSERT INTO reference.story_segments (analysis_id, position, paragraph, kind, utf16_start, utf16_end, text)
     SELECT $1, p, p, 'narration', p * 100, p * 100 + 100, substr($2, p * 100 + 1, 100) FROM generate_series(0, 1) p`,
    [made?.id, BRIDGE],
  );

  const place = await placeOf(app, "ben", story);

  const at = BRIDGE.indexOf("shouted Marta") + "shouted Marta angrily.".length / 2;
  expect(place).toMatchObject({
    storySegment: { index: at < 100 ? 0 : 1 },
    fraction: expect.closeTo(at / 200, 10),
  });
  expect(await resumed(app, "ben", narration)).toMatchObject([
    { offsetMs: 20 * "shouted Marta angrily.".length },
  ]);
});

describe("a place stays", () => {
  test("without its narration, if the narration is unpublished or deleted", async () => {
    const story = await app.given.story({ text: BRIDGE, analyse: true });
    const adas = await app.given.narration({ owner: "ada", story, publish: "public" });
    const input = {
      storyId: storyId(story),
      segmentId: storySegmentId(adas, 2),
      narrationId: narrationId(adas),
    };
    for (const name of ["ada", "ben"]) await save(app, name, input);

    const { id, version } = adas;
    const ada = ownerOf(subjectOf("ada"));
    const unpublished = await app.services.publishing.unpublish(ada, { id, version });
    const afterwards = [await placeOf(app, "ada", story), await placeOf(app, "ben", story)];
    await app.services.narrations.delete(ada, unpublished);

    expect(afterwards).toMatchObject([
      { narration: { id: narrationId(adas) } },
      { narration: null },
    ]);
    expect(await placeOf(app, "ada", story)).toMatchObject({
      narration: null,
      storySegment: { index: 2 },
    });
  });

  test("not longer than its story", async () => {
    const { story, narration } = await heardIn(BRIDGE, "Come and eat");

    await app.superuser("DELETE FROM instances.user_story_narrations WHERE id = $1", [
      narration.id,
    ]);
    await app.superuser("DELETE FROM reference.stories WHERE id = $1", [story.id]);

    expect(await app.superuser("SELECT FROM instances.listening_positions")).toEqual([]);
  });
});

describe("the stories to go on with", () => {
  const CONNECTION = "viewer.continueListening";
  const TITLES = `${CONNECTION}.edges.*.node.title`;

  async function fiveBegun() {
    const stories = [];
    for (const name of ["one", "two", "three", "four", "five"]) {
      const story = await app.given.story({ title: name, text: textNamed(name), analyse: true });
      const narration = await app.given.narration({ owner: "ben", story });
      await save(app, "ben", {
        storyId: storyId(story),
        segmentId: lineId(narration, 1),
        listenedAt: `2026-03-14T08:00:0${stories.length}.000Z`,
      });
      stories.push({ story, narration });
    }
    return stories;
  }

  test("are listed last heard first, from either end", async () => {
    await fiveBegun();
    const ben = app.as("ben");

    const first = await ben.query(CONTINUE, { first: 2 });
    const after = first.text(`${CONNECTION}.pageInfo.endCursor`);
    const second = await ben.query(CONTINUE, { first: 2, after });
    const last = await ben.query(CONTINUE, { last: 2 });
    const before = last.text(`${CONNECTION}.pageInfo.startCursor`);
    const middle = await ben.query(CONTINUE, { last: 2, before });

    expect(first.list(TITLES)).toEqual(["five", "four"]);
    expect(second.list(TITLES)).toEqual(["three", "two"]);
    expect(last.list(TITLES)).toEqual(["two", "one"]);
    expect(middle.list(TITLES)).toEqual(["four", "three"]);
    expect(first.at(`${CONNECTION}.totalCount`)).toBe(5);
    expect(first.at(`${CONNECTION}.pageInfo.hasNextPage`)).toBe(true);
  });

  test("are null for other users, and leave out stories that the person may not see any more", async () => {
    const [{ story } = { story: null }] = await fiveBegun();
    await app.superuser("UPDATE reference.stories SET visibility = 'draft' WHERE id = $1", [
      story?.id,
    ]);
    const read =
      "query Read($id: ID!) { node(id: $id) { ... on User { continueListening { totalCount } } } }";
    const id = (await app.as("ben").query("{ viewer { id } }")).text("viewer.id");

    const own = await app.as("ben").query(CONTINUE);
    const ofAda = await app.as("ada").query(read, { id });

    expect(own.list(TITLES)).toEqual(["five", "four", "three", "two"]);
    expect(own.at(`${CONNECTION}.totalCount`)).toBe(4);
    expect(ofAda.at("node.continueListening")).toBeNull();
  });

  test("cost as many statements for one story as for five, with places and narrations", async () => {
    const begun = await fiveBegun();
    const published = await app.given.narration({
      ...{ owner: "ada", publish: "public" },
      story: begun[0]?.story ?? { id: 0 },
    });
    const query = `query Read($first: Int!) { viewer { continueListening(first: $first) { edges { node {
      viewerListeningPosition { fraction storySegment { text } narration { title } }
      userNarrations(first: 1) { edges { node { resumeAt { startMs segment { text } } } } } } } } } }`;
    const count = async (first: number) => {
      const answer = await app.as("ben").query(query, { first });
      expect(answer.errors).toEqual([]);
      return answer.sql.statements.map(({ path }) => path).sort();
    };

    const few = await count(1);
    const many = await count(5);
    const ids = [narrationId(published), ...begun.map(({ narration }) => narrationId(narration))];
    const resumedOnes = await app.as("ben").query(RESUME, { ids });

    expect(many).toEqual(few);
    expect(many.filter((path) => path.endsWith("viewerListeningPosition"))).toHaveLength(1);
    expect(many.filter((path) => path.endsWith("resumeAt"))).toHaveLength(1);
    const paths = resumedOnes.sql.statements.map(({ path }) => path);
    expect(paths.filter((path) => path === "nodes.resumeAt")).toHaveLength(1);
  });
});

test("a place costs little to save: one read and one write", async () => {
  const { story, narration } = await heardIn(BRIDGE, "Come and eat");
  const document = `mutation Save($input: SaveListeningPositionInput!) { saveListeningPosition(input: $input) {
    userErrors { code } } }`;

  const answer = await app.as("ben").query(document, {
    input: { storyId: storyId(story), segmentId: lineId(narration, 2) },
  });

  // The third statement makes sure that the viewer has a row.
  expect(answer.sql.count).toBe(3);
  expect(answer.cost.requested).toBeLessThanOrEqual(6);
});
