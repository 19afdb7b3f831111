import type { CastMember } from "../voices/cast.js";
import type { VoiceModifications } from "../voices/voice-modifications.js";
import type { CharacterMatches } from "./match-characters.js";
import { NOTHING_UNPLACED, type UnplacedEdit, UnplacedReason } from "./unplaced-edit.js";

export interface RebasedCast {
  /** The members who keep their voices, by the new analysis' ids of their characters. */
  readonly kept: ReadonlyMap<string, CastMember>;
  readonly unplaced: readonly UnplacedEdit[];
}

/** Gives each member the new analysis' id and name of the character. Voices that the owner chose come first. */
export function rebaseCast(
  cast: readonly CastMember[],
  characters: CharacterMatches,
  { keepsAutomatic }: { readonly keepsAutomatic: boolean },
): RebasedCast {
  const kept = new Map<string, CastMember>();
  const unplaced: UnplacedEdit[] = [];
  const wanted = cast.filter(({ isAutomatic }) => keepsAutomatic || !isAutomatic);
  for (const member of wanted.toSorted((one, other) => +one.isAutomatic - +other.isAutomatic)) {
    const found = characters.get(member.characterId);
    const held = found && kept.get(found.id);
    if (found && !held) {
      const { id: characterId, canonicalName: characterName } = found;
      kept.set(characterId, { ...member, characterId, characterName });
    } else if (!member.isAutomatic && held?.voice !== member.voice) {
      unplaced.push(describeMember(member));
    }
  }
  return { kept, unplaced };
}

const describeMember = ({ characterName, voice, voiceName }: CastMember): UnplacedEdit => ({
  ...NOTHING_UNPLACED,
  ...{ reason: UnplacedReason.CharacterGone, characterName, voice, voiceName },
});

export interface RebasedModifications {
  readonly modifications: VoiceModifications;
  readonly unplaced: readonly UnplacedEdit[];
}

/** Gives each character's delivery the new analysis' id of the character. */
export function rebaseModifications(
  { characters: changes = [], ...others }: VoiceModifications,
  characters: CharacterMatches,
  nameOf: (characterId: string) => string,
): RebasedModifications {
  const kept = new Map<string, (typeof changes)[number]>();
  const unplaced: UnplacedEdit[] = [];
  for (const change of changes) {
    const found = characters.get(change.characterId);
    if (found && !kept.has(found.id)) {
      kept.set(found.id, { ...change, characterId: found.id });
      continue;
    }
    const { characterId, ...prosody } = change;
    const reason = UnplacedReason.CharacterGone;
    unplaced.push({ ...NOTHING_UNPLACED, reason, characterName: nameOf(characterId), prosody });
  }
  return {
    modifications: { ...others, ...(kept.size > 0 ? { characters: [...kept.values()] } : {}) },
    unplaced,
  };
}
