import type { CatalogueVoice } from "../../providers/speech/speech.port.js";

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

export interface CastingCall {
  /** Ordered by importance: earlier characters choose first. */
  readonly characters: readonly CastableCharacter[];
  readonly voices: readonly CatalogueVoice[];
  readonly narratorVoice: string;
  readonly language: string;
}

const NARRATOR_ROLE = "narrator";

// The narrator's voice counts as used 1,000 times, more often than any cast uses a voice. With a small
// number a large cast could get the narrator's voice while another voice exists.
const USES_BY_NARRATOR = 1_000;

const MAIN_ROLES = new Set(["protagonist", "major"]);

/**
 * Chooses a voice for every character who speaks. Equal calls return equal casts. Main characters never
 * share a voice while a voice is free. Minor characters share a voice before they get a voice of
 * another gender. Only the narrator character sounds like the narrator.
 */
export function castVoices(call: CastingCall): CastMember[] {
  const voices = filterByLanguage(call.voices, call.language);
  const uses = new Map<string, number>([[call.narratorVoice, USES_BY_NARRATOR]]);
  return call.characters
    .filter(({ quoteCount, role }) => quoteCount > 0 || role === NARRATOR_ROLE)
    .flatMap((character) => {
      const narrator =
        character.role === NARRATOR_ROLE
          ? call.voices.find(({ id }) => id === call.narratorVoice)
          : undefined;
      const voice = narrator ?? bestVoice(character, voices, uses);
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
  const primary = language.split("-")[0] ?? language;
  const able = voices.filter(({ languages }) => languages.includes(primary));
  return able.length > 0 ? able : voices;
}

/**
 * Returns the voice with the lowest penalty. The catalogue's first voice wins among equal penalties. A
 * voice of another gender costs 150. A shared voice costs a main character more (200), and a minor
 * character less (100).
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
