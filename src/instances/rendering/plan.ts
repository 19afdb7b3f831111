import { isClimax, pauseAfter } from "../../audio/pauses.js";
import type { ResolvedProsody } from "../../audio/prosody.js";
import type { ChapterMark, Speaker } from "../../audio/timings.js";
import { ConflictError } from "../../platform/errors.js";
import type { SpeechProvider, SpeechRequest } from "../../providers/speech/speech.port.js";
import type { CastMember } from "../narration/cast.js";
import type { NarrationEntity } from "../narration/narration.entity.js";
import type { Delivery, VoiceModifications } from "../narration/voice-modifications.js";
import { type Recipe, recipeKeyOf } from "./recipe.js";
import { segmentProsody } from "./segment-prosody.js";
import type { SpeechDirectory } from "./speech-directory.js";

/** A line of the script with what rendering needs to know of its story. */
export interface ScriptLine {
  readonly position: number;
  readonly kind: "narration" | "dialogue";
  readonly text: string;
  readonly speakerId: string | null;
  readonly emotion: string;
  readonly intensity: number;
  readonly voice: string | null;
  readonly prosody: Delivery | null;
  readonly pauseAfterMs: number | null;
  readonly paragraph: number | null;
  /** Manners of speaking the analysis found, such as whisper. */
  readonly modulations: readonly { readonly key: string; readonly strength: number }[];
  readonly storyStart: number | null;
  readonly storyEnd: number | null;
  /** Whether the text equals the reference segment's, so that its sound is nobody's. */
  readonly isReferenceText: boolean;
}

/** How one segment is to sound, resolved to numbers. */
export interface PlannedSegment {
  readonly line: ScriptLine;
  readonly speaker: Speaker | null;
  readonly voice: string;
  readonly prosody: ResolvedProsody;
  readonly recipe: Recipe;
  readonly recipeKey: string;
  /** Shared renditions are only of public text, said as it is written, in a catalogue voice. */
  readonly isShared: boolean;
  readonly pauseAfterMs: number;
}

/** What is rendered: equal plans sound the same. */
export interface RenderPlan {
  /** Of the files: the narration's, else the story's. */
  readonly title: string;
  /** In order, the first at the first segment. */
  readonly chapters: readonly ChapterMark[];
  readonly segments: readonly PlannedSegment[];
}

export interface PlanContext {
  readonly narration: Pick<
    NarrationEntity,
    "narratorVoice" | "voiceCast" | "voiceModifications" | "id"
  >;
  readonly language: string;
  /** Names of the characters, by their ids. */
  readonly speakerNames: ReadonlyMap<string, string>;
  readonly speech: Pick<SpeechDirectory, "providerOf" | "speaks" | "voicesFor">;
}

const MOST_CHOICES = 5;

const NEUTRAL = "neutral";
/** Not a feeling but a manner, which numbers say exactly. */
const WHISPER = "whisper";

/** @throws ConflictError where a voice is gone or does not speak the language, naming the choices */
export function planRendering(
  lines: readonly ScriptLine[],
  context: PlanContext,
): PlannedSegment[] {
  return lines.map((line, index) => planned(line, lines[index + 1], context));
}

function planned(
  line: ScriptLine,
  next: ScriptLine | undefined,
  context: PlanContext,
): PlannedSegment {
  const voice = voiceOfLine(line, context.narration);
  const prosody = segmentProsody(line, line.modulations, context.narration.voiceModifications);
  const recipe = recipeOf({ line, voice, prosody }, context);
  const isShared = line.isReferenceText && (recipe.request.lexicon ?? []).length === 0;
  const { speakerId } = line;
  return {
    line,
    speaker:
      speakerId === null
        ? null
        : { id: speakerId, name: context.speakerNames.get(speakerId) ?? speakerId },
    voice,
    prosody,
    recipe,
    recipeKey: recipeKeyOf(recipe),
    isShared,
    pauseAfterMs: line.pauseAfterMs ?? defaultPause(line, next, prosody),
  };
}

/** A segment's own voice, else its speaker's, else the narrator's. */
export function voiceOfLine(
  line: Pick<ScriptLine, "voice" | "speakerId">,
  narration: { readonly narratorVoice: string; readonly voiceCast: readonly CastMember[] },
): string {
  if (line.voice !== null) return line.voice;
  const member = narration.voiceCast.find(({ characterId }) => characterId === line.speakerId);
  return member?.voice ?? narration.narratorVoice;
}

function recipeOf(
  { line, voice, prosody }: Pick<PlannedSegment, "line" | "voice" | "prosody">,
  context: PlanContext,
): Recipe {
  const { narration, language } = context;
  const provider = speakerOf(line, voice, context);
  const spelled = line.text.toLowerCase();
  const lexicon = (narration.voiceModifications.lexicon ?? []).filter(({ word }) =>
    holdsWord(spelled, word.toLowerCase()),
  );
  const request: SpeechRequest = {
    // Only the end: words are offsets into the line's text.
    text: line.text.trimEnd(),
    language,
    voice,
    ...deliveryOf(line, prosody, { provider, changes: narration.voiceModifications }),
    ...(lexicon.length > 0 ? { lexicon } : {}),
  };
  return { provider: provider.id, providerVersion: provider.capabilities().version, request };
}

/** In numbers; a provider that acts emotions itself is told the emotion and gets the numbers without it. */
function deliveryOf(
  line: ScriptLine,
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
    ? segmentProsody({ ...line, intensity: 0 }, line.modulations, changes)
    : prosody;
  const { gain: _gain, pauses: _pauses, ...spoken } = numbers;
  return { prosody: spoken, ...(isActed ? { emotion: { name, intensity } } : {}) };
}

/** @throws ConflictError with the narration and some voices that can */
function speakerOf(
  { position }: ScriptLine,
  voice: string,
  { narration, language, speech }: PlanContext,
): SpeechProvider {
  const provider = speech.providerOf(voice);
  if (provider && speech.speaks(voice, language)) return provider;
  const choices = speech.voicesFor(language).slice(0, MOST_CHOICES).join(", ");
  throw new ConflictError(
    provider
      ? `Narration ${narration.id} is in the language "${language}", which the voice ${voice} of segment ${position} does not speak; ${choices ? `choose one that does: ${choices}` : "none does"}.`
      : `Segment ${position} of narration ${narration.id} has the voice ${voice}, which is no longer on offer; choose another of \`voices\`${choices && `, such as ${choices}`}.`,
    narration,
  );
}

/** Whether the word stands there by itself: a part of a longer one is not said otherwise. */
function holdsWord(text: string, word: string): boolean {
  if (!text.includes(word)) return false;
  const literal = word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  return new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, "u").test(text);
}

function defaultPause(
  line: ScriptLine,
  next: ScriptLine | undefined,
  { pauses }: ResolvedProsody,
): number {
  return pauseAfter({
    text: line.text,
    endsParagraph: next?.paragraph !== line.paragraph,
    changesSpeaker: (next ?? line).speakerId !== line.speakerId,
    isBeforeClimax: next !== undefined && isClimax(line, next),
    pauses,
  });
}
