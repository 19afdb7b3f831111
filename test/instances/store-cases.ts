import { idempotencyStore } from "../../src/instances/idempotency/idempotency.store.js";
import type { Owner } from "../../src/instances/index.js";
import { blobStore } from "../../src/instances/blobs/blob.store.js";
import { consentStore } from "../../src/instances/consent/consent.store.js";
import { emotionVoiceStore } from "../../src/instances/emotion-voice/emotion-voice.store.js";
import { legacySoundStore } from "../../src/instances/legacy-sound/legacy-sound.store.js";
import { narrationStore } from "../../src/instances/narration/narration.store.js";
import { scriptStore } from "../../src/instances/narration/script/script.store.js";
import { segmentEditStore } from "../../src/instances/narration/script/segment-edit.store.js";
import { listeningStore } from "../../src/instances/listening/listening.store.js";
import { narrationPlaceStore } from "../../src/instances/listening/narration-place.store.js";
import { lineStore } from "../../src/instances/rendering/lines.store.js";
import { renderStore } from "../../src/instances/rendering/render.store.js";
import { soundStore } from "../../src/instances/rendering/sounds/sound.store.js";
import { userRenditionStore } from "../../src/instances/rendering/sounds/user-rendition.store.js";
import { uploadStore } from "../../src/instances/upload/upload.store.js";
import { voiceSampleStore } from "../../src/instances/voice-sample/voice-sample.store.js";
import type { Tx } from "../../src/platform/database/transactions/database.js";
import { forkScriptCases } from "./forking-store-cases.js";
import { personalNarrationCases, voiceUseCases } from "./personal-store-cases.js";
import { rebasingCases } from "./rebasing-store-cases.js";
import { type CasesOf, type OwnedRows, PAGE, type StoreCall } from "./store-case.js";
import { reshapeCases } from "./reshape-cases.js";
import {
  emotionVoiceCases,
  personalVoiceCases,
  recordedSpeechCases,
  trainingSamplesCases,
  voiceSampleCases,
} from "./voice-store-cases.js";

/** The idempotency key of a request that Ada has already sent. */
export const KEY = { operation: "renderNarration", key: "done" };

const held = ({ narrationId }: OwnedRows) => ({ id: narrationId, version: 1 });
const place = ({ narrationId }: OwnedRows) => ({ narrationId, position: 0 });

/** One call on Ada's rows for every function of every instance store. */
const narrationCases: CasesOf<typeof narrationStore> = {
  byIds: (tx, owner, rows) => narrationStore.byIds(tx, owner, [rows.narrationId]),
  detailsByIds: (tx, owner, rows) => narrationStore.detailsByIds(tx, owner, [rows.narrationId]),
  analysesByIds: (tx, owner, rows) => narrationStore.analysesByIds(tx, owner, [rows.analysisId]),
  lock: (tx, owner, rows) => narrationStore.lock(tx, owner, rows.narrationId),
  lockOfStory: (tx, owner, rows) => narrationStore.lockOfStory(tx, owner, rows.storyId),
  pagesByStory: (tx, owner, rows) =>
    narrationStore.pagesByStory(tx, owner, [rows.storyId], { page: PAGE }),
  countsByStory: (tx, owner, rows) => narrationStore.countsByStory(tx, owner, [rows.storyId], {}),
  page: (tx, owner) => narrationStore.page(tx, owner, { page: PAGE }),
  count: (tx, owner) => narrationStore.count(tx, owner, {}),
  countUnderWay: (tx, owner) => narrationStore.countUnderWay(tx, owner),
  insert: (tx, owner, rows) =>
    narrationStore.insert(tx, owner, {
      referenceStoryId: rows.storyId,
      narratorVoice: "flite:slt",
      narratorVoiceName: "Sally",
      narratorVoiceType: "ai",
    }),
  update: (tx, owner, rows) => narrationStore.update(tx, owner, held(rows), { title: "Taken" }),
  setByServer: (tx, owner, rows) =>
    narrationStore.setByServer(tx, owner, rows.narrationId, { title: "Taken" }),
  setRendered: (tx, owner, rows) =>
    narrationStore.setRendered(tx, owner, rows.narrationId, { durationMs: 1 }),
  remove: (tx, owner, rows) => narrationStore.remove(tx, owner, rows.narrationId),
};

const scriptCases: CasesOf<typeof scriptStore> = {
  pages: (tx, owner, rows) => scriptStore.pages(tx, owner, [rows.narrationId], { page: PAGE }),
  counts: (tx, owner, rows) => scriptStore.counts(tx, owner, [rows.narrationId], {}),
  segmentsAt: (tx, owner, rows) => scriptStore.segmentsAt(tx, owner, [place(rows)]),
  writeFromAnalysis: async (tx, owner, rows) => {
    // Delete the script first, because a narration has one script.
    await tx.query("DELETE FROM instances.user_narration_segments");
    return scriptStore.writeFromAnalysis(tx, owner, rows.narrationId, rows.analysisId);
  },
  voices: async (tx, owner, rows) => {
    await segmentEditCases.write(tx, owner, rows);
    return scriptStore.voices(tx, owner, rows.narrationId);
  },
  copyToEdition: async (tx, owner, rows) => {
    await tx.query("DELETE FROM reference.published_narration_segments");
    return scriptStore.copyToEdition(tx, owner, rows.narrationId, {
      voiceIds: {},
      hasLegacySound: true,
    });
  },
  isInEdition: (tx, owner, rows) =>
    scriptStore.isInEdition(tx, owner, rows.narrationId, { voiceIds: {}, hasLegacySound: true }),
  hash: (tx, owner, rows) => scriptStore.hash(tx, owner, rows.narrationId),
};

const segmentEditCases: CasesOf<typeof segmentEditStore> = {
  write: async (tx, owner, { narrationId }) => {
    const values = { text: "Taken.", voice: "flite:slt" };
    const changes = [{ position: 0, values }];
    const { missing } = await segmentEditStore.write(tx, owner, narrationId, changes);
    return missing.length === 0;
  },
  reset: async (tx, owner, { narrationId, analysisId }) => {
    const reset = { analysisId, positions: [0] };
    const { missing } = await segmentEditStore.reset(tx, owner, narrationId, reset);
    return missing.length === 0;
  },
};

const lineCases: CasesOf<typeof lineStore> = {
  scripts: (tx, owner, { narrationId, analysisId }) =>
    lineStore.scripts(tx, owner, [{ id: narrationId, analysisId }]),
  rendered: (tx, owner, { narrationId }) => lineStore.rendered(tx, owner, [narrationId]),
  setSounds: (tx, owner, rows) => lineStore.setSounds(tx, owner, rows.narrationId, sounds),
};

const spoken = { recipeKey: "taken", spokenEdits: null };
const sounds = [{ position: 0, ...spoken, gain: 0, startMs: 1, joinDegraded: null }];
const attempt = ({ narrationId }: OwnedRows) => ({ narrationId, attempt: 1 });

const FAILURE = { code: "PROVIDER_FAILED", message: "It cannot be said.", position: 0 };

const renderCases: CasesOf<typeof renderStore> = {
  latest: (tx, owner, rows) => renderStore.latest(tx, owner, [rows.narrationId]),
  recent: (tx, owner) => renderStore.recent(tx, owner, new Date(0)),
  isAnyUnderWay: (tx, owner) => renderStore.isAnyUnderWay(tx, owner),
  begin: (tx, owner, rows) =>
    renderStore.begin(tx, owner, {
      narrationId: rows.narrationId,
      attempt: 2,
      total: 1,
      scriptHash: null,
      startedAt: new Date(0),
      reservedCharacters: 0,
    }),
  progress: (tx, owner, rows) =>
    renderStore.progress(tx, owner, attempt(rows), { rendered: 1, reused: 0 }),
  restart: (tx, owner, rows) =>
    renderStore.restart(tx, owner, attempt(rows), { reused: 1, workingSince: new Date(0) }),
  recordFailure: (tx, owner, rows) => renderStore.recordFailure(tx, owner, attempt(rows), FAILURE),
  spendReserved: (tx, owner, rows) => renderStore.spendReserved(tx, owner, attempt(rows), 1),
  takeReserved: (tx, owner, rows) => renderStore.takeReserved(tx, owner, attempt(rows)),
  finish: (tx, owner, rows) =>
    renderStore.finish(tx, owner, attempt(rows), { finishedAt: new Date(0), failure: null }),
};

const renditionCases: CasesOf<typeof userRenditionStore> = {
  byKeys: (tx, owner, rows) => userRenditionStore.byKeys(tx, owner, [rows.recipeKey]),
  keysAmong: (tx, owner, rows) => userRenditionStore.keysAmong(tx, owner, [rows.recipeKey]),
  put: (tx, owner) =>
    userRenditionStore.put(tx, owner, {
      recipeKey: "another",
      blobKey: "owned/another/blob",
      durationMs: 1,
      words: [],
      degraded: [],
      sizeBytes: "1",
    }),
  remove: (tx, owner, rows) => userRenditionStore.remove(tx, owner, [rows.recipeKey]),
};

const soundCases: CasesOf<typeof soundStore> = {
  forgetUnused: (tx, owner) => soundStore.forgetUnused(tx, owner, new Date("2999-01-01")),
  countUnused: (tx, owner) => soundStore.countUnused(tx, owner),
};

const blobCases: CasesOf<typeof blobStore> = {
  keys: (tx, owner) => blobStore.keys(tx, owner),
};

const legacySoundCases: CasesOf<typeof legacySoundStore> = {
  byIds: (tx, owner) => legacySoundStore.byIds(tx, owner, ["1"]),
  ofNarrations: async (tx, owner, rows) => {
    await tx.query(
      `UPDATE instances.user_story_narrations SET legacy_original = '{"audioFileUrl": "audio://1"}'
       WHERE user_id = $1`,
      [owner.userId],
    );
    return legacySoundStore.ofNarrations(tx, owner, [rows.narrationId]);
  },
  ofScript: async (tx, owner, rows) => {
    const { edited } = await legacySoundStore.ofScript(tx, owner, rows.narrationId);
    return edited > 0;
  },
  removeUnused: (tx, owner) => legacySoundStore.removeUnused(tx, owner),
};

const uploadCases: CasesOf<typeof uploadStore> = {
  byIds: (tx, owner, rows) => uploadStore.byIds(tx, owner, [rows.uploadId]),
  lock: (tx, owner, rows) =>
    uploadStore.lock(tx, owner, { id: rows.uploadId, purpose: "voice_sample" }),
  countAwaiting: (tx, owner) => uploadStore.countAwaiting(tx, owner, new Date(0)),
  count: (tx, owner) => uploadStore.count(tx, owner),
  insert: (tx, owner) =>
    uploadStore.insert(tx, owner, {
      purpose: "voice_sample",
      contentType: "audio/wav",
      sizeBytes: 1,
      createdAt: new Date(0),
      expiresAt: new Date(0),
    }),
  receive: (tx, owner, rows) =>
    uploadStore.receive(tx, owner, rows.uploadId, {
      blobKey: "owned/another/blob",
      receivedAt: new Date(0),
    }),
  use: async (tx, owner, rows) => {
    await uploadCases.receive(tx, owner, rows);
    return uploadStore.use(tx, owner, rows.uploadId, new Date(0));
  },
  forgetExpired: (tx, owner) => uploadStore.forgetExpired(tx, owner, new Date("2999-01-01")),
  removeFor: (tx, owner) => uploadStore.removeFor(tx, owner, "voice_sample"),
  removeAll: (tx, owner) => uploadStore.removeAll(tx, owner),
};

const listeningCases: CasesOf<typeof listeningStore> = {
  byStories: (tx, owner, rows) => listeningStore.byStories(tx, owner, [rows.storyId]),
  begunPage: (tx, owner) => listeningStore.begunPage(tx, owner, PAGE),
  begunCount: (tx, owner) => listeningStore.begunCount(tx, owner),
  save: (tx, owner, { storyId, analysisId }) =>
    listeningStore.save(tx, owner, {
      ...{ referenceStoryId: storyId, analysisId, position: 3, part: 0, offsetMs: 0 },
      ...{ narrationId: null, shareTokenHash: null, asidePosition: null, asideOffsetMs: null },
      ...{ isFinished: false, updatedAt: new Date("2999-01-01") },
    }),
};

const narrationPlaceCases: CasesOf<typeof narrationPlaceStore> = {
  resumed: async (tx, owner, { narrationId: id, storyId: referenceStoryId, analysisId }) => {
    const narration = { id, userId: owner.userId, referenceStoryId, analysisId, segmentCount: 2 };
    const [row] = await narrationPlaceStore.resumed(tx, owner, [{ ...narration, isOwn: true }]);
    return row?.first;
  },
  heard: async (tx, owner, { narrationId, storyId, recipeKey }) => {
    // Everyone reads the line in the edition. Only the owner's own line has the sound.
    await tx.query(
      "UPDATE instances.user_narration_segments SET recipe_key = $2 WHERE user_id = $1",
      [owner.userId, recipeKey],
    );
    const heard = { storyId, narrationId, shareTokenHash: null, story: null, line: 0 };
    return (await narrationPlaceStore.heard(tx, owner, heard))?.line?.durationMs;
  },
};

const idempotencyCases: CasesOf<typeof idempotencyStore> = {
  take: (tx, owner) => idempotencyStore.take(tx, owner, { ...KEY, key: "new", requestHash: "h" }),
  find: (tx, owner) => idempotencyStore.find(tx, owner, KEY),
  answer: (tx, owner) => idempotencyStore.answer(tx, owner, KEY, { id: "taken" }),
  forgetBefore: (tx, owner) => idempotencyStore.forgetBefore(tx, owner, new Date(8.64e15)),
};

const consentCases: CasesOf<typeof consentStore> = {
  live: (tx, owner) => consentStore.live(tx, owner),
  hold: (tx, owner) => consentStore.hold(tx, owner),
  lock: (tx, owner) => consentStore.lock(tx, owner),
  insert: async (tx, owner, rows) => {
    await suspendAll(tx, owner, rows);
    return consentStore.insert(tx, owner, {
      statementVersion: "1",
      textHash: "0",
      language: "en",
      purpose: "own_voices",
      subject: "self",
      grantedAt: new Date(0),
      expiresAt: null,
    });
  },
  end: (tx, owner, rows) => suspendAll(tx, owner, rows),
};

async function suspendAll(tx: Tx, owner: Owner, { consentId }: OwnedRows): Promise<void> {
  await voiceSampleStore.suspend(tx, owner);
  await emotionVoiceStore.suspend(tx, owner);
  await consentStore.end(tx, owner, consentId, null);
}

export const STORE_CASES: Readonly<Record<string, Readonly<Record<string, StoreCall>>>> = {
  "narration.store": { ...narrationCases },
  "personal-narrations.store": { ...personalNarrationCases },
  "script.store": { ...scriptCases },
  "fork-script.store": { ...forkScriptCases },
  "segment-edit.store": { ...segmentEditCases },
  "reshape.store": { ...reshapeCases },
  "rebasing.store": { ...rebasingCases },
  "lines.store": { ...lineCases },
  "render.store": { ...renderCases },
  "user-rendition.store": { ...renditionCases },
  "sound.store": { ...soundCases },
  "blob.store": { ...blobCases },
  "legacy-sound.store": { ...legacySoundCases },
  "upload.store": { ...uploadCases },
  "listening.store": { ...listeningCases },
  "narration-place.store": { ...narrationPlaceCases },
  "idempotency.store": { ...idempotencyCases },
  "consent.store": { ...consentCases },
  "voice-use.store": { ...voiceUseCases },
  "voice-sample.store": { ...voiceSampleCases },
  "recorded-speech.store": { ...recordedSpeechCases },
  "personal-voice.store": { ...personalVoiceCases },
  "emotion-voice.store": { ...emotionVoiceCases },
  "training-samples.store": { ...trainingSamplesCases },
};

/**
 * Calls that insert rows with the owner in the key. Their statements have no WHERE on the owner, so the
 * test has nothing to remove.
 */
export const INSERTS = new Set([
  "narration.store insert",
  "script.store writeFromAnalysis",
  "fork-script.store copyOwn",
  "fork-script.store copyEdition",
  "render.store begin",
  "user-rendition.store put",
  "script.store copyToEdition",
  "listening.store save",
  "idempotency.store take",
  "consent.store insert",
  "upload.store insert",
  "voice-sample.store insert",
  "personal-voice.store insert",
  "emotion-voice.store insert",
]);

/**
 * Stores whose tables are lists in the schema platform. These stores have no cases here, because some of
 * their functions serve jobs and take no owner. test/database/access.test.ts tests the access to the
 * lists.
 */
export const LOCAL_STORES = [
  "pending-script.store",
  "under-way.store",
  "expiring-consents.store",
  "samples-in-processing.store",
  "voices-in-training.store",
  "vendor-voices.store",
  "kept-voices.store",
];
