import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PAIRS } from "../../../src/legacy/pairs.js";
import { integerFromGlobalId } from "../../../src/graphql/relay/global-id.js";
import type { Answer, SqlCost } from "../../api/harness/answer.js";
import { grow } from "../../api/harness/bulk.js";
import { NESTED_PAGE } from "../../api/harness/documents.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { commandsOf, ourServices } from "../command-context.js";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";

const ADA = subjectOf("ada");
const STORIES = 100;
const STORY = "stories.edges.*.node";
const NARRATION = `${STORY}.userNarrations.edges.*.node`;

let legacy: LegacyTestDatabase;
let app: ApiApp;
let before: readonly LegacyStory[];
beforeAll(async () => {
  legacy = await legacyDatabase();
  await legacy.generate({ seed: "page", narrations: 3_000 });
  await legacy.old("TRUNCATE audio_files");
  await legacy.old("INSERT INTO users (id, display_name) VALUES ($1, 'Ada')", [ADA]);
  await legacy.old("UPDATE story_narrations SET user_id = $1 WHERE id % 2 = 0", [ADA]);
  const folder = mkdtempSync(join(tmpdir(), "fabula-page-"));
  const commands = commandsOf(legacy, () => Promise.resolve(ourServices(app)));
  await commands.text("expand");
  await commands.text("backfill");
  app = await apiApp({ database: legacy });
  await commands.text("verify", "--shadow-reads", "20");
  before = await legacyStories();
  await commands.text("contract", "--quiet-seconds", "0", "--export", join(folder, "saved"));
  rmSync(folder, { recursive: true, force: true });
});
afterAll(async () => {
  await app.close();
  await legacy.drop();
});

/** A published story as the old application has it, with Ada's narrations, the newest first. */
interface LegacyStory {
  readonly id: number;
  readonly title: string;
  readonly narrations: readonly { readonly voice: string; readonly segments: unknown }[];
}

const legacyStories = () =>
  legacy.superuser<LegacyStory>(
    `SELECT s.id, s.title, coalesce((SELECT jsonb_agg(jsonb_build_object('voice', n.narrator_voice, 'segments', n.segments)
         ORDER BY coalesce(n.created_at, n.updated_at) DESC, n.id DESC)
       FROM public.story_narrations n WHERE n.story_id = s.id AND n.user_id = $1
         AND n.id::text NOT IN (SELECT q.source_id FROM legacy_sync.quarantine q
           WHERE q.source_table = 'story_narrations')), '[]') AS narrations
     FROM public.stories s`,
    [ADA],
  );

const page = (reader: ApiApp, first: number): Promise<Answer> =>
  reader.as("ada").query(NESTED_PAGE, { first });

/** The paths and SQL texts of the statements. The number of keys differs from page to page. */
const shapeOf = ({ statements }: SqlCost): string[] =>
  statements
    .map(({ path, sql }) => `${path}: ${sql.replace(/IN \(\$\d+(, \$\d+)*\)/g, "IN (keys)")}`)
    .sort();

/** Returns the shape of the page over rows that our application made. */
async function nativeShape(): Promise<string[]> {
  const native = await apiApp();
  try {
    const story = await native.given.story({ analyse: true });
    const narration = await native.given.narration({ owner: "ada", story });
    const about = { storyId: story.id, narrationId: narration.id };
    await grow(native.testDatabase, { ...about, stories: 20, narrations: 20 });
    return shapeOf((await page(native, 20)).sql);
  } finally {
    await native.close();
  }
}

/** The first texts of a legacy value: a list, an object with a list, or a text that holds either. */
function textsIn(segments: unknown): string[] {
  if (typeof segments === "string") return textsIn(JSON.parse(segments));
  if (!Array.isArray(segments)) return textsIn((segments as { segments: unknown }).segments);
  return segments
    .slice(0, 4)
    .map((item: string | { text?: string | null }) =>
      typeof item === "string" ? item : (item.text ?? ""),
    );
}

const told = (answer: Answer) =>
  answer.list(STORY) as {
    readonly id: string;
    readonly title: string;
    readonly userNarrations: {
      readonly edges: readonly {
        readonly node: {
          readonly narrator: { readonly displayName: string };
          readonly narratorVoice: { readonly displayName: string };
          readonly segments: {
            readonly edges: readonly { readonly node: { readonly text: string } }[];
          };
        };
      }[];
    };
  }[];

const idOf = (globalId: string): number => integerFromGlobalId(globalId, "ReferenceStory", []);

test("the page over a migrated database has the data of the old application", async () => {
  const answer = await page(app, STORIES);

  expect(answer.errors).toEqual([]);
  expect(told(answer)).toHaveLength(STORIES);
  expect(answer.list(NARRATION).length).toBeGreaterThan(200);
  for (const { id, title, userNarrations } of told(answer)) {
    const source = before.find((story) => story.id === idOf(id));
    expect(title).toBe(source?.title.replace(/\p{Cc}+/gu, " ").trim());
    expect(
      userNarrations.edges.map(({ node }) => ({
        ...{ narrator: node.narrator.displayName, voice: node.narratorVoice.displayName },
        texts: node.segments.edges.map((segment) => segment.node.text),
      })),
    ).toEqual(
      source?.narrations.slice(0, 3).map(({ voice, segments }) => ({
        ...{ narrator: "Ada", voice },
        texts: textsIn(segments),
      })),
    );
  }
});

test("the page over a migrated database runs no statement that it does not run over native rows", async () => {
  const native = await nativeShape();

  const one = await page(app, 1);
  const many = await page(app, STORIES);

  expect(shapeOf(many.sql).filter((statement) => !native.includes(statement))).toEqual([]);
  expect(many.sql.count).toBeLessThanOrEqual(native.length);
  expect(one.sql.count).toBeLessThanOrEqual(many.sql.count);
});

test("our narrations beside migrated ones make the page run the statements of native rows", async () => {
  const [newest] = told(await page(app, 1));
  const [migrated] = await app.superuser<{ id: number; contentHash: string }>(
    `SELECT id, content_hash AS "contentHash" FROM reference.stories WHERE id = $1`,
    [idOf(newest?.id ?? "")],
  );
  if (!migrated) throw new Error("The page is empty.");
  const first = await app.given.narration({ owner: "ada", story: migrated });
  await app.analyse(migrated);
  const native = await app.given.story({ analyse: true });
  await app.given.narration({ owner: "ada", story: native });

  // A new process has kept nothing yet, like the process of the native rows.
  const started = await apiApp({ database: app.testDatabase });
  const mixed = await page(started, STORIES);
  await started.close();

  expect((await app.given.reread(first)).segmentCount).toBeGreaterThan(0);
  expect(shapeOf(mixed.sql)).toEqual(await nativeShape());
});

test("after contract, PostgreSQL knows how many rows there are, and reads few for the page", async () => {
  const unknown = await legacy.superuser(
    `SELECT t.name FROM unnest($1::text[]) t (name)
     WHERE pg_relation_size(t.name::regclass) > 0
       AND (NOT EXISTS (SELECT FROM pg_statistic s WHERE s.starelid = t.name::regclass)
         OR (SELECT c.reltuples FROM pg_class c WHERE c.oid = t.name::regclass) < 1)`,
    [PAIRS.flatMap(({ targets }) => targets)],
  );
  const { sql } = await page(app, STORIES);

  const narrations = sql.statements.find(
    ({ path }) => path === "stories.edges.node.userNarrations",
  );
  expect(unknown).toEqual([]);
  expect(narrations?.rows).toBeLessThanOrEqual(STORIES * 4);
});
