import { type Reader, loaderByKey } from "../../platform/database/reading/loaders.js";
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
});
