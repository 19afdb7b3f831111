import type { Database } from "../../../platform/database/transactions/database.js";
import type { Notifier } from "../../../platform/database/listening/notifier.js";
import { ConflictError, NotFoundError, UnavailableError } from "../../../platform/errors.js";
import { ConsentState } from "../../consent/consent.entity.js";
import type { Owner } from "../../owner.js";
import {
  type EmotionVoiceEntity,
  NO_EMOTION_VOICE,
  TrainingStatus,
} from "../emotion-voice.entity.js";
import { emotionVoiceStore } from "../emotion-voice.store.js";
import { EMOTION_VOICE_CHANNEL } from "./voice-order.js";

/** Waits until the training of an emotion voice ends. Returns the emotion voice. */
export async function untilTrained(
  use: { readonly database: Database; readonly notifier: Notifier },
  owner: Owner,
  id: string,
): Promise<EmotionVoiceEntity> {
  const news = use.notifier.listen(EMOTION_VOICE_CHANNEL, id);
  try {
    for (;;) {
      const [emotionVoice] = await use.database.read({ viewer: owner.userId }, (tx) =>
        emotionVoiceStore.byIds(tx, owner, [id]),
      );
      if (!emotionVoice) throw new NotFoundError(NO_EMOTION_VOICE);
      if (emotionVoice.trainingStatus !== TrainingStatus.Training) return emotionVoice;
      if (emotionVoice.state === ConsentState.Suspended) {
        throw new ConflictError(
          "The consent ended before the voice was trained; agree again to have it trained.",
        );
      }
      const { done } = await news.next();
      if (done) throw new UnavailableError("The process stopped before the voice was trained.");
    }
  } finally {
    await news.return?.();
  }
}
