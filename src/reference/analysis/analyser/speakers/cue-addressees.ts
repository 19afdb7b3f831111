import type { AttributionInput } from "./attribution-input.js";
import { narrationEnd } from "./attribution-input.js";
import type { SpeakerCue } from "./speaker-cues.js";

const REACH = 8;

/**
 * Returns the character to whom a cue says that the speaker speaks: Giles in "Nora said to Giles",
 * "Nora asked Giles" and "said Nora, turning to Giles". Returns -1 if the cue names nobody.
 */
export function addresseeOf(input: AttributionInput, cue: SpeakerCue): number {
  if (cue.verb === -1) return -1;
  const first = cue.range.last;
  const last = Math.min(narrationEnd(input.tokens, first), first + REACH);
  for (let at = first; at < last; at += 1) {
    const mention = input.mentionByFirst.get(at);
    const isObject = at === first && cue.subject.last <= cue.verb;
    const isAddressed = isObject || input.tokens.get(at - 1)?.lower === "to";
    if (mention === undefined || !isAddressed || mention.member === cue.subject.member) continue;
    return mention.last <= last ? mention.member : -1;
  }
  return -1;
}
