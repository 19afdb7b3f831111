import pg from "pg";
import { CONSENT_STATEMENT, VoiceSubject, ownerOf } from "../../src/instances/index.js";
import { type TestApp, testApp } from "../support/app.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
  await app.given.user("ada");
  await app.given.user("ben");
  const story = await app.given.story({ author: "ada", analyse: true });
  const waiting = await app.given.story({ author: "ada", text: "A short text.", publish: true });
  await app.given.narration({ owner: "ada", story: waiting });
  const narration = await app.given.narration({ owner: "ada", story });
  await app.services.rendering.request(ownerOf("ada"), narration);
  await app.superuser("INSERT INTO platform.samples_in_processing VALUES ('ada', 1)");
  await app.superuser("INSERT INTO platform.voices_in_training VALUES ('ada', 1)");
  await app.superuser(
    "INSERT INTO platform.vendor_voices (label, user_id, provider) VALUES ('fabula-1', 'ada', 'vendor')",
  );
  await app.superuser(
    `INSERT INTO instances.user_voices (user_id, voice, provider, kind, display_name, language)
     VALUES ('ada', 'flite:own-1', 'flite', 'adapted', 'Ada', 'en')`,
  );
  await app.services.consents.grant(ownerOf("ada"), {
    statementVersion: CONSENT_STATEMENT.version,
    subject: VoiceSubject.Self,
  });
  await app.superuser(
    `INSERT INTO instances.user_legacy_sounds (user_id, id, blob_key, content_type, size_bytes)
     VALUES ('ada', 1, 'owned/ada/blob', 'audio/mpeg', 1)`,
  );
  await app.superuser(
    `INSERT INTO instances.listening_positions (user_id, reference_story_id, position, updated_at)
     SELECT 'ada', id, 0, now() FROM reference.stories LIMIT 1`,
  );
  await app.services.uploads.create(ownerOf("ada"), {
    purpose: "voice_sample",
    sizeBytes: 4,
    contentType: "audio/wav",
  });
});
afterAll(() => app.close());

const asRequest = (viewer: string | null, sql: string): Promise<object[]> =>
  app.database.write(viewer, (tx) => tx.query<object[]>(sql));

const asJob = (sql: string): Promise<object[]> =>
  app.jobDatabase.write(null, (tx) => tx.query<object[]>(sql));

async function asRole(role: string, sql: string): Promise<object[]> {
  const client = new pg.Client({ connectionString: app.testDatabase.superUrl });
  await client.connect();
  try {
    await client.query(`SET ROLE ${role}`);
    return (await client.query<object>(sql)).rows;
  } finally {
    await client.end();
  }
}

const REFUSED = "permission denied";

describe("the row of a user", () => {
  test.each([null, "ben"])("shows %s only what identifies the user", async (viewer) => {
    const [seen] = await asRequest(
      viewer,
      "SELECT id, display_name, avatar_url, is_active, erased_at FROM platform.users WHERE id = 'ada'",
    );

    expect(seen).toMatchObject({ id: "ada", display_name: "Ada", is_active: true });
    for (const column of ["email", "profile", "language", "is_admin", "created_at", "updated_at"]) {
      const reading = asRequest(viewer, `SELECT ${column} FROM platform.users`);
      await expect(reading).rejects.toThrow(REFUSED);
    }
    await expect(asRequest(viewer, "SELECT * FROM platform.users")).rejects.toThrow(REFUSED);
  });

  test("shows all of its columns to the user alone", async () => {
    const own = "SELECT id, email FROM platform.own_user()";

    expect(await asRequest("ada", own)).toEqual([{ id: "ada", email: "ada@example.org" }]);
    expect(await asRequest(null, own)).toEqual([]);
  });

  test.each([null, "ben", ""])("is not changed by %j", async (viewer) => {
    await asRequest(viewer, "UPDATE platform.users SET display_name = 'X' WHERE id = 'ada'");
    await asRequest(viewer, "UPDATE platform.users SET language = 'de' WHERE id <> 'ben'");

    const [ada] = await app.superuser(
      "SELECT display_name, language FROM platform.users WHERE id = 'ada'",
    );
    expect(ada).toEqual({ display_name: "Ada", language: "en" });
    await expect(asRequest(viewer, "DELETE FROM platform.users")).rejects.toThrow(REFUSED);
  });

  test.each([null, "ben"])("is not made by %j for another", async (viewer) => {
    const making = asRequest(viewer, "INSERT INTO platform.users (id) VALUES ('dora')");

    await expect(making).rejects.toThrow("row-level security");
  });

  test("does not let a user become an administrator or another user", async () => {
    for (const change of [
      "is_admin = true",
      "is_active = true",
      "id = 'ben'",
      "erased_at = NULL",
    ]) {
      const changing = asRequest("ada", `UPDATE platform.users SET ${change} WHERE id = 'ada'`);
      await expect(changing).rejects.toThrow(REFUSED);
    }
  });
});

describe("without a user, a request", () => {
  test.each([
    "platform.pending_scripts",
    "platform.renders_under_way",
    "platform.expiring_consents",
    "platform.samples_in_processing",
    "platform.voices_in_training",
    "platform.vendor_voices",
    "instances.user_voices",
    "instances.voice_consents",
    "instances.user_story_narrations",
    "instances.user_narration_segments",
    "instances.user_narration_renders",
    "instances.user_uploads",
    "instances.user_legacy_sounds",
    "instances.listening_positions",
  ])("reads and deletes no row of %s", async (table) => {
    const count = `SELECT count(*)::int AS count FROM ${table}`;
    const before = await app.superuser(count);

    expect(await asRequest(null, `SELECT * FROM ${table}`)).toEqual([]);
    await asRequest(null, `DELETE FROM ${table}`);

    expect(before).not.toEqual([{ count: 0 }]);
    expect(await app.superuser(count)).toEqual(before);
  });

  test("stores no text", async () => {
    const storing = asRequest(
      null,
      `INSERT INTO reference.story_texts (content_hash, content, word_count, reading_time_seconds)
       VALUES (repeat('0', 64), 'x', 1, 1)`,
    );

    await expect(storing).rejects.toThrow("row-level security");
  });

  test("requests no analysis of a draft's text", async () => {
    const draft = await app.given.story({ author: "ada", text: "Nobody reads this yet." });

    const requested = await asRequest(
      null,
      `SELECT reference.request_analysis('${String(draft.contentHash)}', 'en', 'a', '1', 1, 1) AS id`,
    );

    expect(requested).toEqual([{ id: null }]);
  });

  test("takes no narration from the list before its analysis is ready", async () => {
    const [analysis] = await app.superuser<{ id: number }>(
      "SELECT id FROM reference.story_analyses WHERE status = 'pending'",
    );

    const taken = asRequest(
      null,
      `SELECT * FROM platform.take_pending_scripts(${String(analysis?.id)})`,
    );

    expect(await taken).toEqual([]);
  });
});

const SHARED_WRITES = [
  "UPDATE reference.story_analyses SET summary = 'x'",
  "UPDATE reference.story_analyses SET status = 'failed'",
  `INSERT INTO reference.story_analyses (content_hash, language, analyzer_id, analyzer_version, schema_version)
   SELECT content_hash, 'xx', 'a', '1', 1 FROM reference.story_texts LIMIT 1`,
  "DELETE FROM reference.story_analyses",
  "SELECT id FROM reference.story_analyses FOR UPDATE",
  `INSERT INTO reference.story_segments (analysis_id, position, paragraph, kind, utf16_start, utf16_end, text)
   SELECT id, 1000000, 1, 'narration', 1, 2, 'x' FROM reference.story_analyses LIMIT 1`,
  "UPDATE reference.story_segments SET text = 'x'",
  "DELETE FROM reference.story_segments",
  `INSERT INTO reference.story_apparatus (analysis_id, utf16_start, utf16_end, kind, said)
   SELECT id, 1, 2, 'tag', '' FROM reference.story_analyses LIMIT 1`,
  "UPDATE reference.story_apparatus SET said = 'x'",
  "DELETE FROM reference.story_apparatus",
  `INSERT INTO reference.voice_modulation_templates (modulation_type, modulation_key, display_name, description, sample_text)
   VALUES ('emotion', 'x', 'X', 'X', 'X')`,
  "UPDATE reference.voice_modulation_templates SET display_name = 'x'",
  "UPDATE reference.story_modulation_occurrences SET occurrences = 1",
  "DELETE FROM reference.story_modulation_occurrences",
  `INSERT INTO reference.renditions (recipe_key, blob_key, duration_ms, words, size_bytes)
   VALUES ('x', 'shared/x', 1, '[]', 1)`,
  "UPDATE reference.renditions SET blob_key = 'x'",
  "DELETE FROM reference.renditions",
  "DELETE FROM reference.story_texts",
  "UPDATE reference.listed_stories SET listeners = 1",
  "INSERT INTO reference.listed_stories SELECT * FROM reference.listed_stories",
  "DELETE FROM reference.listed_stories",
  "SELECT * FROM reference.story_listeners",
  "UPDATE reference.story_listeners SET listeners = 1",
  "SELECT reference.list_stories('{1}')",
  "SELECT * FROM reference.listings('{1}')",
  "UPDATE reference.story_texts SET content = 'x'",
  "SELECT * FROM reference.earlier_texts",
  "DELETE FROM reference.earlier_texts",
  "SELECT * FROM reference.model_answers",
  `INSERT INTO reference.model_answers SELECT id, 'whole', NULL, 0, 0, 0, 0, now() FROM reference.story_analyses`,
  "DELETE FROM reference.model_answers",
  "SELECT * FROM reference.model_usage",
  "INSERT INTO reference.model_usage VALUES ('2026-01-01', 1, 1)",
  "UPDATE reference.model_usage SET tokens = 0",
];

test.each(SHARED_WRITES)("a request never runs %s", async (sql) => {
  await expect(asRequest("ada", sql)).rejects.toThrow(REFUSED);
  await expect(asRequest(null, sql)).rejects.toThrow(REFUSED);
});

test("a job reads the lists of every owner's work, but no instance without its owner", async () => {
  const renders = await asJob("SELECT user_id FROM platform.renders_under_way");
  const recordings = await asJob("SELECT user_id FROM platform.samples_in_processing");
  const trainings = await asJob("SELECT user_id FROM platform.voices_in_training");
  const clones = await asJob("SELECT user_id FROM platform.vendor_voices");
  const narrations = await asJob("SELECT user_id FROM instances.user_story_narrations");

  expect(renders).toEqual([{ user_id: "ada" }]);
  expect(recordings).toEqual([{ user_id: "ada" }]);
  expect(trainings).toEqual([{ user_id: "ada" }]);
  expect(clones).toEqual([{ user_id: "ada" }]);
  expect(narrations).toEqual([]);
});

describe("the queue's tables", () => {
  const QUEUE_WRITES = [
    "SELECT data FROM jobs.job",
    "SELECT * FROM jobs.job_common",
    "UPDATE jobs.job SET data = '{}'",
    "UPDATE jobs.job_common SET state = 'completed'",
    "DELETE FROM jobs.job",
    "UPDATE jobs.queue SET retry_limit = 0",
    "DELETE FROM jobs.queue",
    "SELECT id FROM jobs.job FOR UPDATE",
  ];

  test.each(QUEUE_WRITES)("refuse %s to requests and jobs", async (sql) => {
    await expect(asRequest("ada", sql)).rejects.toThrow(REFUSED);
    await expect(asJob(sql)).rejects.toThrow(REFUSED);
  });

  test("take jobs of requests in the same transaction", async () => {
    const jobs = await app.superuser("SELECT name FROM jobs.job ORDER BY name");

    expect(jobs).toContainEqual({ name: "render-narration" });
    expect(jobs).toContainEqual({ name: "analyse-story" });
  });
});

test("the queue's role reads nothing outside the queue", async () => {
  expect(await asRole("fabula_queue", "SELECT name FROM jobs.job")).not.toEqual([]);
  for (const table of ["platform.users", "reference.stories", "instances.user_story_narrations"]) {
    await expect(asRole("fabula_queue", `SELECT FROM ${table}`)).rejects.toThrow(REFUSED);
  }
});
