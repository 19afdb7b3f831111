import type { StoryEntity } from "../../../src/reference/index.js";
import { type TestApp, testApp } from "../../support/app.js";
import { BRIDGE, ORCHARD } from "../../support/texts.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const storedTexts = async (): Promise<string[]> => {
  const rows = await app.superuser<{ hash: string }>(
    "SELECT content_hash AS hash FROM reference.story_texts ORDER BY 1",
  );
  return rows.map(({ hash }) => hash);
};

const hashesOf = (...stories: StoryEntity[]): (string | null)[] =>
  stories.map(({ contentHash }) => contentHash).sort();

const rewrite = (story: StoryEntity, content: string): Promise<StoryEntity> =>
  app.services.stories.update(story.originalAuthorId ?? "", story, { content });

test("the earlier text of a draft is not kept", async () => {
  const draft = await app.given.story({ author: "ada", text: BRIDGE });

  const changed = await rewrite(draft, ORCHARD);

  expect(await storedTexts()).toEqual(hashesOf(changed));
});

test("the earlier text stays for another author's story, and goes with that story's change", async () => {
  const ada = await app.given.story({ author: "ada", text: BRIDGE });
  const cleo = await app.given.story({ author: "cleo", text: BRIDGE });

  const changed = await rewrite(ada, ORCHARD);
  const before = await storedTexts();
  await rewrite(cleo, ORCHARD);

  expect(before).toEqual(hashesOf(cleo, changed));
  expect(await storedTexts()).toEqual(hashesOf(changed));
});

test("a refused change keeps the present text, and leaves no new one", async () => {
  const draft = await app.given.story({ author: "ada", text: BRIDGE });

  const refused = rewrite(Object.assign({}, draft, { version: draft.version + 1 }), ORCHARD);

  await expect(refused).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await storedTexts()).toEqual(hashesOf(draft));
});

test("an analysed text stays for those who narrate and hear it", async () => {
  const story = await app.given.story({ author: "ada", text: BRIDGE, analyse: true });
  const narration = await app.given.narration({ owner: "ben", story });

  const changed = await rewrite(story, ORCHARD);

  expect(await storedTexts()).toEqual(hashesOf(story, changed));
  expect(await app.given.script(narration)).not.toEqual([]);
});

test("stories that exchange their texts at the same moment keep both", async () => {
  for (let round = 0; round < 6; round += 1) {
    const ada = await app.given.story({ author: "ada", text: BRIDGE });
    const cleo = await app.given.story({ author: "cleo", text: ORCHARD });

    const changed = await Promise.all([rewrite(ada, ORCHARD), rewrite(cleo, BRIDGE)]);

    expect(await storedTexts()).toEqual(hashesOf(...changed));
  }
});

test("nobody deletes a text that a story has", async () => {
  const draft = await app.given.story({ author: "ada", text: BRIDGE });

  await app.database.write("ben", (tx) =>
    tx.query("SELECT reference.forget_text($1)", [draft.contentHash]),
  );

  expect(await storedTexts()).toEqual(hashesOf(draft));
});
