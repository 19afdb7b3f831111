import type { PageRequest } from "../../platform/database/reading/keyset.js";
import {
  type Reader,
  byArguments,
  countLoader,
  loaderByKey,
  pageLoader,
} from "../../platform/database/reading/loaders.js";
import type { Owner } from "../owner.js";
import { recordedSpeechStore } from "./recorded-speech.store.js";
import type { TemplateSpeech } from "./speech-for-training.js";
import type { VoiceSampleEntity } from "./voice-sample.entity.js";
import { voiceSampleStore } from "./voice-sample.store.js";

/** One owner's voice samples, batched within one request. */
export const voiceSampleLoaders = (read: Reader, owner: Owner) => ({
  byId: loaderByKey<string, VoiceSampleEntity>(
    read,
    (tx, ids) => voiceSampleStore.byIds(tx, owner, ids),
    ({ id }) => id,
  ),
  ofTemplate: byArguments((page: PageRequest) =>
    pageLoader<number, VoiceSampleEntity>(read, (tx, ids) =>
      voiceSampleStore.pagesByTemplate(tx, owner, ids, page),
    ),
  ),
  /** The owner's speech for each template, for `speechForTraining`. */
  speechOfTemplate: loaderByKey<number, TemplateSpeech>(
    read,
    async (tx, ids) => {
      const rows = await recordedSpeechStore.byTemplate(tx, owner, ids);
      const neutral = rows.find(({ isNeutral }) => isNeutral) ?? null;
      return ids.map((templateId) => ({
        ...{ templateId, neutral },
        own: rows.find((row) => row.templateId === templateId) ?? null,
      }));
    },
    ({ templateId }) => templateId,
  ),
  countOfTemplate: countLoader<number>(read, (tx, ids) =>
    voiceSampleStore.countsByTemplate(tx, owner, ids),
  ),
});
