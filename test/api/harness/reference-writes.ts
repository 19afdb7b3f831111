import pg from "pg";
import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { subjectOf } from "../../support/api.js";
import type { TestDatabase } from "../../support/test-database.js";
import { BRIDGE, ORCHARD, textNamed } from "../../support/texts.js";
import type { Dice } from "../../graphql/execution/dice.js";
import { ARCHIVE_STORY, PUBLISH_STORY, UPDATE_STORY } from "./documents.js";
import type { FabulaProcess } from "./fabula.process.js";
import { clientOf } from "./reference-answers.js";

export interface Writing extends Pick<TestDatabase, "superuser" | "superUrl"> {
  readonly dice: Dice;
  /** The servers that authors use. */
  readonly servers: readonly FabulaProcess[];
  /** Compares the answers of the servers in the middle of a write. */
  compare(): Promise<void>;
}

type Write = (at: Writing) => Promise<unknown>;

const STORIES = "reference.stories";
const ANALYSES = "reference.story_analyses";
const TEMPLATES = "reference.voice_modulation_templates";
const OCCURRENCES = "reference.story_modulation_occurrences";
const TEXTS = [BRIDGE, ORCHARD, textNamed("the western light")] as const;

async function someId({ dice, superuser }: Writing, table: string): Promise<number> {
  const rows = await superuser<{ id: number }>(`SELECT id FROM ${table} ORDER BY id`);
  return dice.pick(rows).id;
}

const word = ({ dice }: Writing): string =>
  `${dice.pick(["River", "Tower", "Lamp"])}${dice.roll(1_000)}`;

/** Returns new values of a row of this table, as SQL. */
const CHANGES: Readonly<Record<string, (at: Writing) => string>> = {
  [STORIES]: (at) =>
    at.dice.pick([
      `title = '${word(at)}'`,
      `summary = 'The ${word(at)} on the river.'`,
      `tags = ARRAY['odd', '${word(at)}']`,
      `tags = '{}', language = '${at.dice.pick(["en", "de"])}'`,
      `visibility = CASE visibility WHEN 'public' THEN 'archived' WHEN 'archived' THEN 'public' ELSE 'draft' END`,
      `published_at = published_at - interval '${at.dice.roll(90)} minutes', mood = '${word(at)}'`,
      `content_hash = (SELECT t.content_hash FROM reference.story_texts t ORDER BY t.content_hash OFFSET ${at.dice.roll(TEXTS.length)} LIMIT 1)`,
    ]),
  [ANALYSES]: (at) =>
    at.dice.pick([
      `summary = '${word(at)}'`,
      `characters = jsonb_set(characters, '{0,name}', '"${word(at)}"', false)`,
      `rank = ${at.dice.roll(30)}`,
      `status = '${at.dice.pick(["ready", "failed", "running"])}'`,
      "status = 'ready'",
    ]),
  [TEMPLATES]: (at) =>
    at.dice.pick([
      `display_name = '${word(at)}'`,
      "is_active = NOT is_active",
      `voice_settings = '{"speed": ${at.dice.roll(9)}}', description = '${word(at)}'`,
    ]),
};

/** Returns a statement that changes one row. */
async function change(at: Writing): Promise<string> {
  if (at.dice.chance(20)) return occurrenceChange(at);
  const table = at.dice.pick([STORIES, ANALYSES, TEMPLATES]);
  return `UPDATE ${table} SET ${CHANGES[table]?.(at)} WHERE id = ${await someId(at, table)};`;
}

async function occurrenceChange(at: Writing): Promise<string> {
  const template = await someId(at, TEMPLATES);
  return at.dice.pick([
    `UPDATE ${OCCURRENCES} SET occurrences = occurrences + 1 WHERE template_id = ${template};`,
    `DELETE FROM ${OCCURRENCES} WHERE template_id = ${template};`,
    `INSERT INTO ${OCCURRENCES} SELECT id, ${template}, 2, 0.5, 1 FROM ${ANALYSES} ON CONFLICT DO NOTHING;`,
  ]);
}

/** Returns a statement that puts the rows of another table, which has all columns, into a table. */
async function insertion(at: Writing, table: string, from: string): Promise<string> {
  const columns = await at.superuser<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
    [table],
  );
  const list = columns.map(({ name }) => name).join(", ");
  return `INSERT INTO ${table} (${list}) SELECT ${list} FROM ${from};`;
}

/** Nothing checks foreign keys, and nothing happens to the rows that refer to a deleted row. */
const WITHOUT_TRIGGERS = "SET LOCAL session_replication_role = replica;";

/** Deletes rows, and inserts the rows with the same ids and other values, in one transaction. */
async function makeAgain(at: Writing, table: string, condition: string): Promise<void> {
  const insert = await insertion(at, table, "kept");
  await at.superuser(
    `BEGIN; ${WITHOUT_TRIGGERS}
     CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM ${table} WHERE ${condition};
     UPDATE kept SET ${CHANGES[table]?.(at)};
     DELETE FROM ${table} WHERE ${condition}; ${insert} COMMIT;`,
  );
}

/** No narration refers to these stories. */
const UNTOLD = `NOT EXISTS (SELECT FROM instances.user_story_narrations n WHERE n.reference_story_id = stories.id)
  AND NOT EXISTS (SELECT FROM reference.published_narrations n WHERE n.reference_story_id = stories.id)`;

async function removeForATime(at: Writing): Promise<void> {
  await at.superuser(
    `CREATE TABLE public.removed AS SELECT * FROM ${STORIES} WHERE ${UNTOLD};
     DELETE FROM ${STORIES} WHERE ${UNTOLD};`,
  );
  await at.compare();
  await at.superuser(
    `UPDATE public.removed SET title = '${word(at)}';
     ${await insertion(at, STORIES, "public.removed")} DROP TABLE public.removed;`,
  );
}

/** Changes rows in a transaction, lets the servers read before the end, and ends the transaction. */
async function changeSlowly(at: Writing): Promise<void> {
  const client = new pg.Client({ connectionString: at.superUrl });
  await client.connect();
  try {
    await client.query(`BEGIN; ${await change(at)} ${await change(at)}`);
    await at.compare();
    await client.query(at.dice.pick(["COMMIT", "ROLLBACK"]));
  } finally {
    await client.end();
  }
}

/** A model analyses a text that the embedded analyser has analysed. */
async function analyseAgain(at: Writing): Promise<void> {
  const of = await someId(at, ANALYSES);
  const [made] = await at.superuser<{ id: number }>(
    `INSERT INTO ${ANALYSES} (content_hash, language, analyzer_id, analyzer_version, schema_version, rank, characters)
     SELECT content_hash, language, 'model', '${at.dice.roll(1_000_000)}', 1, 20 + ${at.dice.roll(10)}, characters
     FROM ${ANALYSES} WHERE id = ${of} RETURNING id`,
  );
  await at.compare();
  await at.superuser(
    `BEGIN;
     INSERT INTO reference.story_segments (analysis_id, position, paragraph, kind, utf16_start, utf16_end, text, speaker_id)
     SELECT ${made?.id}, position, paragraph, kind, utf16_start, utf16_end, text, speaker_id
     FROM reference.story_segments WHERE analysis_id = ${of};
     UPDATE ${ANALYSES} SET status = 'ready', summary = '${word(at)}' WHERE id = ${made?.id};
     COMMIT;`,
  );
}

/** Lets an author change one of the stories with this visibility, if there is one. */
async function author(
  { dice, superuser, servers }: Writing,
  visibilities: readonly string[],
  [mutation, input]: readonly [mutation: string, input: object],
): Promise<void> {
  const names = ["ada", "ben"];
  const stories = await superuser<{ id: number; version: number; subject: string }>(
    `SELECT id, version, original_author_id AS subject FROM ${STORIES}
     WHERE visibility = ANY($1) AND original_author_id = ANY($2) ORDER BY id`,
    [visibilities, names.map(subjectOf)],
  );
  if (stories.length === 0) return;
  const { id, version, subject } = dice.pick(stories);
  const name = names.find((known) => subjectOf(known) === subject) ?? "";
  const answer = await clientOf(dice.pick(servers), name).query(mutation, {
    input: { ...input, id: toGlobalId("ReferenceStory", id), version },
  });
  if (!answer.body.includes('"userErrors":[]')) throw new Error(answer.body);
}

const CHANGEABLE = ["draft", "public"];

/** Every kind of write of reference data. */
export const WRITES: Readonly<Record<string, Write>> = {
  "an author changes the title": (at) =>
    author(at, CHANGEABLE, [UPDATE_STORY, { title: word(at) }]),
  "an author changes tags and summary": (at) =>
    author(at, CHANGEABLE, [
      UPDATE_STORY,
      { tags: ["odd", word(at)], summary: `A river: ${word(at)}` },
    ]),
  "an author changes the text": (at) =>
    author(at, CHANGEABLE, [UPDATE_STORY, { content: at.dice.pick(TEXTS) }]),
  "an author publishes": (at) => author(at, ["draft", "archived"], [PUBLISH_STORY, {}]),
  "an author archives": (at) => author(at, ["public"], [ARCHIVE_STORY, {}]),
  "an author publishes again": (at) => author(at, ["archived"], [PUBLISH_STORY, {}]),

  "one row changes": async (at) => at.superuser(await change(at)),
  "several rows change at once": async (at) =>
    at.superuser(`BEGIN; ${await change(at)} ${await change(at)} ${await change(at)} COMMIT;`),
  "a change is rolled back": async (at) =>
    at.superuser(`BEGIN; ${await change(at)} ${await change(at)} ROLLBACK;`),
  "a part of a change is rolled back": async (at) =>
    at.superuser(
      `BEGIN; ${await change(at)} SAVEPOINT here; ${await change(at)} ROLLBACK TO here; ${await change(at)} COMMIT;`,
    ),
  "a row changes while triggers are off": async (at) =>
    at.superuser(`BEGIN; ${WITHOUT_TRIGGERS} ${await change(at)} COMMIT;`),
  "all rows change": async (at) => {
    const table = at.dice.pick([STORIES, ANALYSES, TEMPLATES]);
    await at.superuser(`UPDATE ${table} SET ${CHANGES[table]?.(at)}`);
  },

  "a row is deleted and inserted again with its id": async (at) => {
    const table = at.dice.pick([STORIES, ANALYSES, TEMPLATES]);
    await makeAgain(at, table, `id = ${await someId(at, table)}`);
  },
  "all rows are deleted and inserted again": (at) =>
    makeAgain(at, at.dice.pick([STORIES, ANALYSES, TEMPLATES]), "true"),
  "stories are deleted, and later inserted again with their ids": removeForATime,
  "readers ask before the transaction ends": changeSlowly,
  "a model analyses a text": analyseAgain,
};
