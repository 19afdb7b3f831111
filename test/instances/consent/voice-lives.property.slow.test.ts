import fc from "fast-check";
import { AfterRevoking, type NarrationEntity, ownerOf } from "../../../src/instances/index.js";
import { createConsents } from "../../../src/app/parts.js";
import { InvalidInputError } from "../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../support/app.js";
import { TEXT } from "../rendering/narrated.js";
import { type Interruption, PEOPLE, type Person, VoiceLives } from "./voice-lives.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

type Step = (lives: VoiceLives) => Promise<unknown>;

const person = fc.constantFrom(...PEOPLE);
const index = fc.nat({ max: 3 });
/** True one time in four: the step uses the voice of the other person. */
const isOthers = fc.nat({ max: 3 }).map((count) => count === 0);
const otherThan = (name: Person): Person => (name === "ada" ? "ben" : "ada");

const revoke =
  (who: Person, after: AfterRevoking, unpublish: boolean): Step =>
  (lives) =>
    lives.attempt(() => app.services.consents.revoke(ownerOf(who), after, { unpublish }));

const endExpired: Step = () =>
  createConsents(
    {
      ...{ database: app.jobDatabase, clock: app.services.clock },
      ...{ notifier: app.services.notifier, rendering: app.services.rendering },
      sweepSoon: () => Promise.resolve(),
    },
    { enqueue: () => Promise.resolve(), findWithoutJob: () => Promise.resolve([]) },
  ).endExpired();

/** Something that happens while a provider trains or speaks. */
const interruption: fc.Arbitrary<Step | null> = fc.oneof(
  { arbitrary: fc.constant(null), weight: 3 },
  fc
    .tuple(person, fc.constantFrom(...Object.values(AfterRevoking)), fc.boolean())
    .map(([who, after, unpublish]) => revoke(who, after, unpublish)),
  person.map(
    (who): Step =>
      (lives) =>
        lives.expire(who),
  ),
  person.map((who): Step => async (lives) => {
    await lives.expire(who);
    await lives.grant(who);
  }),
  person.map((who): Step => async (lives) => {
    await revoke(who, AfterRevoking.Delete, false)(lives);
    await lives.grant(who);
  }),
);

const interrupted = (lives: VoiceLives, step: Step | null): Interruption | null =>
  step && (() => step(lives));

const onNarration = (
  work: (lives: VoiceLives, narration: NarrationEntity) => Promise<unknown>,
): fc.Arbitrary<Step> =>
  fc.tuple(person, index, interruption).map(([who, at, meanwhile]) => async (lives) => {
    const mine = lives.narrations[who];
    const narration = mine[at % Math.max(1, mine.length)];
    lives.interruption = interrupted(lives, meanwhile);
    if (narration) await work(lives, narration);
    lives.interruption = null;
  });

const steps: Readonly<Record<string, fc.Arbitrary<Step>>> = {
  grant: person.map((who) => (lives) => lives.grant(who)),
  expire: person.map((who) => (lives) => lives.expire(who)),
  upkeep: fc.constant(endExpired),
  revoke: fc
    .tuple(person, fc.constantFrom(...Object.values(AfterRevoking)), fc.boolean())
    .map(([who, after, unpublish]) => revoke(who, after, unpublish)),
  record: fc.tuple(person, fc.constantFrom("neutral", "joy")).map(
    ([who, key]) =>
      (lives) =>
        lives.record(who, key),
  ),
  train: fc.tuple(person, interruption).map(([who, meanwhile]) => async (lives) => {
    lives.interruption = interrupted(lives, meanwhile);
    await lives.train(who);
    lives.interruption = null;
  }),
  forget: person.map((who) => (lives) => lives.forgetEmotionVoice(who)),
  cast: fc.tuple(person, isOthers).map(([who, isOther]) => async (lives) => {
    const voiceOf = isOther ? otherThan(who) : who;
    const isStrange = isOther && (await lives.voices(voiceOf)).length > 0;
    const refusal = await lives.cast(who, voiceOf);
    if (isStrange) expect(refusal).toBeInstanceOf(InvalidInputError);
  }),
  render: onNarration((lives, narration) => lives.render(narration)),
  publish: onNarration((lives, narration) => lives.publish(narration)),
  preview: fc
    .tuple(person, isOthers, interruption)
    .map(([who, isOther, meanwhile]) => async (lives) => {
      const voiceOf = isOther ? otherThan(who) : who;
      const isStrange = isOther && (await lives.voices(voiceOf)).length > 0;
      lives.interruption = interrupted(lives, meanwhile);
      const said = await lives.preview(who, voiceOf);
      lives.interruption = null;
      if (isStrange) expect(said).toBeInstanceOf(InvalidInputError);
    }),
};

/** Steps that other steps need come often, and those that undo everything come rarely. */
const WEIGHTS: Readonly<Record<string, number>> = {
  ...{ grant: 4, record: 5, train: 6, cast: 5, render: 6, publish: 3, preview: 6 },
};

/** Gives a step the name that the report of a failed sequence prints. */
const named =
  (name: string) =>
  (step: Step): Step =>
    Object.assign((lives: VoiceLives) => step(lives), { [fc.toStringMethod]: () => name });

/** The rows of each table, as text, with their owner. Rows that belong to nobody have the owner "". */
async function allRows(): Promise<{ owner: string; table: string; text: string }[]> {
  const tables = await app.superuser<{ name: string; owned: boolean }>(
    `SELECT format('%I.%I', t.table_schema, t.table_name) AS name,
       EXISTS (SELECT FROM information_schema.columns c WHERE c.table_schema = t.table_schema
         AND c.table_name = t.table_name AND c.column_name = 'user_id') AS owned
     FROM information_schema.tables t
     WHERE t.table_type = 'BASE TABLE' AND t.table_schema IN ('instances', 'reference', 'platform')
       AND t.table_name NOT LIKE 'story%'`,
  );
  const selects = tables.map(
    ({ name, owned }) =>
      `SELECT '${name}' AS "table", ${owned ? "t.user_id" : "''"} AS owner, t::text AS text FROM ${name} t`,
  );
  const jobs = `SELECT 'jobs.job' AS "table", coalesce(j.data ->> 'userId', '') AS owner, j.data::text AS text FROM jobs.job j`;
  return app.superuser([...selects, jobs].join(" UNION ALL "));
}

async function expectNothingOfOthers(lives: VoiceLives): Promise<void> {
  const rows = await allRows();
  for (const who of PEOPLE) {
    const secrets = [...lives.secrets[who]];
    const elsewhere = rows.filter(
      ({ owner, table, text }) =>
        (owner !== who || table.startsWith("reference.published")) &&
        secrets.some((secret) => text.includes(secret)),
    );
    expect(elsewhere).toEqual([]);
    const blobs = await lives.blobs(otherThan(who));
    expect(blobs.filter((key) => lives.secrets[who].has(key))).toEqual([]);
  }
  const shared = await app.superuser<{ key: string }>(
    "SELECT recipe_key AS key FROM reference.renditions",
  );
  expect(shared.filter(({ key }) => lives.recipeKeys.has(key))).toEqual([]);
}

/** The renders under way that speak in a personal voice of an owner without a live consent. */
const strayRenders = () =>
  app.superuser(
    `SELECT n.id FROM instances.user_story_narrations n
     WHERE n.status IN ('queued', 'rendering') AND n.narrator_voice LIKE '%:own-%'
       AND NOT EXISTS (SELECT FROM instances.voice_consents c WHERE c.user_id = n.user_id AND c.is_live)`,
  );

const LEFT = `
SELECT (SELECT count(*)::int FROM instances.user_voices WHERE user_id = $1) AS voices,
  (SELECT count(*)::int FROM instances.user_emotion_voices WHERE user_id = $1) AS "emotionVoices",
  (SELECT count(*)::int FROM instances.user_voice_samples WHERE user_id = $1) AS samples,
  (SELECT count(*)::int FROM platform.voices_in_training WHERE user_id = $1) AS "inTraining",
  (SELECT count(*)::int FROM instances.user_renditions r WHERE user_id = $1
     AND NOT EXISTS (SELECT FROM instances.user_narration_segments g
       WHERE g.user_id = $1 AND g.recipe_key = r.recipe_key)) AS "unusedRenditions"`;

/** Deletes everything of a person's voice. Only the sound of kept narrations may remain. */
async function expectNothingLeft(lives: VoiceLives, who: Person): Promise<void> {
  await revoke(who, AfterRevoking.Delete, true)(lives);
  await lives.sweepLater(who);

  expect(await app.superuser(LEFT, [who])).toEqual([
    { voices: 0, emotionVoices: 0, samples: 0, inTraining: 0, unusedRenditions: 0 },
  ]);
  const kept = await app.superuser<{ key: string }>(
    "SELECT DISTINCT blob_key AS key FROM instances.user_renditions WHERE user_id = $1",
    [who],
  );
  expect((await lives.blobs(who)).sort()).toEqual(kept.map(({ key }) => key).sort());
  const editions = await app.superuser(
    `SELECT narration_id FROM reference.published_narrations
     WHERE user_id = $1 AND audio_blob_key IS NOT NULL AND header -> 'personalVoices' <> '[]'`,
    [who],
  );
  expect(editions).toEqual([]);
  for (const narration of lives.narrations[who]) {
    expect((await app.given.script(narration)).length).toBe(narration.segmentCount);
  }
}

test("a personal voice is used only under its consent, and only by its owner", async () => {
  const total = { trained: 0, spoken: 0, previewed: 0 };
  const sequence = fc.array(
    fc.oneof(
      ...Object.entries(steps).map(([name, arbitrary]) => ({
        arbitrary: arbitrary.map(named(name)),
        weight: WEIGHTS[name] ?? 1,
      })),
    ),
    { minLength: 15, maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(sequence, async (sent) => {
      await app.clean();
      const story = await app.given.story({ text: TEXT, analyse: true });
      await joyTemplate();
      const lives = await VoiceLives.begin(app, story);
      for (const who of PEOPLE) {
        await lives.grant(who);
        await lives.record(who, "neutral");
        await lives.train(who);
        await lives.cast(who, who);
      }
      for (const step of sent) {
        await step(lives);
        expect(lives.violations).toEqual([]);
        expect(await strayRenders()).toEqual([]);
        await expectNothingOfOthers(lives);
      }
      for (const who of PEOPLE) await expectNothingLeft(lives, who);
      for (const kind of ["trained", "spoken", "previewed"] as const) {
        total[kind] += lives.calls[kind];
      }
      await lives.studio.close();
    }),
    { numRuns: 15, seed: 2026 },
  );
  // Otherwise the property would hold because nothing happened.
  for (const calls of Object.values(total)) expect(calls).toBeGreaterThan(10);
});

const joyTemplate = () =>
  app.superuser(
    `INSERT INTO reference.voice_modulation_templates
       (modulation_type, modulation_key, display_name, description, sample_text)
     VALUES ('emotion', 'joy', 'Joy', 'Of a test.', 'Oh!')
     ON CONFLICT (modulation_type, modulation_key) DO UPDATE SET display_name = 'Joy'`,
  );
