import type { Notifier } from "../../../platform/database/listening/notifier.js";
import type { Database } from "../../../platform/database/transactions/database.js";
import { serverScope } from "../../owner.js";
import { emotionVoiceStore } from "../emotion-voice.store.js";
import { type TrainingStep, isInTraining } from "./training-step.js";
import { EMOTION_VOICE_CHANNEL } from "./voice-order.js";

/**
 * Looks whether the training is still wanted, and goes on looking. Calls `unwanted.abort()` as soon as nobody
 * wants the training any more: its owner revoked the consent or deleted the emotion voice, or another worker
 * was faster. Call the returned function to stop watching.
 * @throws the error of the first look
 */
export async function watchTraining(
  { database, notifier }: { readonly database: Database; readonly notifier: Notifier },
  { owner, emotionVoice: { id, label } }: Pick<TrainingStep, "owner" | "emotionVoice">,
  unwanted: AbortController,
): Promise<() => Promise<void>> {
  const news = notifier.listen(EMOTION_VOICE_CHANNEL, id);
  const look = async (): Promise<void> => {
    const [current] = await database.read(serverScope(owner), (tx) =>
      emotionVoiceStore.byIds(tx, owner, [id]),
    );
    if (!current || !isInTraining(current) || current.label !== label) unwanted.abort();
  };
  const watch = async (): Promise<void> => {
    while (!(await news.next()).done) await look();
  };
  // The training may have become unwanted before this function began to listen.
  await look().catch(async (error: unknown) => {
    await news.return?.();
    throw error;
  });
  // Ignore errors. If the database cannot be reached, the training itself fails, too. The commit of the
  // result checks again.
  const watching = watch().catch(() => undefined);
  return async () => {
    await news.return?.();
    await watching;
  };
}
