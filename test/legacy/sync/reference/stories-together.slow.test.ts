import { UnavailableError } from "../../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { type LegacyTestDatabase, legacyDatabase } from "../../legacy-database.js";
import { givenStories } from "../../legacy-rows.js";
import { verifyPairNamed } from "../../verify/verification.js";

const STORIES = 30;
const ROUNDS = 80;
const WRITERS = 3;
const AUTHOR = "u1";

let legacy: LegacyTestDatabase;
let app: TestApp;
beforeEach(async () => {
  legacy = await legacyDatabase();
  await legacy.expand("Europe/Berlin");
  app = await testApp({ database: legacy });
});
afterEach(async () => {
  await app.close();
  await legacy.drop();
});

/** Numbers that are the same in each run, spread over the stories. */
const spread = (round: number, writer: number): number => 1 + ((round * 7 + writer * 13) % STORIES);

const OLD_STATEMENTS = [
  "UPDATE stories SET view_count = view_count + 1 WHERE id = $1 AND $2 <> ''",
  "UPDATE stories SET content = $2, updated_at = now() WHERE id = $1",
  "UPDATE stories SET title = $2, narrator_voice = 'nova', updated_at = now() WHERE id = $1",
  "UPDATE stories SET is_published = NOT is_published, updated_at = now() WHERE id = $1 AND $2 <> ''",
  `UPDATE stories SET extracted_characters = jsonb_build_array(jsonb_build_object('name', $2::text)) WHERE id = $1`,
  "DELETE FROM stories WHERE id = $1 AND $2 <> ''",
  `INSERT INTO stories (id, title, content, category, upload_type, author_id, is_published, status)
   VALUES ($1, $2, $2, 'tale', 'text', 'u1', true, 'published') ON CONFLICT (id) DO UPDATE SET title = EXCLUDED.title`,
];

/** One statement of the old application. Every statement must succeed. */
async function oldRound(round: number, writer: number): Promise<void> {
  const statement = OLD_STATEMENTS[(round + writer) % OLD_STATEMENTS.length] ?? "";
  await legacy.old(statement, [spread(round, writer), `Old ${writer}.${round}.`]);
}

/** One change by our application. Returns 1 if it succeeded. A story that changed meanwhile is a conflict, as always. */
async function newRound(round: number, writer: number): Promise<number> {
  const [row] = await legacy.superuser<{ id: number; version: number }>(
    "SELECT id, version FROM reference.stories WHERE id = $1",
    [spread(round, writer + WRITERS)],
  );
  if (!row) return 0;
  const { stories } = app.services;
  const changes = [
    () => stories.update(AUTHOR, row, { title: `New ${writer}.${round}`, tags: ["new"] }),
    () => stories.update(AUTHOR, row, { content: `New ${writer}.${round}.` }),
    () => stories.publish(AUTHOR, row),
    () => stories.archive(AUTHOR, row),
  ];
  try {
    await changes[(round + writer) % changes.length]?.();
    return 1;
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    return 0;
  }
}

async function rounds<T>(one: (round: number, writer: number) => Promise<T>): Promise<T[][]> {
  return Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      const results: T[] = [];
      for (let round = 0; round < ROUNDS; round += 1) results.push(await one(round, writer));
      return results;
    }),
  );
}

test("both applications write the same stories, no statement of the old one fails, and no row differs", async () => {
  await givenStories(legacy, { stories: STORIES });

  const [, changed] = await Promise.all([rounds(oldRound), rounds(newRound)]);

  expect(changed.flat().filter((count) => count === 1).length).toBeGreaterThan(20);
  expect(await legacy.superuser("SELECT * FROM legacy_sync.quarantine")).toEqual([]);
  expect(await verifyPairNamed(legacy, "stories")).toMatchObject({
    wrong: 0,
    extra: 0,
    examples: [],
  });
});
