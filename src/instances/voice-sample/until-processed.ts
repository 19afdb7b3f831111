import type { Database } from "../../platform/database/transactions/database.js";
import type { Notifier } from "../../platform/database/listening/notifier.js";
import { ConflictError, NotFoundError, UnavailableError } from "../../platform/errors.js";
import { ConsentState } from "../consent/consent.entity.js";
import type { Owner } from "../owner.js";
import { SAMPLE_CHANNEL } from "./sample-order.js";
import { NO_SAMPLE, SampleStatus, type VoiceSampleEntity } from "./voice-sample.entity.js";
import { voiceSampleStore } from "./voice-sample.store.js";

/** Waits until a recording is accepted or rejected. Returns the voice sample. */
export async function untilProcessed(
  use: { readonly database: Database; readonly notifier: Notifier },
  owner: Owner,
  sampleId: string,
): Promise<VoiceSampleEntity> {
  const news = use.notifier.listen(SAMPLE_CHANNEL, sampleId);
  try {
    for (;;) {
      const [sample] = await use.database.read({ viewer: owner.userId }, (tx) =>
        voiceSampleStore.byIds(tx, owner, [sampleId]),
      );
      if (!sample) throw new NotFoundError(NO_SAMPLE);
      if (sample.processingStatus !== SampleStatus.Processing) return sample;
      if (sample.state === ConsentState.Suspended) {
        throw new ConflictError(
          "The consent ended before the recording was measured; agree again to have it measured.",
        );
      }
      const { done } = await news.next();
      if (done)
        throw new UnavailableError("The process stopped before the recording was measured.");
    }
  } finally {
    await news.return?.();
  }
}
