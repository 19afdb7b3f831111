import { type ExtractedTemplate, extractTemplates } from "../voice-modulation/extraction.js";
import type { AnalysisDocument } from "./analyser/index.js";

/**
 * The largest number of segments that one statement stores. The JSON of this many segments takes
 * less than a megabyte.
 */
const BATCH_SIZE = 2000;

/**
 * An analysis in the form that a worker thread returns: the facts about the whole text, and the
 * rows of the segments as JSON. A long text with short lines has 250,000 segments. As objects, they
 * would take a gigabyte in each thread.
 */
export interface PackedAnalysis extends Pick<
  AnalysisDocument,
  "summary" | "mood" | "characters" | "usage"
> {
  readonly templates: readonly ExtractedTemplate[];
  readonly segmentCount: number;
  /**
   * Batches of rows of `story_segments`, as JSON in UTF-8. Threads share this memory, so the rows
   * are not copied from thread to thread.
   */
  readonly batches: readonly Uint8Array<SharedArrayBuffer>[];
}

export function packAnalysis(document: AnalysisDocument, text: string): PackedAnalysis {
  const { summary, mood, characters, usage, segments } = document;
  const batches: Uint8Array<SharedArrayBuffer>[] = [];
  for (let first = 0; first < segments.length; first += BATCH_SIZE) {
    const rows = segments
      .slice(first, first + BATCH_SIZE)
      .map((segment, index) => rowOf(segment, first + index, text));
    batches.push(shareText(JSON.stringify(rows)));
  }
  return {
    ...{ summary, mood, characters, usage, batches },
    templates: extractTemplates(document, text),
    segmentCount: segments.length,
  };
}

/** Returns the rows of a batch as JSON. */
export const readBatch = (batch: Uint8Array<SharedArrayBuffer>): string =>
  Buffer.from(batch.buffer).toString("utf8");

function shareText(text: string): Uint8Array<SharedArrayBuffer> {
  const shared = new Uint8Array(new SharedArrayBuffer(Buffer.byteLength(text)));
  new TextEncoder().encodeInto(text, shared);
  return shared;
}

const rowOf = (segment: AnalysisDocument["segments"][number], position: number, text: string) => ({
  position,
  paragraph: segment.paragraphIndex,
  kind: segment.kind,
  utf16_start: segment.start,
  utf16_end: segment.end,
  text: text.slice(segment.start, segment.end),
  speaker_id: segment.speakerId,
  attribution: segment.attribution,
  emotion: segment.emotion.label,
  intensity: segment.emotion.intensity,
  valence: segment.emotion.valence,
  modulations: segment.modulations,
  sounds: segment.sounds,
});
