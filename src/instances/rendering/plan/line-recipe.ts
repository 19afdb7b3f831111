import type { ResolvedProsody } from "../../../audio/delivery/resolved-prosody.js";
import type { SpeechProvider, SpeechRequest } from "../../../providers/speech/speech.port.js";
import { type Recipe, recipeKeyOf } from "../../../reference/index.js";
import type { CastMember } from "../../narration/voices/cast.js";
import type { NarrationEntity } from "../../narration/narration.entity.js";
import { voiceOfLine } from "../../narration/voices/line-voice.js";
import type { VoiceModifications } from "../../narration/voices/voice-modifications.js";
import { choosePersonalSpeaker } from "./personal-speaker.js";
import { type DeliveredSegment, type Manner, resolveSegmentProsody } from "./segment-prosody.js";
import type { SpeechDirectory } from "../speech-directory.js";

/** The parts of a script line that decide its sound. */
export interface SpokenLine extends DeliveredSegment {
  readonly text: string;
  readonly voice: string | null;
  /** Manners of speaking that the analysis found, such as whisper. */
  readonly modulations: readonly Manner[];
}

/** Everything outside a line that the line's sound depends on. */
export interface LineContext {
  readonly narration: Pick<NarrationEntity, "narratorVoice" | "voiceModifications"> & {
    readonly voiceCast: readonly CastMember[];
  };
  /** The script's language, a BCP 47 tag. */
  readonly language: string;
  readonly speech: Pick<SpeechDirectory, "providerOf" | "speaks" | "personalVoice">;
}

/** A line's voice, prosody and recipe, resolved to numbers. */
export interface ResolvedLine {
  readonly voice: string;
  readonly prosody: ResolvedProsody;
  readonly recipe: Recipe;
  readonly recipeKey: string;
}

/** What the last render stored for a line. Both members are null before the first render. */
export interface LastRenderedSound {
  readonly recipeKey: string | null;
  readonly renderedGain: number | null;
}

export interface SoundComparison {
  /** True if the stored rendition still matches the line's text, voice and delivery. */
  readonly isCurrent: boolean;
  /** True if rendering now would change the line in the joined sound. */
  readonly isStale: boolean;
}

const NEUTRAL = "neutral";
/**
 * The analysis can name "whisper" as the emotion of a segment, but a whisper is a manner of speaking. A
 * provider gets a whisper only as numbers, because the numbers express a whisper exactly.
 */
const WHISPER = "whisper";

/**
 * Resolves a line's voice, prosody and recipe. Returns null if the voice is gone or does not speak the
 * language.
 */
export function resolveLine(line: SpokenLine, context: LineContext): ResolvedLine | null {
  const { narration, language, speech } = context;
  const voice = voiceOfLine(line, narration);
  const provider = speech.providerOf(voice);
  if (!provider || !speech.speaks(voice, language)) return null;
  const changes = narration.voiceModifications;
  const own = speech.personalVoice(voice);
  const speaker = own && choosePersonalSpeaker(own, line);
  const prosody = resolveSegmentProsody(line, line.modulations, changes, speaker?.own);
  const spelled = line.text.toLowerCase();
  const lexicon = (changes.lexicon ?? []).filter(({ word }) =>
    containsWord(spelled, word.toLowerCase()),
  );
  const request: SpeechRequest = {
    // Trim only the end of the text. The rendition stores the position of each word in the line's text,
    // and trimming the start would shift these positions.
    text: line.text.trimEnd(),
    language,
    voice,
    ...deliveryOf(line, prosody, { provider, changes }),
    ...(lexicon.length > 0 ? { lexicon } : {}),
    ...(speaker ? { personal: speaker.personal } : {}),
  };
  const providerVersion = provider.capabilities().version;
  const recipe = { provider: provider.id, providerVersion, request };
  return { voice, prosody, recipe, recipeKey: recipeKeyOf(recipe) };
}

/** Compares a line with its last render. */
export function compareWithLastRender(
  line: SpokenLine,
  { recipeKey, renderedGain }: LastRenderedSound,
  context: LineContext,
): SoundComparison {
  const now = recipeKey === null ? null : resolveLine(line, context);
  if (now?.recipeKey !== recipeKey) return { isCurrent: false, isStale: true };
  // Older versions of the server did not store the gain, so a missing gain is not compared.
  return { isCurrent: true, isStale: renderedGain !== null && now.prosody.gain !== renderedGain };
}

/**
 * Returns the delivery for the provider's request. A provider that can express emotions gets the
 * name and intensity of the emotion, and prosody numbers without the effect of the emotion. Every
 * other provider gets prosody numbers that include the effect of the emotion.
 */
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

/**
 * Returns true if the text contains the word as a whole word, because a lexicon entry does not change a
 * part of a longer word.
 */
function containsWord(text: string, word: string): boolean {
  if (!text.includes(word)) return false;
  const literal = word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, "u").test(text);
}
