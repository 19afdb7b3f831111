import { voiceUseStore } from "../../src/instances/consent/voice-use.store.js";
import { personalNarrationStore } from "../../src/instances/narration/personal-narrations.store.js";
import { newPersonalVoiceId } from "../../src/instances/personal-voice/personal-voice.js";
import type { CasesOf } from "./store-case.js";

export const personalNarrationCases: CasesOf<typeof personalNarrationStore> = {
  lockUnderWay: async (tx, owner, rows) => {
    await tx.query(
      `UPDATE instances.user_story_narrations SET status = 'queued', narrator_voice = $3
       WHERE user_id = $1 AND id = $2`,
      [owner.userId, rows.narrationId, newPersonalVoiceId("flite")],
    );
    return personalNarrationStore.lockUnderWay(tx, owner);
  },
};

export const voiceUseCases: CasesOf<typeof voiceUseStore> = {
  isUsable: async (tx, owner, rows) => {
    await tx.query(
      `UPDATE instances.user_emotion_voices SET training_status = 'ready', model_blob_key = 'model'
       WHERE user_id = $1 AND id = $2`,
      [owner.userId, rows.voiceId],
    );
    return voiceUseStore.isUsable(tx, owner, "model");
  },
};
