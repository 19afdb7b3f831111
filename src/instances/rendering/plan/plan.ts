import { isClimax, pauseAfter } from "../../../audio/delivery/pauses.js";
import type { ResolvedProsody } from "../../../audio/delivery/resolved-prosody.js";
import type { ChapterMark, Speaker } from "../../../audio/files/timings.js";
import { ConflictError } from "../../../platform/errors.js";
import { voiceOfLine } from "../../narration/line-voice.js";
import { type NarrationEntity, nameOf } from "../../narration/narration.entity.js";
import {
  type LineContext,
  type ResolvedLine,
  type SpokenLine,
  resolveLine,
} from "./line-recipe.js";
import type { SpeechDirectory } from "../speech-directory.js";

/** A line of the script with what rendering needs to know of its story. */
export interface ScriptLine extends SpokenLine {
  readonly position: number;
  readonly kind: "narration" | "dialogue";
  readonly pauseAfterMs: number | null;
  readonly paragraph: number | null;
  readonly storyStart: number | null;
  readonly storyEnd: number | null;
  /** Whether the text equals the reference segment's, so that its sound is nobody's. */
  readonly isReferenceText: boolean;
}

/** A segment as it will stand in the whole. */
export interface PlannedSegment extends ResolvedLine {
  readonly line: ScriptLine;
  readonly speaker: Speaker | null;
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

export interface PlanContext extends LineContext {
  readonly narration: LineContext["narration"] & Pick<NarrationEntity, "title">;
  /** Names of the characters, by their ids. */
  readonly speakerNames: ReadonlyMap<string, string>;
  readonly speech: Pick<SpeechDirectory, "providerOf" | "speaks" | "voicesFor">;
}

const MOST_CHOICES = 5;

/** @throws ConflictError where a voice is gone or does not speak the language, naming the choices */
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
  const isShared = line.isReferenceText && (resolved.recipe.request.lexicon ?? []).length === 0;
  const { speakerId } = line;
  return {
    ...resolved,
    line,
    speaker:
      speakerId === null
        ? null
        : { id: speakerId, name: context.speakerNames.get(speakerId) ?? speakerId },
    isShared,
    pauseAfterMs: line.pauseAfterMs ?? defaultPause(line, next, resolved.prosody),
  };
}

/** @throws ConflictError with the narration and some voices that can */
function refuseVoice(line: ScriptLine, { narration, language, speech }: PlanContext): never {
  const voice = voiceOfLine(line, narration);
  const choices = speech.voicesFor(language).slice(0, MOST_CHOICES).join(", ");
  throw new ConflictError(
    speech.providerOf(voice)
      ? `${nameOf(narration)} is in the language "${language}", which the voice ${voice} of segment ${line.position} does not speak; ${choices ? `choose one that does: ${choices}` : "none does"}.`
      : `Segment ${line.position} of ${nameOf(narration, "this narration")} has the voice ${voice}, which is no longer on offer; choose another of \`voices\`${choices && `, such as ${choices}`}.`,
    narration,
  );
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
