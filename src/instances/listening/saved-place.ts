import { type Span, fractionOf, movedPart } from "./places.js";

/** SQL: joins the analysis `f` and the segment `o` in which the place `p` was saved. */
export const SAVED_IN = `LEFT JOIN reference.story_analyses f ON f.id = p.analysis_id
  LEFT JOIN reference.story_segments o ON o.analysis_id = p.analysis_id AND o.position = p.position`;

/** SQL: the segment of the analysis with the alias `analysis` that the place `p` is in. NULL without analysis. */
export const segmentIn = (analysis: string): string => `CASE
  WHEN ${analysis}.id IS NULL OR ${analysis}.segment_count = 0 THEN NULL
  WHEN o.analysis_id IS NULL THEN least(p.position, ${analysis}.segment_count - 1)
  WHEN o.analysis_id = ${analysis}.id THEN p.position
  WHEN f.content_hash = ${analysis}.content_hash THEN reference.segment_at(${analysis}.id, ${analysis}.segment_count,
    least(o.utf16_start + coalesce(p.part, 0) * (o.utf16_end - o.utf16_start), o.utf16_end - 1))
  ELSE reference.moved_segment(f.id, p.position, f.segment_count, ${analysis}.id, ${analysis}.segment_count) END`;

/** SQL: what `placeNow` needs, from the segment `t` of the analysis with the alias `analysis`. */
export const placeColumns = (analysis: string): string => `t.position AS "nowPosition",
  t.utf16_start AS "nowStart", t.utf16_end AS "nowEnd", o.utf16_start AS "savedStart", o.utf16_end AS "savedEnd",
  f.content_hash = ${analysis}.content_hash AS "isSameText", o.text = t.text AS "isSameSentence"`;

/** A saved place, and the segment of another analysis that the place is in. */
export interface MovedPlace {
  readonly part: number | null;
  readonly offsetMs: number;
  readonly nowPosition: number | null;
  readonly nowStart: number | null;
  readonly nowEnd: number | null;
  readonly savedStart: number | null;
  readonly savedEnd: number | null;
  readonly isSameText: boolean | null;
  readonly isSameSentence: boolean | null;
}

/** A place in the story as it is analysed now. */
export interface PlaceNow extends Span {
  readonly position: number;
  readonly part: number | null;
  readonly offsetMs: number;
}

/** Returns null if there is no analysis. */
export function placeNow(row: MovedPlace): PlaceNow | null {
  const { part, nowPosition, nowStart, nowEnd } = row;
  if (nowPosition === null || nowStart === null || nowEnd === null) return null;
  const saved = savedSpan(row);
  const isSameText = row.isSameText ?? false;
  const isSameSentence = row.isSameSentence ?? false;
  const now = { start: nowStart, end: nowEnd };
  const isSameStart = isSameText ? saved?.start === nowStart : isSameSentence;
  return {
    ...now,
    position: nowPosition,
    part: movedPart(part, saved, now, { isSameText, isSameSentence }),
    offsetMs: isSameStart || saved === null ? row.offsetMs : 0,
  };
}

const savedSpan = ({ savedStart, savedEnd }: MovedPlace): Span | null =>
  savedStart === null || savedEnd === null ? null : { start: savedStart, end: savedEnd };

/** A row of `listeningStore`: a saved place, and the story's current analysis. */
export interface ListenedRow extends MovedPlace {
  readonly referenceStoryId: number;
  /** The analysis of the story's current text. null without a ready analysis. */
  readonly currentAnalysisId: number | null;
  readonly narrationId: string | null;
  readonly shareTokenHash: string | null;
  readonly isFinished: boolean;
  readonly updatedAt: Date;
  /** Where the segments of the current analysis begin and end; without one, those of the saved analysis. */
  readonly textStart: number | null;
  readonly textEnd: number | null;
}

/** A person's place in a story, in terms of the story's current analysis. */
export class ListeningPosition {
  readonly segment: PlaceNow | null;

  constructor(private readonly row: ListenedRow) {
    this.segment = placeNow(row);
  }

  get referenceStoryId(): number {
    return this.row.referenceStoryId;
  }

  get analysisId(): number | null {
    return this.row.currentAnalysisId;
  }

  get narrationId(): string | null {
    return this.row.narrationId;
  }

  get shareTokenHash(): string | null {
    return this.row.shareTokenHash;
  }

  get offsetMs(): number {
    return this.segment?.offsetMs ?? this.row.offsetMs;
  }

  get isFinished(): boolean {
    return this.row.isFinished;
  }

  get updatedAt(): Date {
    return this.row.updatedAt;
  }

  /** Which part of the story was heard, by characters of its text, from 0 to 1. */
  get fraction(): number {
    const { textStart, textEnd, part } = this.row;
    if (this.isFinished) return 1;
    const segment = this.segment ?? savedSpan(this.row);
    if (!segment || textStart === null || textEnd === null) return 0;
    return fractionOf({ start: textStart, end: textEnd }, segment, this.segment?.part ?? part);
  }
}
