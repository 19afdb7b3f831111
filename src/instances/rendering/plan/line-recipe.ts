import type { ResolvedProsody } from "../../../audio/delivery/resolved-prosody.js";
import type { SpeechProvider, SpeechRequest } from "../../../providers/speech/speech.port.js";
import { type Recipe, type SpokenEdit, recipeKeyOf } from "../../../reference/index.js";
import type { CastMember } from "../../narration/voices/cast.js";
import type { NarrationEntity } from "../../narration/narration.entity.js";
import { voiceOfLine } from "../../narration/voices/line-voice.js";
import type { VoiceModifications } from "../../narration/voices/voice-modifications.js";
import { choosePersonalSpeaker } from "./personal-speaker.js";
import { type DeliveredSegment, type Manner, resolveSegmentProsody } from "./segment-prosody.js";
import type { SpeechDirectory } from "../speech-directory.js";
import { type WrittenLine, findSpokenEdits, spokenText } from "./spoken-edits.js";

/** The parts of a script line that decide its sound. */
export interface SpokenLine extends DeliveredSegment, WrittenLine {
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
  /** The parts of the line's text that the voice says in another form. */
  readonly spokenEdits: readonly SpokenEdit[];
}

/** The form in which the last render's voice said a line. */
export interface LastSpoken {
  /** null before the first render. */
  readonly recipeKey: string | null;
  /** null if the voice said the text as it is written. */
  readonly spokenEdits: readonly SpokenEdit[] | null;
}

/** What the last render stored for a line. All members are null before the first render. */
export interface LastRenderedSound extends LastSpoken {
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

/** Everything of a line's recipe except its text. */
interface Delivery {
  readonly voice: string;
  readonly provider: SpeechProvider;
  readonly prosody: ResolvedProsody;
  readonly request: Omit<SpeechRequest, "text" | "lexicon">;
}

/**
 * Resolves a line's voice, prosody and recipe. A line that was rendered keeps the form in which it was said, as
 * long as nothing else of its recipe changes: a new version of the spoken form makes no sound again. Returns null
 * if the voice is gone or does not speak the language.
 */
export function resolveLine(
  line: SpokenLine & Partial<LastSpoken>,
  context: LineContext,
): ResolvedLine | null {
  const delivery = deliveryOfLine(line, context);
  if (!delivery) return null;
  const kept = resolveAsSpoken(line, line, { delivery, context });
  if (kept) return kept;
  const { language } = context;
  const keep = lexiconWords(context.narration);
  return withText(line.text, findSpokenEdits(line, { language, keep }), { delivery, context });
}

/** Compares a line with its last render. */
export function compareWithLastRender(
  line: Omit<SpokenLine, "apparatus">,
  last: LastRenderedSound,
  context: LineContext,
): SoundComparison {
  const delivery = deliveryOfLine(line, context);
  const now = delivery && resolveAsSpoken(line, last, { delivery, context });
  if (!now) return { isCurrent: false, isStale: true };
  const { renderedGain } = last;
  // Older versions of the server did not store the gain, so a missing gain is not compared.
  return { isCurrent: true, isStale: renderedGain !== null && now.prosody.gain !== renderedGain };
}

type Lexical = Pick<NarrationEntity, "voiceModifications">;

/** Returns the words whose sound the owner's lexicon gives. They are said as they are written. */
export const lexiconWords = (narration: Lexical): readonly string[] =>
  lexiconOf(narration).map(({ word }) => word);

interface Delivered {
  readonly delivery: Delivery;
  readonly context: LineContext;
}

/** Returns null if anything of the line's recipe has changed since the render. */
function resolveAsSpoken(
  { text }: Pick<SpokenLine, "text">,
  { recipeKey = null, spokenEdits }: Partial<LastSpoken>,
  delivered: Delivered,
): ResolvedLine | null {
  if (recipeKey === null) return null;
  const resolved = withText(text, spokenEdits ?? [], delivered);
  return resolved.recipeKey === recipeKey ? resolved : null;
}

function withText(
  written: string,
  spokenEdits: readonly SpokenEdit[],
  { delivery: { voice, provider, prosody, request }, context }: Delivered,
): ResolvedLine {
  const text = spokenText(written, spokenEdits);
  const spelled = text.toLowerCase();
  const lexicon = lexiconOf(context.narration).filter(({ word }) =>
    containsWord(spelled, word.toLowerCase()),
  );
  const recipe: Recipe = {
    provider: provider.id,
    providerVersion: provider.capabilities().version,
    request: { text, ...request, ...(lexicon.length > 0 ? { lexicon } : {}) },
  };
  return { voice, prosody, recipe, recipeKey: recipeKeyOf(recipe), spokenEdits };
}

const lexiconOf = ({ voiceModifications }: Lexical) => voiceModifications.lexicon ?? [];

function deliveryOfLine(
  line: Omit<SpokenLine, "apparatus">,
  { narration, language, speech }: LineContext,
): Delivery | null {
  const voice = voiceOfLine(line, narration);
  const provider = speech.providerOf(voice);
  if (!provider || !speech.speaks(voice, language)) return null;
  const changes = narration.voiceModifications;
  const own = speech.personalVoice(voice);
  const speaker = own && choosePersonalSpeaker(own, line);
  const prosody = resolveSegmentProsody(line, line.modulations, changes, speaker?.own);
  const request = {
    language,
    voice,
    ...deliveryOf(line, prosody, { provider, changes }),
    ...(speaker ? { personal: speaker.personal } : {}),
  };
  return { voice, provider, prosody, request };
}

/**
 * Returns the delivery for the provider's request. A provider that can express emotions gets the
 * name and intensity of the emotion, and prosody numbers without the effect of the emotion. Every
 * other provider gets prosody numbers that include the effect of the emotion.
 */
function deliveryOf(
  line: DeliveredSegment & Pick<SpokenLine, "modulations">,
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
