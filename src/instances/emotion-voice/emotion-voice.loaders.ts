import { type Reader, listLoader, loaderByKey } from "../../platform/database/reading/loaders.js";
import type { Owner } from "../owner.js";
import type { EmotionVoiceEntity } from "./emotion-voice.entity.js";
import { emotionVoiceStore } from "./emotion-voice.store.js";

/** One owner's emotion voices, batched within one request. */
export const emotionVoiceLoaders = (read: Reader, owner: Owner) => ({
  byId: loaderByKey<string, EmotionVoiceEntity>(
    read,
    (tx, ids) => emotionVoiceStore.byIds(tx, owner, ids),
    ({ id }) => id,
  ),
  ofTemplate: loaderByKey<number, EmotionVoiceEntity>(
    read,
    (tx, ids) => emotionVoiceStore.bestByTemplate(tx, owner, ids),
    ({ templateId }) => templateId,
  ),
  /** The latest emotion voices of a personal voice, one for each template. */
  ofVoice: loaderByKey<string, { readonly voice: string; readonly latest: EmotionVoiceEntity[] }>(
    read,
    async (tx, voices) => {
      const rows = await emotionVoiceStore.latestOfVoices(tx, owner, voices);
      return [...Map.groupBy(rows, ({ voice }) => voice)].map(([voice, latest]) => ({
        ...{ voice, latest },
      }));
    },
    ({ voice }) => voice,
  ),
  recordedTemplateIds: listLoader(read, (tx) => emotionVoiceStore.recordedTemplateIds(tx, owner)),
  /** All that is in training, for `etaSecondsOf`. */
  awaited: listLoader(read, (tx) => emotionVoiceStore.awaited(tx, owner)),
});
