import { emotionVoiceStore } from "../../src/instances/emotion-voice/emotion-voice.store.js";
import { trainingSamplesStore } from "../../src/instances/emotion-voice/training/training-samples.store.js";
import type { Owner } from "../../src/instances/index.js";
import { personalVoiceStore } from "../../src/instances/personal-voice/personal-voice.store.js";
import { recordedSpeechStore } from "../../src/instances/voice-sample/recorded-speech.store.js";
import { voiceSampleStore } from "../../src/instances/voice-sample/voice-sample.store.js";
import type { Tx } from "../../src/platform/database/transactions/database.js";
import { type CasesOf, type OwnedRows, PAGE } from "./store-case.js";

/**
 * Prepares the sample for a case. The store's own update throws for other users, and the function of the case
 * would never run for them.
 */
const changeSample = (tx: Tx, owner: Owner, { sampleId }: OwnedRows, set: string) =>
  tx.query(`UPDATE instances.user_voice_samples SET ${set} WHERE user_id = $1 AND id = $2`, [
    owner.userId,
    sampleId,
  ]);

export const voiceSampleCases: CasesOf<typeof voiceSampleStore> = {
  byIds: (tx, owner, rows) => voiceSampleStore.byIds(tx, owner, [rows.sampleId]),
  pagesByTemplate: (tx, owner, rows) =>
    voiceSampleStore.pagesByTemplate(tx, owner, [rows.templateId], PAGE),
  countsByTemplate: (tx, owner, rows) =>
    voiceSampleStore.countsByTemplate(tx, owner, [rows.templateId]),
  lock: (tx, owner, rows) => voiceSampleStore.lock(tx, owner, rows.sampleId),
  byUpload: async (tx, owner, rows) => {
    await changeSample(tx, owner, rows, "upload_id = 77");
    return voiceSampleStore.byUpload(tx, owner, "77");
  },
  insert: (tx, owner, rows) =>
    voiceSampleStore.insert(tx, owner, {
      templateId: rows.templateId,
      state: "usable",
      consentId: rows.consentId,
      transcript: null,
      uploadId: null,
      originalBlobKey: "owned/another/blob",
      recordedAt: new Date(0),
    }),
  update: (tx, owner, rows) =>
    voiceSampleStore.update(tx, owner, rows.sampleId, { transcript: "Taken." }),
  clearPreferred: async (tx, owner, rows) => {
    await changeSample(tx, owner, rows, "is_preferred = true");
    await voiceSampleStore.clearPreferred(tx, owner, rows.templateId);
    const [sample] = await voiceSampleStore.byIds(tx, owner, [rows.sampleId]);
    return sample?.isPreferred === false;
  },
  remove: (tx, owner, rows) => voiceSampleStore.remove(tx, owner, rows.sampleId),
  idsInProcessing: async (tx, owner, rows) => {
    const change = "processing_status = 'processing', original_blob_key = 'owned/another/blob'";
    await changeSample(tx, owner, rows, change);
    return voiceSampleStore.idsInProcessing(tx, owner);
  },
  suspend: (tx, owner) => voiceSampleStore.suspend(tx, owner),
  resume: async (tx, owner, rows) => {
    await voiceSampleStore.suspend(tx, owner);
    await voiceSampleStore.resume(tx, owner, rows.consentId);
    return voiceSampleStore.byIds(tx, owner, [rows.sampleId]);
  },
  count: (tx, owner) => voiceSampleStore.count(tx, owner),
  removeAll: (tx, owner) => voiceSampleStore.removeAll(tx, owner),
};

export const recordedSpeechCases: CasesOf<typeof recordedSpeechStore> = {
  byTemplate: (tx, owner, rows) => recordedSpeechStore.byTemplate(tx, owner, [rows.templateId]),
};

export const emotionVoiceCases: CasesOf<typeof emotionVoiceStore> = {
  byIds: (tx, owner, rows) => emotionVoiceStore.byIds(tx, owner, [rows.voiceId]),
  bestByTemplate: (tx, owner, rows) =>
    emotionVoiceStore.bestByTemplate(tx, owner, [rows.templateId]),
  lock: (tx, owner, rows) => emotionVoiceStore.lock(tx, owner, rows.voiceId),
  ofVoice: (tx, owner, rows) => emotionVoiceStore.ofVoice(tx, owner, rows.personalVoiceId),
  ofEarlierPlatform: async (tx, owner) => {
    await tx.query(
      `UPDATE instances.user_emotion_voices
       SET state = 'awaiting_consent', consent_id = NULL, consent_live = NULL WHERE user_id = $1`,
      [owner.userId],
    );
    return emotionVoiceStore.ofEarlierPlatform(tx, owner);
  },
  latestOfVoices: (tx, owner, rows) =>
    emotionVoiceStore.latestOfVoices(tx, owner, [rows.personalVoice]),
  awaited: async (tx, owner) => {
    await train(tx, owner);
    return emotionVoiceStore.awaited(tx, owner);
  },
  insert: (tx, owner, rows) =>
    emotionVoiceStore.insert(tx, owner, {
      templateId: rows.templateId,
      voiceId: null,
      label: "fabula-test",
      revision: 7,
      kind: "adapted",
      provider: "flite",
      trainingStatus: "training",
      consentId: rows.consentId,
    }),
  update: (tx, owner, rows) =>
    emotionVoiceStore.update(tx, owner, rows.voiceId, { label: "taken" }),
  remove: (tx, owner, rows) => emotionVoiceStore.remove(tx, owner, [rows.voiceId]),
  forgetSuperseded: async (tx, owner) => {
    await tx.query(
      `INSERT INTO instances.user_emotion_voices (user_id, template_id, voice_id, revision, kind, provider,
         training_status, state, consent_id, consent_live)
       SELECT user_id, template_id, voice_id, revision + 1, kind, provider, training_status, state,
         consent_id, consent_live
       FROM instances.user_emotion_voices WHERE user_id = $1 AND training_status = 'ready'`,
      [owner.userId],
    );
    return emotionVoiceStore.forgetSuperseded(tx, owner);
  },
  allInTraining: async (tx, owner) => {
    await train(tx, owner);
    return emotionVoiceStore.allInTraining(tx, owner);
  },
  isTrained: async (tx, owner, rows) => {
    await tx.query(
      "UPDATE instances.user_emotion_voices SET training_status = 'ready' WHERE user_id = $1",
      [owner.userId],
    );
    return emotionVoiceStore.isTrained(tx, owner, rows.templateId);
  },
  suspend: (tx, owner) => emotionVoiceStore.suspend(tx, owner),
  resume: async (tx, owner, rows) => {
    await emotionVoiceStore.suspend(tx, owner);
    await emotionVoiceStore.resume(tx, owner, rows.consentId);
    return emotionVoiceStore.byIds(tx, owner, [rows.voiceId]);
  },
  count: (tx, owner) => emotionVoiceStore.count(tx, owner),
  removeAll: (tx, owner) => emotionVoiceStore.removeAll(tx, owner),
  recordedTemplateIds: (tx, owner) => emotionVoiceStore.recordedTemplateIds(tx, owner),
};

const train = (tx: Tx, owner: Owner): Promise<unknown> =>
  tx.query(
    "UPDATE instances.user_emotion_voices SET training_status = 'training' WHERE user_id = $1",
    [owner.userId],
  );

export const trainingSamplesCases: CasesOf<typeof trainingSamplesStore> = {
  usable: async (tx, owner, rows) => {
    await changeSample(tx, owner, rows, "blob_key = 'owned/another/blob'");
    return trainingSamplesStore.usable(tx, owner);
  },
  lock: (tx, owner, rows) => trainingSamplesStore.lock(tx, owner, [rows.sampleId]),
  unlock: async (tx, owner, rows) => {
    await tx.query("DELETE FROM instances.user_emotion_voices WHERE user_id = $1", [owner.userId]);
    await trainingSamplesStore.lock(tx, owner, [rows.sampleId]);
    await trainingSamplesStore.unlock(tx, owner, [rows.templateId]);
    const [sample] = await voiceSampleStore.byIds(tx, owner, [rows.sampleId]);
    return sample?.isLocked === false ? [sample] : [];
  },
};

export const personalVoiceCases: CasesOf<typeof personalVoiceStore> = {
  all: (tx, owner) => personalVoiceStore.all(tx, owner, new Date()),
  byId: (tx, owner, rows) => personalVoiceStore.byId(tx, owner, rows.personalVoiceId),
  byVoice: (tx, owner, rows) => personalVoiceStore.byVoice(tx, owner, rows.personalVoice),
  oldestOf: (tx, owner) => personalVoiceStore.oldestOf(tx, owner, "flite"),
  insert: (tx, owner) =>
    personalVoiceStore.insert(tx, owner, {
      voice: "flite:own-AAAAAAAAAAAAAAAAAAAAAA",
      provider: "flite",
      kind: "adapted",
      displayName: "Another",
      language: "en",
    }),
  rename: (tx, owner, rows) => personalVoiceStore.rename(tx, owner, rows.personalVoiceId, "Taken"),
  isBeingRendered: async (tx, owner, rows) => {
    await tx.query(
      "UPDATE instances.user_story_narrations SET narrator_voice = $2 WHERE user_id = $1",
      [owner.userId, rows.personalVoice],
    );
    return (await personalVoiceStore.isBeingRendered(tx, owner, rows.personalVoice)) ? [1] : [];
  },
  remove: async (tx, owner, rows) => {
    await tx.query("DELETE FROM instances.user_emotion_voices WHERE user_id = $1", [owner.userId]);
    return personalVoiceStore.remove(tx, owner, rows.personalVoiceId);
  },
  removeAll: async (tx, owner) => {
    await tx.query("DELETE FROM instances.user_emotion_voices WHERE user_id = $1", [owner.userId]);
    return personalVoiceStore.removeAll(tx, owner);
  },
};
