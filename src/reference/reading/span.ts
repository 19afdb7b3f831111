import { EditedText, type TextRange } from "../../platform/text/edited-text.js";

/**
 * The kinds of apparatus: everything in a file that is not the story. A tag, an entity or a hyphen at a line's
 * end is apparatus too.
 */
export const ApparatusKind = {
  Licence: "licence",
  Header: "header",
  Contents: "contents",
  EditorNote: "editor_note",
  Illustration: "illustration",
  PageNumber: "page_number",
  RunningHead: "running_head",
  PageBreak: "page_break",
  Hyphenation: "hyphenation",
  FootnoteMark: "footnote_mark",
  Footnote: "footnote",
  SceneBreak: "scene_break",
  SpeakerLabel: "speaker_label",
  Tag: "tag",
  Entity: "entity",
  Emphasis: "emphasis",
  DropCap: "drop_cap",
  Character: "character",
} as const;
export type ApparatusKind = (typeof ApparatusKind)[keyof typeof ApparatusKind];

/**
 * A part of a text that a reader leaves out or reads as something else. `said` is read instead: an empty
 * string for most kinds, "&" for the entity `&amp;`, a space for a page break inside a sentence.
 */
export interface ApparatusSpan extends TextRange {
  readonly kind: ApparatusKind;
  readonly said: string;
}

/** The spans of a text, in order and without overlaps, and the text without them. */
export class ClearedText {
  readonly spans: readonly ApparatusSpan[];
  readonly clear: EditedText;

  constructor(text: string, spans: readonly ApparatusSpan[] = []) {
    this.spans = spans;
    this.clear = new EditedText(
      text,
      spans.map(({ start, end, said }) => ({ start, end, text: said })),
    );
  }

  /**
   * Returns the text without more spans, which have offsets of the cleared text, are in order and do not
   * overlap. A span that covers earlier spans replaces them.
   */
  without(found: readonly ApparatusSpan[]): ClearedText {
    if (found.length === 0) return this;
    const spans: ApparatusSpan[] = [];
    let next = 0;
    for (const span of found) {
      const { start, end } = this.clear.rangeOf(span);
      for (; (this.spans[next]?.end ?? Infinity) <= start; next += 1) spans.push(...this.at(next));
      while ((this.spans[next]?.start ?? Infinity) < end) next += 1;
      spans.push({ ...span, start, end });
    }
    return new ClearedText(this.clear.original, [...spans, ...this.spans.slice(next)]);
  }

  private at(index: number): readonly ApparatusSpan[] {
    return this.spans.slice(index, index + 1);
  }
}
