import { primaryLanguage } from "../../../platform/text/language-tag.js";
import type { CatalogueVoice } from "../../../providers/speech/speech.port.js";

/**
 * A character's voice in one narration. The names are stored, so the cast stays readable when a character
 * or voice is gone.
 */
export interface CastMember {
  readonly characterId: string;
  readonly characterName: string;
  /** `provider:voice` */
  readonly voice: string;
  readonly voiceName: string;
  /** True if castVoices chose the voice, false if the owner did. */
  readonly isAutomatic: boolean;
}

export interface CastableCharacter {
  readonly id: string;
  readonly canonicalName: string;
  readonly role: string;
  readonly gender: string;
  readonly ageGroup: string;
  readonly quoteCount: number;
}

export interface NamedVoice {
  /** `provider:voice` */
  readonly id: string;
  readonly displayName: string;
}

export interface CastingCall {
  /**
   * The characters, the most important first. castVoices gives voices to the characters in this order.
   */
  readonly characters: readonly CastableCharacter[];
  /** The voices to choose from: those of the catalogue. */
  readonly voices: readonly CatalogueVoice[];
  /** The narrator's voice, which may be the owner's own. null if the voice is no longer available. */
  readonly narrator: NamedVoice | null;
  readonly language: string;
  /** The members of characters who keep their voices, by the character's id. */
  readonly kept?: ReadonlyMap<string, CastMember>;
}

const NARRATOR_ROLE = "narrator";

// The narrator's voice counts as used 1,000 times, and each use adds to the penalty of a voice. The
// number is higher than the uses of any voice in a cast. With a small number, a character of a large
// cast could get the narrator's voice although another voice exists.
const USES_BY_NARRATOR = 1_000;

const MAIN_ROLES = new Set(["protagonist", "major"]);

/**
 * Chooses a voice for every character who speaks. Equal calls return equal casts. A main character
 * shares a voice only if no voice is free. A minor character rather shares a voice than gets a voice of
 * another gender. The character with the role narrator gets the narrator's voice. Other characters get
 * the narrator's voice only if no other voice exists. A character who keeps a voice that the owner chose is
 * in the cast also if the character says nothing.
 */
export function castVoices(call: CastingCall): CastMember[] {
  const voices = filterByLanguage(call.voices, call.language);
  const uses = new Map<string, number>(call.narrator ? [[call.narrator.id, USES_BY_NARRATOR]] : []);
  const kept = call.kept ?? new Map<string, CastMember>();
  for (const { voice } of kept.values()) uses.set(voice, (uses.get(voice) ?? 0) + 1);
  return call.characters
    .filter(
      ({ id, quoteCount, role }) =>
        quoteCount > 0 || role === NARRATOR_ROLE || kept.get(id)?.isAutomatic === false,
    )
    .flatMap((character) => {
      const member = kept.get(character.id);
      if (member) return [member];
      const isNarrator = character.role === NARRATOR_ROLE;
      const voice = (isNarrator ? call.narrator : null) ?? bestVoice(character, voices, uses);
      if (!voice) return [];
      uses.set(voice.id, (uses.get(voice.id) ?? 0) + 1);
      return [
        {
          characterId: character.id,
          characterName: character.canonicalName,
          voice: voice.id,
          voiceName: voice.displayName,
          isAutomatic: true,
        },
      ];
    });
}

function filterByLanguage(
  voices: readonly CatalogueVoice[],
  language: string,
): readonly CatalogueVoice[] {
  const primary = primaryLanguage(language);
  const able = voices.filter(({ languages }) => languages.includes(primary));
  return able.length > 0 ? able : voices;
}

/**
 * Returns the voice with the lowest penalty. If several voices have this penalty, returns the first of
 * them in the catalogue. Another gender adds 150 to the penalty. Each use of the voice by another
 * character adds 200 for a main character and 100 for a minor character.
 */
function bestVoice(
  character: CastableCharacter,
  voices: readonly CatalogueVoice[],
  uses: ReadonlyMap<string, number>,
): CatalogueVoice | undefined {
  const sharing = MAIN_ROLES.has(character.role) ? 200 : 100;
  const penalty = (voice: CatalogueVoice): number =>
    sharing * (uses.get(voice.id) ?? 0) +
    (isKnown(character.gender) && voice.gender !== character.gender ? 150 : 0) +
    (isKnown(character.ageGroup) && voice.ageGroup !== character.ageGroup ? 10 : 0);
  return voices.reduce<CatalogueVoice | undefined>(
    (best, voice) => (best && penalty(best) <= penalty(voice) ? best : voice),
    undefined,
  );
}

const isKnown = (trait: string): boolean => trait !== "unknown" && trait !== "neutral";
