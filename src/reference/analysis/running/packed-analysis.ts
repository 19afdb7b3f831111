import { deflateSync, inflateSync } from "node:zlib";
import { type ExtractedTemplate, TemplateExtractor } from "../../voice-modulation/extraction.js";
import type { AnalysisDocument } from "../analyser/index.js";

/**
 * The largest number of segments that one statement stores. The JSON of this many segments takes
 * less than a megabyte.
 */
const BATCH_SIZE = 2000;
/** The same for apparatus, whose rows are shorter. */
const APPARATUS_BATCH_SIZE = 5000;
/** The fastest level. Rows of short segments shrink to a twentieth. */
const COMPRESSION = { level: 1 };

/**
 * An analysis in the form that a worker thread returns: the facts about the whole text, and the
 * rows of the segments and of the apparatus as compressed JSON. A long text with short lines has up to
 * 660,000 segments. They would take 150 MB as JSON, and 400 MB in each thread as objects.
 */
export interface PackedAnalysis extends Pick<
  AnalysisDocument,
  "summary" | "mood" | "characters" | "usage"
> {
  readonly templates: readonly ExtractedTemplate[];
  readonly segmentCount: number;
  /** Batches of rows of `story_segments`. `readBatch` reads them. */
  readonly batches: readonly Uint8Array[];
  /** Batches of rows of `story_apparatus`. `readBatch` reads them. */
  readonly apparatusBatches: readonly Uint8Array[];
}

type Segment = AnalysisDocument["segments"][number];
type Facts = Pick<AnalysisDocument, "summary" | "mood" | "characters" | "usage" | "apparatus">;

/** Packs rows into batches. */
class RowPacker {
  private readonly batches: Uint8Array[] = [];
  private rows: string[] = [];

  constructor(private readonly batchSize: number) {}

  add(row: object): void {
    this.rows.push(JSON.stringify(row));
    if (this.rows.length === this.batchSize) this.closeBatch();
  }

  /** Returns all batches. Call this once, after the last row. */
  finish(): readonly Uint8Array[] {
    if (this.rows.length > 0) this.closeBatch();
    return this.batches;
  }

  private closeBatch(): void {
    this.batches.push(deflateSync(`[${this.rows.join()}]`, COMPRESSION));
    this.rows = [];
  }
}

/** Packs an analysis, segment by segment. */
export class AnalysisPacker {
  private readonly segments = new RowPacker(BATCH_SIZE);
  private readonly templates: TemplateExtractor;
  private segmentCount = 0;

  constructor(private readonly text: string) {
    this.templates = new TemplateExtractor(text);
  }

  add(segment: Segment): void {
    this.templates.add(segment, this.segmentCount);
    this.segments.add(rowOf(segment, this.segmentCount, this.text));
    this.segmentCount += 1;
  }

  /** Returns the analysis of all segments. Call this once, after the last segment. */
  finish({ summary, mood, characters, usage, apparatus }: Facts): PackedAnalysis {
    const spans = new RowPacker(APPARATUS_BATCH_SIZE);
    for (const { start, end, kind, said } of apparatus) {
      spans.add({ utf16_start: start, utf16_end: end, kind, said });
    }
    return {
      ...{ summary, mood, characters, usage },
      templates: this.templates.templates(),
      segmentCount: this.segmentCount,
      batches: this.segments.finish(),
      apparatusBatches: spans.finish(),
    };
  }
}

export function packAnalysis(document: AnalysisDocument, text: string): PackedAnalysis {
  const packer = new AnalysisPacker(text);
  for (const segment of document.segments) packer.add(segment);
  return packer.finish(document);
}

/** Returns the rows of a batch as JSON. */
export const readBatch = (batch: Uint8Array): string => inflateSync(batch).toString("utf8");

const rowOf = (segment: Segment, position: number, text: string) => ({
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
  break_after: segment.breakAfter,
});
