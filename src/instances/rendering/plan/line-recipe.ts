import type { ResolvedProsody } from "../../../audio/delivery/resolved-prosody.js";
import type { SpeechProvider, SpeechRequest } from "../../../providers/speech/speech.port.js";
import type { CastMember } from "../../narration/cast.js";
import type { NarrationEntity } from "../../narration/narration.entity.js";
import { voiceOfLine } from "../../narration/line-voice.js";
import type { VoiceModifications } from "../../narration/voice-modifications.js";
import { type Recipe, recipeKeyOf } from "./recipe.js";
import { type DeliveredSegment, type Manner, resolveSegmentProsody } from "./segment-prosody.js";
import type { SpeechDirectory } from "../speech-directory.js";

/** A line of a script as far as its own sound goes. */
export interface SpokenLine extends DeliveredSegment {
  readonly text: string;
  readonly voice: string | null;
  /** Manners of speaking the analysis found, such as whisper. */
  readonly modulations: readonly Manner[];
}

/** What of its narration a line's sound depends on. */
export interface LineContext {
  readonly narration: Pick<NarrationEntity, "narratorVoice" | "voiceModifications"> & {
    readonly voiceCast: readonly CastMember[];
  };
  /** The story's. */
  readonly language: string;
  readonly speech: Pick<SpeechDirectory, "providerOf" | "speaks">;
}

/** How one line is to sound, resolved to numbers. */
export interface ResolvedLine {
  readonly voice: string;
  readonly prosody: ResolvedProsody;
  readonly recipe: Recipe;
  readonly recipeKey: string;
}

/** What the last render kept of a line; null before the first. */
export interface LastRenderedSound {
  readonly recipeKey: string | null;
  readonly renderedGain: number | null;
}

export interface SoundComparison {
  /** Its words and its sound agree. */
  readonly isCurrent: boolean;
  /** The joined sound says it otherwise than it is to be said. */
  readonly isStale: boolean;
}

const NEUTRAL = "neutral";
/** Not a feeling but a manner, which numbers say exactly. */
const WHISPER = "whisper";

/** null where its voice is gone, or does not speak the language. */
export function resolveLine(line: SpokenLine, context: LineContext): ResolvedLine | null {
  const { narration, language, speech } = context;
  const voice = voiceOfLine(line, narration);
  const provider = speech.providerOf(voice);
  if (!provider || !speech.speaks(voice, language)) return null;
  const changes = narration.voiceModifications;
  const prosody = resolveSegmentProsody(line, line.modulations, changes);
  const spelled = line.text.toLowerCase();
  const lexicon = (changes.lexicon ?? []).filter(({ word }) =>
    containsWord(spelled, word.toLowerCase()),
  );
  const request: SpeechRequest = {
    // Only the end: words are offsets into the line's text.
    text: line.text.trimEnd(),
    language,
    voice,
    ...deliveryOf(line, prosody, { provider, changes }),
    ...(lexicon.length > 0 ? { lexicon } : {}),
  };
  const providerVersion = provider.capabilities().version;
  const recipe = { provider: provider.id, providerVersion, request };
  return { voice, prosody, recipe, recipeKey: recipeKeyOf(recipe) };
}

/** Whether a line still has the sound it was rendered to, and whether that is in the whole as it is to be. */
export function compareWithLastRender(
  line: SpokenLine,
  { recipeKey, renderedGain }: LastRenderedSound,
  context: LineContext,
): SoundComparison {
  const now = recipeKey === null ? null : resolveLine(line, context);
  if (now?.recipeKey !== recipeKey) return { isCurrent: false, isStale: true };
  // Gains were not always kept.
  return { isCurrent: true, isStale: renderedGain !== null && now.prosody.gain !== renderedGain };
}

/** In numbers; a provider that acts emotions itself is told the emotion and gets the numbers without it. */
function deliveryOf(
  line: SpokenLine,
  prosody: ResolvedProsody,
  {
    provider,
    changes,
  }: { readonly provider: SpeechProvider; readonly changes: VoiceModifications },
): Pick<SpeechRequest, "prosody" | "emotion"> {
  const { emotion: name, intensity } = line;
  const { emotion } = provider.capabilities();
  const acts = emotion === "instruction" || emotion === "native";
  const isActed = acts && intensity > 0 && name !== NEUTRAL && name !== WHISPER;
  const numbers = isActed
    ? resolveSegmentProsody({ ...line, intensity: 0 }, line.modulations, changes)
    : prosody;
  const { gain: _gain, pauses: _pauses, ...spoken } = numbers;
  return { prosody: spoken, ...(isActed ? { emotion: { name, intensity } } : {}) };
}

/** Whether the word stands there by itself: a part of a longer one is not said otherwise. */
function containsWord(text: string, word: string): boolean {
  if (!text.includes(word)) return false;
  const literal = word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, "u").test(text);
}
