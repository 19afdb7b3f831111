import { ownerOf } from "../../../src/instances/index.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import { BRIDGE } from "../../support/texts.js";
import {
  PLACE,
  bensPlace,
  lineId,
  narrationId,
  placeOf,
  resumed,
  save,
  storyId,
  storySegmentId,
  titlesToContinue,
  twoNarrations,
} from "../harness/listening.flow.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const SAVED = "saveListeningPosition.listeningPosition";
const ERRORS = "saveListeningPosition.userErrors";

describe("a saved place", () => {
  test("is the segment of the story, the time in the segment and the narration", async () => {
    const { story, adas } = await twoNarrations(app);
    const [, , third] = await app.given.script(adas);
    const start = BRIDGE.indexOf("shouted Marta");
    const part = 300 / (50 * (third?.text.length ?? 0));
    const heard = start + part * (third?.text.length ?? 0);

    const answer = await save(app, "ben", bensPlace(story, adas, { offsetMs: 300 }));

    expect(answer.errors).toEqual([]);
    expect(answer.at("saveListeningPosition")).toEqual({
      listeningPosition: {
        id: expect.any(String),
        offsetMs: 300,
        fraction: expect.closeTo(heard / BRIDGE.length, 10),
        isFinished: false,
        updatedAt: expect.any(String),
        storySegment: { index: 2, text: "shouted Marta angrily." },
        narration: { id: narrationId(adas) },
      },
      story: { viewerListeningPosition: { id: answer.at(`${SAVED}.id`) } },
      viewer: {
        continueListening: { totalCount: 1, edges: [{ node: { title: "The High River" } }] },
      },
      userErrors: [],
    });
  });

  test("can be saved by the narration's segment alone", async () => {
    const { story, adas } = await twoNarrations(app);

    const answer = await save(app, "ben", {
      storyId: storyId(story),
      segmentId: lineId(adas, 3),
      offsetMs: 100,
    });

    expect(answer.at(ERRORS)).toEqual([]);
    expect(answer.at(SAVED)).toMatchObject({
      storySegment: { index: 3 },
      offsetMs: 100,
      narration: { id: narrationId(adas) },
    });
  });

  test("needs no narration, for people who read", async () => {
    const { story, adas } = await twoNarrations(app);

    const answer = await save(app, "ben", {
      storyId: storyId(story),
      segmentId: storySegmentId(adas, 4),
    });

    expect(answer.at(SAVED)).toMatchObject({
      storySegment: { index: 4 },
      offsetMs: 0,
      narration: null,
    });
    expect(await resumed(app, "ben", adas)).toMatchObject([{ offsetMs: 0, segment: { index: 4 } }]);
  });

  test("is a node, and each viewer gets the own place by its id", async () => {
    const { story, adas } = await twoNarrations(app);
    const id = (await save(app, "ben", bensPlace(story, adas))).text(`${SAVED}.id`);
    const read =
      "query Read($id: ID!) { node(id: $id) { __typename ... on ListeningPosition { fraction } } }";

    const ben = await app.as("ben").query(read, { id });
    const ada = await app.as("ada").query(read, { id });
    const anonymous = await app.anonymous().query(read, { id });

    expect(ben.at("node.__typename")).toBe("ListeningPosition");
    expect([ada.at("node"), anonymous.at("node")]).toEqual([null, null]);
  });

  test("is seen by nobody else", async () => {
    const { story, adas } = await twoNarrations(app);

    await save(app, "ben", bensPlace(story, adas));

    expect(await placeOf(app, "ada", story)).toBeNull();
    expect(await resumed(app, "ada", adas)).toEqual([null]);
    const anonymous = await app.anonymous().query(PLACE, { id: storyId(story) });
    expect(anonymous.at("node.viewerListeningPosition")).toBeNull();
  });

  test("can be saved in an archived story", async () => {
    const { story, adas } = await twoNarrations(app);
    const { id, version } = story;
    await app.services.stories.archive(story.originalAuthorId ?? "", { id, version });

    const answer = await save(app, "ben", bensPlace(story, adas, { offsetMs: 5 }));

    expect(answer.at(ERRORS)).toEqual([]);
    expect(await titlesToContinue(app, "ben")).toEqual(["The High River"]);
  });

  test("beyond the end of the segment's sound is the end", async () => {
    const { story, adas } = await twoNarrations(app);

    await save(app, "ben", bensPlace(story, adas, { offsetMs: 3_600_000 }));

    const text = "shouted Marta angrily.";
    expect(await placeOf(app, "ben", story)).toMatchObject({ offsetMs: 50 * text.length });
  });
});

describe("a story is finished", () => {
  test("when at most a second of its last segment remains, until the person begins again", async () => {
    const { story, adas } = await twoNarrations(app);
    const last = adas.segmentCount - 1;
    const end = { ...bensPlace(story, adas), segmentId: storySegmentId(adas, last) };

    const early = await save(app, "ben", { ...end, offsetMs: 0 });
    const finished = await save(app, "ben", { ...end, offsetMs: 600_000 });
    const resumedAt = await resumed(app, "ben", adas);
    const titles = await titlesToContinue(app, "ben");
    const again = await save(app, "ben", { ...end, segmentId: storySegmentId(adas, 0) });

    expect(early.at(SAVED)).toMatchObject({ isFinished: false });
    expect(finished.at(SAVED)).toMatchObject({ isFinished: true, fraction: 1 });
    expect(finished.at("saveListeningPosition.viewer.continueListening.totalCount")).toBe(0);
    expect(resumedAt).toMatchObject([{ offsetMs: 0, startMs: 0, segment: { index: 0 } }]);
    expect(titles).toEqual([]);
    expect(again.at(SAVED)).toMatchObject({ isFinished: false, fraction: 0 });
    expect(await titlesToContinue(app, "ben")).toEqual(["The High River"]);
  });

  test("at the end of a narration that leaves out the last segments of the story", async () => {
    const { story, bens } = await twoNarrations(app);
    const last = bens.segmentCount - 1;
    const indexes = [last - 1, last];
    await app.services.scriptShaping.change(ownerOf(bens.userId), bens, { remove: { indexes } });
    const end = { storyId: storyId(story), segmentId: lineId(bens, last - 2) };

    const early = await save(app, "ben", { ...end, offsetMs: 0 });
    const before = { ...end, segmentId: lineId(bens, last - 3), offsetMs: 600_000 };
    const late = await save(app, "ben", before);
    const finished = await save(app, "ben", { ...end, offsetMs: 600_000 });

    expect([early, late].map((answer) => answer.at(`${SAVED}.isFinished`))).toEqual([false, false]);
    expect(finished.at(SAVED)).toMatchObject({ isFinished: true, fraction: 1 });
    expect(await titlesToContinue(app, "ben")).toEqual([]);
  });

  test("when the client says so, and not when the client says no", async () => {
    const { story, adas } = await twoNarrations(app);
    const last = storySegmentId(adas, adas.segmentCount - 1);

    const yes = await save(app, "ben", bensPlace(story, adas, { isFinished: true }));
    const no = await save(app, "ben", {
      ...bensPlace(story, adas, { isFinished: false, offsetMs: 600_000 }),
      segmentId: last,
    });

    expect(yes.at(SAVED)).toMatchObject({ isFinished: true });
    expect(no.at(SAVED)).toMatchObject({ isFinished: false });
  });
});

describe("two devices", () => {
  const MORNING = "2026-03-14T08:00:00.000Z";
  const NOON = "2026-03-14T12:00:00.000Z";

  test("keep the place that was heard last, whichever device sends last", async () => {
    const { story, adas } = await twoNarrations(app);

    await save(app, "ben", bensPlace(story, adas, { listenedAt: NOON }));
    const late = await save(app, "ben", {
      ...bensPlace(story, adas, { listenedAt: MORNING }),
      segmentId: storySegmentId(adas, 5),
    });

    expect(late.at(ERRORS)).toEqual([]);
    expect(late.at(SAVED)).toMatchObject({ storySegment: { index: 2 }, updatedAt: NOON });
  });

  test("keep the place that was heard last if they send at once", async () => {
    const { story, adas } = await twoNarrations(app);
    const places = Array.from({ length: adas.segmentCount }, (_, index) => ({
      ...bensPlace(story, adas, { listenedAt: `2026-03-14T08:00:${10 + index}.000Z` }),
      segmentId: storySegmentId(adas, index),
    }));

    const answers = await Promise.all(places.toReversed().map((place) => save(app, "ben", place)));

    expect(answers.flatMap((answer) => answer.list(ERRORS))).toEqual([]);
    expect(await placeOf(app, "ben", story)).toMatchObject({
      storySegment: { index: adas.segmentCount - 1 },
    });
  });

  test("cannot block later places with a wrong clock", async () => {
    const { story, adas } = await twoNarrations(app);

    await save(app, "ben", bensPlace(story, adas, { listenedAt: "2999-01-01T00:00:00Z" }));
    const next = await save(app, "ben", {
      ...bensPlace(story, adas),
      segmentId: storySegmentId(adas, 3),
    });

    expect(next.at(SAVED)).toMatchObject({ storySegment: { index: 3 } });
  });

  test("change nothing with the same place", async () => {
    const { story, adas } = await twoNarrations(app);

    const first = await save(app, "ben", bensPlace(story, adas, { offsetMs: 5 }));
    const second = await save(app, "ben", bensPlace(story, adas, { offsetMs: 5 }));

    expect(second.at(SAVED)).toEqual(first.at(SAVED));
  });
});
