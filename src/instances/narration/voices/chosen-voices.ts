import type { Clock } from "../../../platform/clock.js";
import type { Database, Tx } from "../../../platform/database/transactions/database.js";
import type { VoiceCatalogue } from "../../../providers/speech/speech.port.js";
import type { Owner } from "../../owner.js";
import { OfferedVoices } from "../../personal-voice/offered-voices.js";
import { isPersonalVoiceId } from "../../personal-voice/personal-voice.js";
import { personalVoiceStore } from "../../personal-voice/personal-voice.store.js";

export interface VoiceSources {
  readonly database: Database;
  readonly voices: VoiceCatalogue;
  readonly clock: Clock;
}

/**
 * Returns the voices that the owner may choose. Reads the owner's personal voices only if `chosen` names
 * one.
 */
export async function chosenVoices(
  { voices, clock, database }: VoiceSources,
  owner: Owner,
  chosen: readonly (string | null | undefined)[],
  tx?: Tx,
): Promise<OfferedVoices> {
  if (!chosen.some((id) => typeof id === "string" && isPersonalVoiceId(id))) {
    return new OfferedVoices(voices, []);
  }
  const read = (work: Tx) => personalVoiceStore.all(work, owner, clock.now());
  const own = tx ? await read(tx) : await database.read({ viewer: owner.userId }, read);
  return new OfferedVoices(voices, own);
}
