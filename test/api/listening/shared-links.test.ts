import { type NarrationEntity, ownerOf } from "../../../src/instances/index.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import {
  RESUME,
  lineId,
  placeOf,
  resumed,
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

/** Ben publishes his narration for those who have the link, and Ada opens the link. */
async function opened() {
  const { story, adas, bens } = await twoNarrations(app);
  const shared = await app.services.publishing.publish(ownerOf(bens.userId), bens, "unlisted");
  const answer = await app
    .as("ada")
    .query("query Open($t: String!) { narration(by: { shareToken: $t }) { id } }", {
      t: shared.shareToken,
    });
  return { story, adas, shared, id: answer.text("narration.id") };
}

const PLACE_IN_STORY = "saveListeningPosition.listeningPosition";

const saveIn = (story: { readonly id: number }, id: string, segmentId: string) =>
  save(app, "ada", { storyId: storyId(story), narrationId: id, segmentId, offsetMs: 400 });

const unpublish = ({ id, version }: NarrationEntity) =>
  app.services.publishing.unpublish(ownerOf(subjectOf("ben")), { id, version });

test("a place in a narration that was opened by its link names the narration as the link does", async () => {
  const { story, adas, shared, id } = await opened();

  for (const segmentId of [storySegmentId(shared, 2), lineId(shared, 2)]) {
    const answer = await saveIn(story, id, segmentId);

    expect(answer.at("saveListeningPosition.userErrors")).toEqual([]);
    expect(answer.at(PLACE_IN_STORY)).toMatchObject({
      narration: { id },
      offsetMs: 400,
      storySegment: { index: 2 },
    });
  }
  const inShared = await app.as("ada").query(RESUME, { ids: [id] });
  expect(inShared.at("nodes.0.resumeAt")).toMatchObject({ offsetMs: 400, segment: { index: 2 } });
  expect(await resumed(app, "ada", adas)).toMatchObject([{ offsetMs: 200 }]);
});

test("the place stays without the narration when the link ends", async () => {
  const { story, shared, id } = await opened();
  await saveIn(story, id, lineId(shared, 2));

  await unpublish(shared);

  expect(await placeOf(app, "ada", story)).toMatchObject({
    narration: null,
    storySegment: { index: 2 },
  });
  const again = await saveIn(story, id, lineId(shared, 3));
  expect(again.at("saveListeningPosition.userErrors.*.code")).toEqual(["NOT_FOUND"]);
});

test("the place names the narration by its public id when everyone can read it", async () => {
  const { story, shared, id } = await opened();
  await saveIn(story, id, lineId(shared, 2));

  const { id: raw, version } = await app.given.reread(shared);
  await app.services.publishing.publish(ownerOf(subjectOf("ben")), { id: raw, version }, "public");

  expect(await placeOf(app, "ada", story)).toMatchObject({ narration: { title: "Ben’s" } });
});

test("the id of a segment opens no unlisted narration", async () => {
  const { story, shared } = await opened();

  const answer = await save(app, "ada", {
    storyId: storyId(story),
    segmentId: lineId(shared, 2),
  });

  expect(answer.at("saveListeningPosition.userErrors")).toMatchObject([
    { code: "NOT_FOUND", path: ["segmentId"] },
  ]);
});

test("a link opens no segment of another narration", async () => {
  const { story, adas, id } = await opened();

  const answer = await saveIn(story, id, lineId(adas, 2));

  expect(answer.at("saveListeningPosition.userErrors.*.path")).toEqual([["segmentId"]]);
});
