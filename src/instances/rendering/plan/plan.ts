import { isClimax, pauseAfter } from "../../../audio/delivery/pauses.js";
import type { ResolvedProsody } from "../../../audio/delivery/resolved-prosody.js";
import type { ChapterMark, Speaker } from "../../../audio/files/timings.js";
import { ConflictError } from "../../../platform/errors.js";
import { ConsentEndedError } from "../../consent/consent-end.js";
import { voiceOfLine } from "../../narration/voices/line-voice.js";
import { type NarrationEntity, nameOf } from "../../narration/narration.entity.js";
import {
  type LineContext,
  type ResolvedLine,
  type SpokenLine,
  resolveLine,
} from "./line-recipe.js";
import { isPersonalVoiceId } from "../../personal-voice/personal-voice.js";
import type { SpeechDirectory } from "../speech-directory.js";

/** A line of the script, with the story data that rendering needs. */
export interface ScriptLine extends SpokenLine {
  readonly position: number;
  readonly kind: "narration" | "dialogue";
  readonly pauseAfterMs: number | null;
  readonly paragraph: number | null;
  readonly storyStart: number | null;
  readonly storyEnd: number | null;
  /**
   * True if the text equals the story segment's text. A rendition of story text reveals nothing
   * private.
   */
  readonly isReferenceText: boolean;
}

/** A segment as it will be in the joined sound. */
export interface PlannedSegment extends ResolvedLine {
  readonly line: ScriptLine;
  readonly speaker: Speaker | null;
  /**
   * True if everyone shares the rendition: the story's own text, spoken as it is written, in a
   * catalogue voice. False if the rendition belongs to the owner.
   */
  readonly isShared: boolean;
  readonly pauseAfterMs: number;
  /**
   * The reason why the voice cannot say any of the text. A segment with a reason is silent. null if the
   * voice can speak.
   */
  readonly unspeakable: string | null;
}

/** Everything that a render turns into sound. Equal plans give equal sound. */
export interface RenderPlan {
  /** The title in the files: the narration's title, or the story's. */
  readonly title: string;
  /** The chapters, in order. The first chapter begins at the first segment. */
  readonly chapters: readonly ChapterMark[];
  readonly segments: readonly PlannedSegment[];
}

export interface PlanContext extends LineContext {
  readonly narration: LineContext["narration"] & Pick<NarrationEntity, "title">;
  /** Names of the characters, by their ids. */
  readonly speakerNames: ReadonlyMap<string, string>;
  readonly speech: Pick<
    SpeechDirectory,
    "providerOf" | "speaks" | "personalVoice" | "voicesFor" | "explainUnavailable"
  >;
}

const MOST_CHOICES = 5;

/**
 * Resolves each line to a segment with its recipe and pause.
 * @throws ConsentEndedError if a voice is personal and its consent has ended
 * @throws ConflictError if a voice is gone or does not speak the language; the message names other
 *   voices
 */
export function planRendering(
  lines: readonly ScriptLine[],
  context: PlanContext,
): PlannedSegment[] {
  return lines.map((line, index) => planSegment(line, lines[index + 1], context));
}

function planSegment(
  line: ScriptLine,
  next: ScriptLine | undefined,
  context: PlanContext,
): PlannedSegment {
  const resolved = resolveLine(line, context) ?? refuseVoice(line, context);
  const { speakerId } = line;
  return {
    ...resolved,
    line,
    speaker:
      speakerId === null
        ? null
        : { id: speakerId, name: context.speakerNames.get(speakerId) ?? speakerId },
    isShared: line.isReferenceText && revealsNothing(resolved.recipe),
    unspeakable:
      context.speech.providerOf(resolved.voice)?.explainUnspeakable?.(resolved.recipe.request) ??
      null,
    pauseAfterMs: line.pauseAfterMs ?? defaultPause(line, next, resolved.prosody),
  };
}

/** Returns true if the recipe says the text as it is written, in a voice of the catalogue. */
const revealsNothing = ({ request: { lexicon = [], personal } }: ResolvedLine["recipe"]): boolean =>
  lexicon.length === 0 && personal === undefined;

/**
 * @throws ConsentEndedError if the voice is personal and its consent has ended
 * @throws ConflictError that contains the narration and names some voices that speak the language
 */
function refuseVoice(line: ScriptLine, { narration, language, speech }: PlanContext): never {
  const voice = voiceOfLine(line, narration);
  const choices = speech.voicesFor(language).slice(0, MOST_CHOICES).join(", ");
  const reason = speech.explainUnavailable(voice);
  if (reason !== null) {
    const isConsentEnded = speech.personalVoice(voice)?.unavailable === "no_consent";
    throw new (isConsentEnded ? ConsentEndedError : ConflictError)(
      `Segment ${line.position} of ${nameOf(narration, "this narration")}: ${reason}`,
      narration,
    );
  }
  if (isPersonalVoiceId(voice) && !speech.personalVoice(voice)) {
    throw new ConflictError(
      `Segment ${line.position} of ${nameOf(narration, "this narration")} has a personal voice that was deleted, so that voice is no longer available; choose another of \`voices\`.`,
      narration,
    );
  }
  throw new ConflictError(
    speech.providerOf(voice)
      ? `${nameOf(narration)} is in the language "${language}". The voice ${nameOfVoice(voice, speech)} of segment ${line.position} does not speak this language; ${choices ? `choose a voice that does: ${choices}` : "no available voice does"}.`
      : `Segment ${line.position} of ${nameOf(narration, "this narration")} has the voice ${voice}, which is no longer available; choose another of \`voices\`${choices && `, such as ${choices}`}.`,
    narration,
  );
}

/** Returns the name of a personal voice in quotation marks, or the id of a catalogue voice. */
function nameOfVoice(voice: string, speech: PlanContext["speech"]): string {
  const own = speech.personalVoice(voice);
  return own ? `“${own.displayName}”` : voice;
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
