import pg from "pg";
import { type TestApp, testApp } from "../../support/app.js";

let app: TestApp;
let writers: pg.Client[];
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  const connectionString = app.testDatabase.superUrl;
  writers = [new pg.Client({ connectionString }), new pg.Client({ connectionString })];
  await Promise.all(writers.map((writer) => writer.connect()));
});
afterEach(async () => {
  await Promise.all(writers.map((writer) => writer.end()));
  await app.clean();
});
afterAll(() => app.close());

const writerAt = (index: number): pg.Client => {
  const writer = writers[index];
  if (!writer) throw new Error(`There is no writer ${index}.`);
  return writer;
};

async function countChanges(): Promise<number> {
  const [row] = await app.superuser<{ changes: number }>(
    "SELECT coalesce(sum(changes), 0)::int AS changes FROM reference.template_changes",
  );
  return row?.changes ?? 0;
}

async function insertTemplate(key: string): Promise<number> {
  const [row] = await app.superuser<{ id: number }>(
    `INSERT INTO reference.voice_modulation_templates
       (modulation_type, modulation_key, display_name, description, sample_text)
     VALUES ('emotion', $1, $1, $1, $1) RETURNING id`,
    [key],
  );
  return row?.id ?? 0;
}

const rename = (id: number): string =>
  `UPDATE reference.voice_modulation_templates SET display_name = display_name || '!' WHERE id = ${id}`;

test("a change of a template is counted, a new template is not", async () => {
  const before = await countChanges();

  const id = await insertTemplate("quiet pride");
  expect(await countChanges()).toBe(before);

  await app.superuser(rename(id));
  await app.superuser("DELETE FROM reference.voice_modulation_templates WHERE id = $1", [id]);
  expect(await countChanges()).toBe(before + 2);
});

test("transactions that change templates at the same time do not wait, and each is counted at its end", async () => {
  const [one, other] = [await insertTemplate("quiet pride"), await insertTemplate("loud joy")];
  const before = await countChanges();

  await writerAt(0).query(`BEGIN; SET lock_timeout = '2s'; ${rename(one)}`);
  await writerAt(1).query(`BEGIN; SET lock_timeout = '2s'; ${rename(other)}`);
  await writerAt(1).query("COMMIT");
  expect(await countChanges()).toBe(before + 1);

  await writerAt(0).query("COMMIT");
  expect(await countChanges()).toBe(before + 2);
});

test("a change that is rolled back is not counted", async () => {
  const id = await insertTemplate("quiet pride");
  const before = await countChanges();

  await writerAt(0).query(`BEGIN; ${rename(id)}; ROLLBACK`);

  expect(await countChanges()).toBe(before);
});

test.each(["REPEATABLE READ", "SERIALIZABLE"])(
  "a transaction at %s changes a template although another counted a change in the meantime",
  async (level) => {
    const [one, other] = [await insertTemplate("quiet pride"), await insertTemplate("loud joy")];
    await app.superuser(rename(one));
    const before = await countChanges();

    await writerAt(0).query(`BEGIN ISOLATION LEVEL ${level}; SELECT 1`);
    await app.superuser(rename(one));
    await writerAt(0).query(rename(other));
    await writerAt(0).query("COMMIT");

    expect(await countChanges()).toBe(before + 2);
  },
);

test("an analysis gets a new row version when its occurrences change", async () => {
  const story = await app.given.story({ analyse: true });
  const versions: string[] = [];
  const note = async (): Promise<void> => {
    const [row] = await app.superuser<{ version: string }>(
      "SELECT row_version::text AS version FROM reference.story_analyses WHERE content_hash = $1",
      [story.contentHash],
    );
    versions.push(row?.version ?? "");
  };
  await note();
  for (const change of [
    "UPDATE reference.story_modulation_occurrences SET strength = 0.5",
    "DELETE FROM reference.story_modulation_occurrences WHERE template_id = (SELECT min(template_id) FROM reference.story_modulation_occurrences)",
    `INSERT INTO reference.story_modulation_occurrences
       SELECT a.id, t.id, 1, 0.5, 0 FROM reference.story_analyses a, reference.voice_modulation_templates t ON CONFLICT DO NOTHING`,
    "TRUNCATE reference.story_modulation_occurrences",
  ]) {
    await app.superuser(change);
    await note();
  }

  expect(new Set(versions).size).toBe(versions.length);
});
