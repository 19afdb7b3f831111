import { globSync } from "node:fs";
import path from "node:path";
import { EntityNotFoundError, QueryFailedError } from "typeorm";
import { CONSENT_STATEMENT, type Owner, VoiceSubject, ownerOf } from "../../src/instances/index.js";
import { userRenditionStore } from "../../src/instances/rendering/sounds/user-rendition.store.js";
import type { Tx, Viewer } from "../../src/platform/database/transactions/database.js";
import { givenPersonalVoice } from "../support/personal-voice.js";
import { type TestApp, testApp } from "../support/app.js";
import { withoutOwnerCondition } from "./owner-condition.js";
import type { OwnedRows, StoreCall } from "./store-case.js";
import { INSERTS, KEY, LOCAL_STORES, STORE_CASES } from "./store-cases.js";

const ada = ownerOf("ada");
const ben = ownerOf("ben");

let app: TestApp;
let rows: OwnedRows;
beforeAll(async () => {
  app = await testApp();
  rows = await adasRows();
});
afterAll(() => app.close());

const CALLS = Object.entries(STORE_CASES).flatMap(([store, cases]) =>
  Object.entries(cases).map(([name, call]) => ({ name: `${store} ${name}`, call })),
);
const GUARDED = CALLS.filter(({ name }) => !INSERTS.has(name));
const NOTHING = { reached: false, changed: false };

test("every function of every instance store has a case", async () => {
  const stores = await storeFunctions();

  const covered = Object.entries(STORE_CASES).map(([store, cases]) => [store, Object.keys(cases)]);
  expect(stores).toEqual(Object.fromEntries(covered));
});

test.each(CALLS)("the owner reads or changes rows with $name", async ({ call }) => {
  const { reached, changed } = await attempt({ viewer: "ada", owner: ada }, call);

  // The owner must reach a row with this call. Otherwise the test of other users would prove nothing.
  expect(reached || changed).toBe(true);
});

test.each(GUARDED)("another user reaches no row with $name", async ({ call }) => {
  expect(await attempt({ viewer: "ben", owner: ben }, call)).toEqual(NOTHING);
});

test.each(GUARDED)(
  "another user reaches no row with $name, even without the WHERE on the owner",
  async ({ call }) => {
    const result = await attempt({ viewer: "ben", owner: ben, isUnguarded: true }, call);

    expect(result).toEqual(NOTHING);
  },
);

test.each(CALLS)(
  "another viewer who names the owner reaches no row with $name",
  async ({ call }) => {
    expect(await attempt({ viewer: "ben", owner: ada }, call)).toEqual(NOTHING);
  },
);

test.each(CALLS)(
  "an anonymous viewer who names the owner reaches no row with $name",
  async ({ call }) => {
    expect(await attempt({ viewer: null, owner: ada }, call)).toEqual(NOTHING);
    expect(await attempt({ viewer: "", owner: ada }, call)).toEqual(NOTHING);
  },
);

test("an insert by another user does not change the owner's rows", async () => {
  for (const { name, call } of CALLS.filter((one) => INSERTS.has(one.name))) {
    const { changed } = await attempt({ viewer: "ben", owner: ben }, call);

    expect({ name, changed }).toEqual({ name, changed: false });
  }
});

test("an owner cannot give a row to another user", async () => {
  await app.given.user("ben");

  for (const table of [
    "user_story_narrations",
    "user_voice_samples",
    "user_voices",
    "user_emotion_voices",
  ]) {
    const giving = app.database.write("ada", (tx) =>
      tx.query(`UPDATE instances.${table} SET user_id = 'ben'`),
    );

    await expect(giving).rejects.toThrow("row-level security");
  }
});

interface Attempt {
  /** The user that the database sees in the transaction. */
  readonly viewer: Viewer;
  /** The owner that the store gets. */
  readonly owner: Owner;
  /** Removes the store's WHERE on the owner. */
  readonly isUnguarded?: boolean;
}

interface Outcome {
  reached: boolean;
  changed: boolean;
}

class RolledBack extends Error {}

/** Runs a call, reads as Ada what the call changed, and rolls the call back. */
async function attempt(who: Attempt, call: StoreCall): Promise<Outcome> {
  const outcome = { ...NOTHING };
  const trying = app.database.write(who.viewer, async (tx) => {
    const before = await adasRowsIn(tx, who.viewer);
    await tx.query("SAVEPOINT call");
    outcome.reached = !isNothing(await runCall(tx, who, call));
    outcome.changed = (await adasRowsIn(tx, who.viewer)) !== before;
    throw new RolledBack();
  });
  await expect(trying).rejects.toThrow(RolledBack);
  return outcome;
}

async function runCall(tx: Tx, { owner, isUnguarded }: Attempt, call: StoreCall): Promise<unknown> {
  const work = async (): Promise<unknown> => {
    try {
      return await call(tx, owner, rows);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await tx.query("ROLLBACK TO SAVEPOINT call");
      return null;
    }
  };
  if (!isUnguarded) return work();
  const { result, rewritten, untouched } = await withoutOwnerCondition(work);
  // The WHERE on the owner was removed from every statement.
  expect(untouched).toEqual([]);
  expect(rewritten.length).toBeGreaterThan(0);
  return result;
}

/**
 * Returns true if row-level security refused the call, if the owner in a foreign key refused the call,
 * or if no row was found.
 */
function isRefusal(error: unknown): boolean {
  if (error instanceof EntityNotFoundError) return true;
  if (!(error instanceof QueryFailedError)) return false;
  const { code } = error.driverError as { code?: string };
  return code === "42501" || code === "23503";
}

function isNothing(value: unknown): boolean {
  if (!value) return true;
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof Map) return value.size === 0;
  return typeof value === "object" && "nodes" in value && isNothing(value.nodes);
}

/**
 * Returns all of Ada's rows, as text. Reads the rows with Ada as the viewer, and afterwards makes
 * `viewer` the viewer of the transaction again.
 */
async function adasRowsIn(tx: Tx, viewer: Viewer): Promise<string> {
  const scope = "SELECT set_config('app.user_id', $1, true)";
  await tx.query(scope, ["ada"]);
  const [seen] = await tx.query<{ rows: string }[]>(
    `SELECT concat_ws(';',
       (SELECT string_agg(n::text, ',' ORDER BY n.id) FROM instances.user_story_narrations n),
       (SELECT string_agg(g::text, ',' ORDER BY g.narration_id, g.position) FROM instances.user_narration_segments g),
       (SELECT string_agg(r::text, ',' ORDER BY r.attempt) FROM instances.user_narration_renders r),
       (SELECT string_agg(u::text, ',' ORDER BY u.recipe_key) FROM instances.user_renditions u),
       (SELECT string_agg(k::text, ',' ORDER BY k.key) FROM instances.idempotency_keys k),
       (SELECT string_agg(c::text, ',' ORDER BY c.id) FROM instances.voice_consents c),
       (SELECT string_agg(s::text, ',' ORDER BY s.id) FROM instances.user_voice_samples s),
       (SELECT string_agg(v::text, ',' ORDER BY v.id) FROM instances.user_emotion_voices v),
       (SELECT string_agg(o::text, ',' ORDER BY o.id) FROM instances.user_voices o),
       (SELECT string_agg(p::text, ',' ORDER BY p.id) FROM instances.user_uploads p),
       (SELECT string_agg(h::text, ',' ORDER BY h.reference_story_id) FROM instances.listening_positions h),
       (SELECT string_agg(l::text, ',' ORDER BY l.id) FROM instances.user_legacy_sounds l)) AS rows`,
  );
  await tx.query(scope, [viewer ?? ""]);
  return seen?.rows ?? "";
}

async function adasRows(): Promise<OwnedRows> {
  const { given } = app;
  await given.user("ben");
  const story = await given.story({ analyse: true });
  const narration = await given.narration({ owner: "ada", story });
  await app.services.narrations.updateSegments(ada, narration, [
    { index: 0, text: "My own words." },
  ]);
  await app.services.publishing.publish(ada, await given.reread(narration), "public");
  await app.services.rendering.request(ada, await given.reread(narration), {
    ...KEY,
    requestHash: "of the request",
  });
  const recipeKey = "a recipe of Ada's";
  await app.database.write("ada", (tx) =>
    userRenditionStore.put(tx, ada, {
      recipeKey,
      blobKey: "owned/ada/blob",
      durationMs: 1,
      words: [],
      degraded: [],
      sizeBytes: "1",
    }),
  );
  const consent = await app.services.consents.grant(ada, {
    statementVersion: CONSENT_STATEMENT.version,
    subject: VoiceSubject.Self,
  });
  const sample = await given.voiceSample({ owner: "ada", consentId: consent.id });
  const personalVoice = await givenPersonalVoice(app, "ada", { consentId: consent.id });
  const [personal] = await app.superuser<{ id: string }>("SELECT id FROM instances.user_voices");
  const voice = await given.emotionVoice({ owner: "ada", consentId: consent.id });
  await app.superuser(
    `INSERT INTO instances.user_legacy_sounds (user_id, id, blob_key, content_type, size_bytes)
     VALUES ('ada', 1, 'owned/ada/old', 'audio/mpeg', 1)`,
  );
  const upload = await app.services.uploads.create(ada, {
    purpose: "voice_sample",
    sizeBytes: 4,
    contentType: "audio/wav",
  });
  await app.services.listening.save(ada, {
    ...{ storyId: story.id, narrationId: narration.id, shareTokenHash: null },
    ...{ story: null, line: 1, offsetMs: 0 },
  });
  return {
    storyId: story.id,
    analysisId: narration.analysisId ?? 0,
    templateId: sample.templateId,
    narrationId: narration.id,
    sampleId: sample.id,
    voiceId: voice.id,
    ...{ personalVoice, personalVoiceId: personal?.id ?? "" },
    consentId: consent.id,
    uploadId: upload.id,
    recipeKey,
  };
}

/** The functions of each *.store.ts below src/instances, except the local stores. */
async function storeFunctions(): Promise<Record<string, string[]>> {
  const folder = path.resolve(import.meta.dirname, "../../src/instances");
  const files = globSync("**/*.store.ts", { cwd: folder }).sort();
  const found: Record<string, string[]> = {};
  for (const file of files) {
    const name = path.basename(file, ".ts");
    if (LOCAL_STORES.includes(name)) continue;
    const module = (await import(path.join(folder, file))) as Record<string, object>;
    for (const [, store] of Object.entries(module).filter(([key]) => key.endsWith("Store"))) {
      found[name] = Object.keys(store);
    }
  }
  return found;
}
