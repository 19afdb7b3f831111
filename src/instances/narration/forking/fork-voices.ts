import type { AnalysisEntity } from "../../../reference/index.js";
import type { OfferedVoice } from "../../personal-voice/offered-voices.js";
import type { WholeNarration } from "../narration-view.js";
import type { ScriptWriter } from "../script/script-writer.js";
import { storedVoiceName } from "../voices/line-voice.js";
import type { CastMember } from "../voices/cast.js";
import { type ReplacedVoice, VoicePlace } from "./lineage.js";

/** The voices of a copy. All are in the catalogue. */
export interface ForkVoices {
  readonly narrator: OfferedVoice;
  readonly voiceCast: readonly CastMember[];
  /** The voices that single segments keep. */
  readonly keptVoices: readonly string[];
  readonly replacedVoices: readonly ReplacedVoice[];
}

interface VoicesToFork {
  /** The voices that single segments have. */
  readonly segmentVoices: readonly string[];
  /** null if the analysis of the narration no longer exists. */
  readonly analysis: AnalysisEntity | null;
  /** Finds a voice of the catalogue. */
  readonly find: (voice: string) => OfferedVoice | null;
  /** The voice of a narrator whose own voice a copy cannot have. */
  readonly defaultVoice: OfferedVoice;
  readonly scripts: Pick<ScriptWriter, "recastForNarrator">;
  /** Returns the name of a voice. null if it is not known. */
  readonly nameOf: (voice: string) => string | null;
}

const UNNAMED = "A personal voice";

/**
 * Returns the voices of a copy of a narration: its own, as far as they are in the catalogue. A personal voice
 * stays with its owner. An automatic voice speaks instead.
 */
export function forkVoices(
  parent: WholeNarration,
  { segmentVoices, analysis, find, defaultVoice, scripts, nameOf }: VoicesToFork,
): ForkVoices {
  const nameIn = (voice: string): string =>
    nameOf(voice) ?? storedVoiceName(voice, parent) ?? UNNAMED;
  const kept = find(parent.narratorVoice);
  const narrator = kept ?? defaultVoice;
  const automatic = scripts.recastForNarrator({ voiceCast: [] }, analysis, narrator);
  const voiceCast = parent.voiceCast.map((member) =>
    find(member.voice) ? member : recast(member, automatic, narrator),
  );
  const replacedVoices: ReplacedVoice[] = [];
  if (!kept) {
    const voiceName = nameIn(parent.narratorVoice);
    const voice = narrator.id;
    replacedVoices.push({ place: VoicePlace.Narrator, voiceName, characterName: null, voice });
  }
  for (const [at, { voice, characterName }] of parent.voiceCast.entries()) {
    if (find(voice)) continue;
    const instead = voiceCast[at]?.voice ?? narrator.id;
    const { Character: place } = VoicePlace;
    replacedVoices.push({ place, voiceName: nameIn(voice), characterName, voice: instead });
  }
  for (const voice of segmentVoices.filter((each) => !find(each))) {
    const { Segments: place } = VoicePlace;
    replacedVoices.push({ place, voiceName: nameIn(voice), characterName: null, voice: null });
  }
  const keptVoices = segmentVoices.filter((voice) => find(voice));
  return { narrator, voiceCast, keptVoices, replacedVoices };
}

const recast = (
  { characterId, characterName }: CastMember,
  automatic: readonly CastMember[],
  narrator: OfferedVoice,
): CastMember =>
  automatic.find((member) => member.characterId === characterId) ?? {
    ...{ characterId, characterName, isAutomatic: true },
    ...{ voice: narrator.id, voiceName: narrator.displayName },
  };
