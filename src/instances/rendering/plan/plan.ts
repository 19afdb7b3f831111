import { setImmediate } from "node:timers/promises";
import { type Ending, isClimax, pauseAfter } from "../../../audio/delivery/pauses.js";
import type { ResolvedProsody } from "../../../audio/delivery/resolved-prosody.js";
import type { ChapterMark, Speaker } from "../../../audio/files/timings.js";
import { ConflictError } from "../../../platform/errors.js";
import { ConsentEndedError } from "../../consent/consent-end.js";
import { voiceOfLine } from "../../narration/voices/line-voice.js";
import { type NarrationEntity, nameOf } from "../../narration/narration.entity.js";
import {
  type LastSpoken,
  type LineContext,
  type ResolvedLine,
  type SpokenLine,
  resolveLine,
} from "./line-recipe.js";
import { isPersonalVoiceId } from "../../personal-voice/personal-voice.js";
import type { SpeechDirectory } from "../speech-directory.js";

/** A line of the script, with the story data that rendering needs. */
export interface ScriptLine extends SpokenLine, LastSpoken {
  readonly position: number;
  readonly kind: "narration" | "dialogue";
  readonly pauseAfterMs: number | null;
  readonly paragraph: number | null;
  readonly storyStart: number | null;
  readonly storyEnd: number | null;
  /** How the story's segment ends. null also if the analyser did not know how segments end. */
  readonly breakAfter: Exclude<Ending, "chapter"> | null;
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
   * True if everyone shares the rendition: the story's own text, spoken without a lexicon, in a
   * catalogue voice. False if the rendition belongs to the owner.
   */
  readonly isShared: boolean;
  readonly pauseAfterMs: number;
  /**
   * The reason why the voice cannot say any of the text. A segment with a reason is silent. null if the
   * voice can speak.
   */
  readonly unspeakable: string | null;
  /** True if nothing of the text is to be said, because it is only apparatus. Such a segment lacks nothing. */
  readonly isSilent: boolean;
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
  /** The chapters in order. A listener hears a long pause before each of them. */
  readonly chapters: readonly ChapterMark[];
  readonly speech: Pick<
    SpeechDirectory,
    "providerOf" | "speaks" | "personalVoice" | "voicesFor" | "explainUnavailable"
  >;
}

const MOST_CHOICES = 5;

/** Planning so many lines takes a few milliseconds. Then the process can answer other requests. */
const PLANNED_AT_ONCE = 50;

/** Does the same as `planSegments`, without blocking the event loop. */
export async function planRendering(
  lines: readonly ScriptLine[],
  context: PlanContext,
): Promise<PlannedSegment[]> {
  const planned: PlannedSegment[] = [];
  for (const segment of planSegments(lines, context)) {
    if (planned.length % PLANNED_AT_ONCE === 0) await setImmediate();
    planned.push(segment);
  }
  return planned;
}

/**
 * Resolves each line to a segment with its recipe and pause.
 * @throws ConsentEndedError if a voice is personal and its consent has ended
 * @throws ConflictError if a voice is gone or does not speak the language; the message names other
 *   voices
 */
export function* planSegments(
  lines: readonly ScriptLine[],
  context: PlanContext,
): Generator<PlannedSegment> {
  const chapterStarts = new Set(context.chapters.map(({ segment }) => segment));
  for (const [index, line] of lines.entries()) {
    const following = { next: lines[index + 1], beginsChapter: chapterStarts.has(index + 1) };
    yield planSegment(line, following, context);
  }
}

/** What follows a line. */
interface Following {
  readonly next: ScriptLine | undefined;
  readonly beginsChapter: boolean;
}

function planSegment(line: ScriptLine, following: Following, context: PlanContext): PlannedSegment {
  const resolved = resolveLine(line, context) ?? refuseVoice(line, context);
  const { speakerId } = line;
  const { request } = resolved.recipe;
  const isSilent = request.text === "";
  const provider = context.speech.providerOf(resolved.voice);
  return {
    ...resolved,
    line,
    speaker:
      speakerId === null
        ? null
        : { id: speakerId, name: context.speakerNames.get(speakerId) ?? speakerId },
    isShared: line.isReferenceText && revealsNothing(resolved.recipe),
    unspeakable: isSilent ? null : (provider?.explainUnspeakable?.(request) ?? null),
    isSilent,
    pauseAfterMs: line.pauseAfterMs ?? defaultPause(line, following, resolved.prosody),
  };
}

/** Returns true if the recipe says the text without a lexicon, in a voice of the catalogue. */
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

function defaultPause(line: ScriptLine, following: Following, { pauses }: ResolvedProsody): number {
  const { next } = following;
  return pauseAfter({
    text: line.text,
    ending: endingOf(line, following),
    changesSpeaker: (next ?? line).speakerId !== line.speakerId,
    isBeforeClimax: next !== undefined && isClimax(line, next),
    pauses,
  });
}

/**
 * Without `breakAfter`, only the ends of paragraphs are known, as when the narration was made. A line that the owner
 * inserted is in no paragraph, and can be the last one before a chapter.
 */
function endingOf(
  { breakAfter, paragraph }: ScriptLine,
  { next, beginsChapter }: Following,
): Ending | null {
  if (beginsChapter && (breakAfter !== null || paragraph === null)) return "chapter";
  if (breakAfter !== null) return breakAfter;
  return next?.paragraph === paragraph ? null : "paragraph";
}
