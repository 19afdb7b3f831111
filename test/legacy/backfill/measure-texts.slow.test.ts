import type pg from "pg";
import { measureTexts } from "../../../src/legacy/backfill/measure-texts.js";
import { compareTexts } from "../../../src/legacy/verify/texts.js";
import { type LegacyTestDatabase, expandedDatabase } from "../legacy-database.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await expandedDatabase();
});
afterEach(() => legacy.drop());

test("migrated texts get the words and chapters that our own texts have", async () => {
  const content = "CHAPTER I\n\nIt was — as always — late.\n\nCHAPTER II\n\nIt’s over.";
  await legacy.old(
    `INSERT INTO stories (title, category, upload_type, content)
     SELECT 'Story ' || n, 'fiction', 'text', CASE n WHEN 1 THEN $1 ELSE 'Text ' || n END
     FROM generate_series(1, 40) n`,
    [content],
  );

  const measured = [await measureTexts(legacy.operator), await measureTexts(legacy.operator)];

  expect(measured).toEqual([40, 0]);
  expect(
    await legacy.superuser(
      `SELECT t.word_count AS words, t.reading_time_seconds AS seconds, t.chapters
       FROM reference.story_texts t JOIN reference.stories s USING (content_hash) ORDER BY s.id LIMIT 2`,
    ),
  ).toEqual([
    {
      ...{ words: 11, seconds: 3 },
      chapters: [
        { title: "CHAPTER I", start: 0 },
        { title: "CHAPTER II", start: content.indexOf("CHAPTER II") },
      ],
    },
    { words: 2, seconds: 1, chapters: [] },
  ]);
});

test("a text that the old application writes during a verification is not taken for a wrong one", async () => {
  const { operator } = legacy;
  const query = operator.query.bind(operator) as (...args: unknown[]) => unknown;
  let hasWritten = false;
  const writing = new Proxy(operator, {
    get: (target, name) =>
      name !== "query"
        ? (Reflect.get(target, name) as unknown)
        : async (...args: unknown[]) => {
            if (!hasWritten && String(args[0]).includes("t.chapters, t.word_count")) {
              hasWritten = true;
              await legacy.old(
                "INSERT INTO stories (title, content, category, upload_type) VALUES ('New', 'It was — as always — late.', 'tale', 'text')",
              );
            }
            return query(...args);
          },
  });

  const { differences } = await compareTexts(writing);

  expect([hasWritten, differences]).toEqual([true, []]);
});

test("texts of some megabytes are measured and verified a few at a time", async () => {
  await legacy.old(
    `INSERT INTO stories (title, content, category, upload_type)
     SELECT 'Story ' || n, repeat('It was late. ', 200000) || n, 'tale', 'text' FROM generate_series(1, 5) n`,
  );
  const { operator } = legacy;
  const query = operator.query.bind(operator) as (...args: unknown[]) => Promise<pg.QueryResult>;
  const texts: number[] = [];
  const counting = new Proxy(operator, {
    get: (target, name) =>
      name !== "query"
        ? (Reflect.get(target, name) as unknown)
        : async (...args: unknown[]) => {
            const result = await query(...args);
            if (result.fields.some((field) => field.name === "content"))
              texts.push(result.rows.length);
            return result;
          },
  });

  const { rows, differences } = await compareTexts(counting);

  expect([rows, differences]).toEqual([5, []]);
  // First the measuring, then the comparison. Both end with an empty page.
  expect(texts).toEqual([2, 2, 1, 0, 2, 2, 1, 0]);
});
