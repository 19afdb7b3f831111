import type { AnalysisDocument, Span } from "../../../../src/reference/analysis/analyser/index.js";

const LONGEST_SEGMENT = 600;

/** Checks everything that holds for every document of schema version 1. */
export function expectInvariants(text: string, document: AnalysisDocument): void {
  const ids = new Set(document.characters.map(({ id }) => id));
  expect(ids.size).toBe(document.characters.length);
  for (const paragraph of document.paragraphs) expectTiling(paragraph, document);
  for (const segment of document.segments) {
    expect(segment.end - segment.start).toBeLessThanOrEqual(
      LONGEST_SEGMENT + slack(text, segment) + silentLength(segment, document),
    );
    for (const id of [segment.speakerId, ...segment.addresseeIds])
      if (id !== null) expect(ids).toContain(id);
    expect((segment.attribution === null) === (segment.kind === "narration")).toBe(true);
    const { confidence } = segment.attribution ?? { confidence: 0 };
    for (const share of [
      segment.emotion.intensity,
      confidence,
      ...Object.values(segment.emotion.scores),
    ]) {
      expect(share).toBeGreaterThanOrEqual(0);
      expect(share).toBeLessThanOrEqual(1);
    }
    expect(Math.abs(segment.emotion.valence)).toBeLessThanOrEqual(1);
    for (const mark of [...segment.modulations, ...segment.sounds]) expectInside(mark, segment);
  }
}

/**
 * Returns the length of the whitespace at the end of a segment. Whitespace after a segment belongs
 * to the segment and is not spoken.
 */
function slack(text: string, { start, end }: Span): number {
  const part = text.slice(start, end);
  return part.length - part.trim().length + 1;
}

/** Returns the length of the apparatus inside a segment. */
const silentLength = ({ start, end }: Span, { apparatus }: AnalysisDocument): number =>
  apparatus.reduce((sum, span) => {
    return span.start >= start && span.end <= end ? sum + span.end - span.start : sum;
  }, 0);

function expectTiling(
  paragraph: Span & { readonly index: number },
  document: AnalysisDocument,
): void {
  const segments = document.segments.filter(
    ({ paragraphIndex }) => paragraphIndex === paragraph.index,
  );
  expect(segments[0]?.start).toBe(paragraph.start);
  expect(segments.at(-1)?.end).toBe(paragraph.end);
  segments.slice(1).forEach((segment, index) => expect(segment.start).toBe(segments[index]?.end));
  for (const segment of segments) expect(segment.end).toBeGreaterThan(segment.start);
}

function expectInside(mark: Span, segment: Span): void {
  expect(mark.start).toBeGreaterThanOrEqual(segment.start);
  expect(mark.end).toBeLessThanOrEqual(segment.end);
  expect(mark.end).toBeGreaterThan(mark.start);
}
