import { ProviderError } from "../platform/errors.js";
import type { Logger } from "../platform/process/logging.js";
import { type Repetition, repeat } from "../platform/process/repeat.js";
import type { CatalogueVoice } from "../providers/speech/speech.port.js";

/** A vendor's account with a list of voices that changes. */
interface VoiceAccount {
  listVoices(): readonly CatalogueVoice[];
  refresh(signal: AbortSignal): Promise<void>;
}

/** A process does not wait longer for its vendor. */
const DEADLINE_MS = 3_000;
const EVERY_MS = 5 * 60_000;

/**
 * Reads the voices of a vendor now, and again while the process runs. Resolves after the first reading,
 * also if the vendor is down: the process then starts without the vendor's voices.
 */
export async function followVoices(
  account: VoiceAccount,
  logger: Logger,
  everyMs = EVERY_MS,
): Promise<Repetition> {
  const first = Promise.withResolvers<undefined>();
  const read = async (): Promise<void> => {
    const before = account.listVoices().length;
    try {
      await readVoices(account);
    } finally {
      first.resolve(undefined);
    }
    const voices = account.listVoices().length;
    if (voices !== before) logger.info({ voices }, "Read the voices of ElevenLabs");
  };
  const following = repeat(read, {
    everyMs,
    onError: (err) => {
      const voices = account.listVoices().length;
      logger.warn(
        { err, voices },
        "Could not read the voices of ElevenLabs. The known voices stay, and the next reading is in five minutes",
      );
    },
  });
  await first.promise;
  return following;
}

async function readVoices(account: VoiceAccount): Promise<void> {
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  try {
    await account.refresh(deadline);
  } catch (error) {
    if (!deadline.aborted) throw error;
    const message = `ElevenLabs did not list its voices within ${DEADLINE_MS} ms.`;
    throw new ProviderError(message, true, { cause: error });
  }
}
