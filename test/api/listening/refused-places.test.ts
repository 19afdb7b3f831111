import { type ApiApp, apiApp } from "../../support/api.js";
import { holdRow, untilBlocked } from "../../support/blocked.js";
import { ORCHARD } from "../../support/texts.js";
import {
  SAVE,
  bensPlace,
  lineId,
  narrationId,
  save,
  storyId,
  storySegmentId,
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

test("a place is not saved in a story that is deleted at this moment", async () => {
  const story = await app.given.story({ text: ORCHARD, analyse: true });
  const [analysis] = await app.superuser<{ analysisId: number }>(
    'SELECT id AS "analysisId" FROM reference.story_analyses',
  );
  const segmentId = storySegmentId(analysis ?? { analysisId: null }, 1);
  const deletion = await holdRow(
    app.testDatabase,
    `DELETE FROM reference.stories WHERE id = ${story.id}`,
  );

  const saving = save(app, "ben", { storyId: storyId(story), segmentId });
  await untilBlocked(app.testDatabase, 1);
  await deletion.release();

  const answer = await saving;
  expect(answer.errors).toEqual([]);
  expect(answer.at(ERRORS)).toMatchObject([{ code: "NOT_FOUND", path: ["storyId"] }]);
});

describe("an input is refused", () => {
  const refusal = async (name: string, input: object) => {
    const answer = await save(app, name, input);
    expect(answer.errors).toEqual([]);
    expect(answer.at(SAVED)).toBeNull();
    return answer.at(ERRORS);
  };
  const notFound = (path: string) => [
    { code: "NOT_FOUND", message: expect.any(String), path: [path] },
  ];
  const bad = (path: string) => [
    { code: "BAD_USER_INPUT", message: expect.any(String), path: [path] },
  ];

  test("if its story is another author's draft or does not exist", async () => {
    const { adas } = await twoNarrations(app);
    const draft = await app.given.story({ author: "cleo", text: ORCHARD });
    const segmentId = storySegmentId(adas, 0);

    const ofDraft = await refusal("ben", { storyId: storyId(draft), segmentId });
    const ofNothing = await refusal("ben", { storyId: storyId({ id: 2_000_000_000 }), segmentId });

    expect(ofDraft).toEqual(notFound("storyId"));
    expect(ofNothing).toEqual(ofDraft);
  });

  test("if its narration is private and another's, or does not exist", async () => {
    const { story, adas, bens } = await twoNarrations(app);

    const ofBen = await refusal("ada", {
      ...bensPlace(story, adas),
      narrationId: narrationId(bens),
    });
    const ofNobody = await refusal("ada", {
      ...bensPlace(story, adas),
      narrationId: narrationId({ id: "7999000000" }),
    });
    const byLine = await refusal("ada", { storyId: storyId(story), segmentId: lineId(bens, 0) });

    expect(ofBen).toEqual(notFound("narrationId"));
    expect(ofNobody).toEqual(ofBen);
    expect(byLine).toEqual(notFound("segmentId"));
  });

  test("if its segment or narration belongs to another story", async () => {
    const { story, adas } = await twoNarrations(app);
    const other = await app.given.story({ text: ORCHARD, analyse: true });
    const others = await app.given.narration({ owner: "ben", story: other });

    expect(
      await refusal("ben", bensPlace(story, adas, { segmentId: storySegmentId(others, 0) })),
    ).toEqual(notFound("segmentId"));
    expect(
      await refusal("ben", bensPlace(story, adas, { narrationId: narrationId(others) })),
    ).toEqual(bad("narrationId"));
    expect(await refusal("ben", bensPlace(story, adas, { segmentId: lineId(others, 0) }))).toEqual(
      bad("segmentId"),
    );
  });

  test("if there is no such segment", async () => {
    const { story, adas } = await twoNarrations(app);

    for (const segmentId of [storySegmentId(adas, 999), lineId(adas, 999)]) {
      expect(await refusal("ben", bensPlace(story, adas, { segmentId }))).toEqual(
        notFound("segmentId"),
      );
    }
  });

  test.each([-1, 3_600_001, 2_147_483_647])("if its offset is %i", async (offsetMs) => {
    const { story, adas } = await twoNarrations(app);

    expect(await refusal("ben", bensPlace(story, adas, { offsetMs }))).toEqual(bad("offsetMs"));
  });

  test("if an id is of another type, or the time is before the product", async () => {
    const { story, adas } = await twoNarrations(app);

    for (const [field, id] of [
      ["storyId", narrationId(adas)],
      ["segmentId", narrationId(adas)],
      ["segmentId", "x"],
      ["narrationId", storyId(story)],
    ]) {
      const input = bensPlace(story, adas, { [String(field)]: id });
      expect(await refusal("ben", input)).toEqual(bad(String(field)));
    }
    expect(
      await refusal("ben", bensPlace(story, adas, { listenedAt: "0001-01-01T00:00:00Z" })),
    ).toEqual(bad("listenedAt"));
  });

  test.each(["yesterday", "2026-02-31T00:00:00Z", "2026-03-14", "2026-03-14T25:00:00Z"])(
    "if the time is %j",
    async (listenedAt) => {
      const { story, adas } = await twoNarrations(app);

      const answer = await save(app, "ben", bensPlace(story, adas, { listenedAt }));

      expect(answer.errors[0]?.message).toContain("A DateTime is a time in ISO 8601");
    },
  );

  test("with all of its problems at once", async () => {
    const { story, adas } = await twoNarrations(app);

    const problems = await refusal("ben", {
      ...bensPlace(story, adas, { offsetMs: -1, listenedAt: "0001-01-01T00:00:00Z" }),
      ...{ storyId: narrationId(adas), segmentId: "x" },
    });

    expect(problems).toMatchObject([
      { path: ["storyId"] },
      { path: ["segmentId"] },
      { path: ["offsetMs"] },
      { path: ["listenedAt"] },
    ]);
  });

  test("without an account", async () => {
    const { story, adas } = await twoNarrations(app);
    const answer = await app.anonymous().query(SAVE, { input: bensPlace(story, adas) });

    expect(answer.code).toBe("UNAUTHENTICATED");
  });
});
