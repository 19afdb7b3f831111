import { type ApiApp, apiApp } from "../support/api.js";
import { toGlobalId } from "../../src/graphql/relay/global-id.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const CREATE = `mutation ($input: CreateStoryInput!) { createStory(input: $input) {
  story { id version license ageRating } userErrors { code path } } }`;
const UPDATE = `mutation ($input: UpdateStoryInput!) { updateStory(input: $input) {
  story { license ageRating } userErrors { code path } } }`;

test("a story's licence and age rating are enums, and the database keeps their earlier names", async () => {
  const input = { title: "A", content: "One.", license: "CC_BY_SA_4_0", ageRating: "TEEN" };
  const made = await app.as("ada").query(CREATE, { input });
  const { id, version } = made.at("createStory.story") as { id: string; version: number };
  const stored = await app.superuser("SELECT license, age_rating FROM reference.stories");

  const changed = await app.as("ada").query(UPDATE, {
    input: { id, version, license: "CC0_1_0" },
  });
  const refused = await app.as("ada").query(CREATE, { input: { ...input, license: "CC-BY-4.0" } });

  expect(made.at("createStory.story")).toMatchObject({
    license: "CC_BY_SA_4_0",
    ageRating: "TEEN",
  });
  expect(stored).toEqual([{ license: "CC-BY-SA-4.0", age_rating: "teen" }]);
  expect(changed.at("updateStory.story")).toEqual({ license: "CC0_1_0", ageRating: "TEEN" });
  expect(refused.code).toBe("BAD_USER_INPUT");
});

test("a stored failure with a code of another version is read as a failed render, with its message", async () => {
  const { id } = await app.given.narration({ owner: "ada" });
  const read = async (code: string) => {
    await app.superuser("UPDATE instances.user_story_narrations SET failure = $1 WHERE id = $2", [
      ...[{ code, message: "It broke.", position: null }, id],
    ]);
    const answer = await app
      .as("ada")
      .query(`query ($id: ID!) { narration(by: { id: $id }) { failure { code message } } }`, {
        id: toGlobalId("UserStoryNarration", id),
      });
    return answer.at("narration.failure");
  };

  expect(await read("CONSENT_ENDED")).toEqual({ code: "CONSENT_ENDED", message: "It broke." });
  expect(await read("OUT_OF_INK")).toEqual({ code: "RENDER_FAILED", message: "It broke." });
});
