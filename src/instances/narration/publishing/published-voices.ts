import { createHash } from "node:crypto";
import type { PublishedVoice } from "../../../reference/index.js";
import {
  type PersonalVoice,
  isPersonalVoiceId,
  kindOfVoiceId,
} from "../../personal-voice/personal-voice.js";
import { type NarrationVoices, storedVoiceName } from "../voices/line-voice.js";

/** The personal voices of an edition, and the ids that stand for them in the edition. */
export interface PublishedVoices {
  readonly voices: readonly PublishedVoice[];
  /** By the ids of the personal voices. */
  readonly idOf: Readonly<Record<string, string>>;
}

interface VoicedNarration extends NarrationVoices {
  readonly id: string;
  readonly narratorVoiceName: string;
}

const UNNAMED = "A personal voice";

/**
 * Returns the ids of the personal voices that a narration uses.
 * @param segmentVoices the voices that single segments have
 */
export function personalVoicesIn(
  { narratorVoice, voiceCast }: NarrationVoices,
  segmentVoices: readonly string[],
): readonly string[] {
  const all = [narratorVoice, ...voiceCast.map(({ voice }) => voice), ...segmentVoices];
  return [...new Set(all.filter(isPersonalVoiceId))];
}

/**
 * Gives an id to each personal voice of a narration. The id is unique, works in no input, and tells nothing
 * about the voice. Others learn only the name and the kind.
 * @param used the ids of the voices: `personalVoicesIn`
 * @param own the owner's personal voices; a voice of the narration may be gone
 */
export function publishVoices(
  narration: VoicedNarration,
  used: readonly string[],
  own: readonly PersonalVoice[],
): PublishedVoices {
  const idOf = Object.fromEntries(used.map((voice) => [voice, idIn(narration, voice)]));
  const voices = used.map((voice) => ({
    voice: idOf[voice] ?? "",
    displayName:
      own.find(({ id }) => id === voice)?.displayName ??
      storedVoiceName(voice, narration) ??
      UNNAMED,
    kind: kindOfVoiceId(voice),
  }));
  return { voices, idOf };
}

/**
 * Publishing a narration again gives the same id. The id of a personal voice is random and known to its owner
 * alone, so nobody can compute the narration's id from the hash.
 */
function idIn({ id }: Pick<VoicedNarration, "id">, voice: string): string {
  const name = createHash("sha256").update(`${voice} ${id}`).digest("base64url").slice(0, 22);
  return `${voice.split(":")[0] ?? ""}:published-${name}`;
}
