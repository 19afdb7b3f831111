import { shownText } from "../../../audio/files/shown-text.js";
import { EditedText, type TextEdit, type TextRange } from "../../../platform/text/edited-text.js";
import { type SpokenEdit, type SpokenWord, inlineApparatus } from "../../../reference/index.js";
import { spokenForm } from "../../../spoken-form/index.js";

/** A line whose form is wanted. */
export interface WrittenLine {
  readonly text: string;
  /**
   * The apparatus inside the text, as edits of the text. Null if the text is not the story's own, so that its
   * apparatus must be found.
   */
  readonly apparatus: readonly TextEdit[] | null;
}

const WORDLESS = /^[^\p{L}\p{N}]*$/u;

/**
 * Returns how a voice says a line: the parts of the text that are said in another form than they are written. A
 * line that has no words without its apparatus is silent.
 * @param keep words that the voice says as they are written, because a lexicon has them
 */
export function findSpokenEdits(
  { text, apparatus }: WrittenLine,
  { language, keep }: { readonly language: string; readonly keep: readonly string[] },
): readonly SpokenEdit[] {
  const read = new EditedText(text, apparatus ?? inlineApparatus(text));
  const { original, text: clear, edits } = read;
  if (edits.length > 0 && WORDLESS.test(clear)) {
    return [{ start: 0, end: original.length, spoken: "", shown: clear }];
  }
  return combine(read, spokenForm(clear, { language, keep }).edits);
}

/** Returns the text that the voice gets. An empty text is silent. */
export const spokenText = (text: string, edits: readonly SpokenEdit[]): string =>
  // Trim only the end. The rendition stores the position of each word in this text, and trimming the start would
  // shift these positions.
  new EditedText(text, edits.map(toSpoken)).text.trimEnd();

/** Returns the parts of a text that a reader sees in another form, as edits. */
export const shownEdits = (text: string, edits: readonly SpokenEdit[]): readonly TextEdit[] =>
  edits.filter(({ start, end, shown }) => text.slice(start, end) !== shown).map(toShown);

/**
 * Returns the words of a sound as words of the written text, each once and in order. Spoken words that stand for
 * one part of the text become one word.
 * @param words the offsets are offsets in the spoken text
 */
export function writtenWords(
  text: string,
  edits: readonly SpokenEdit[],
  words: readonly SpokenWord[],
): readonly SpokenWord[] {
  if (edits.length === 0) return words;
  const spoken = new EditedText(text, edits.map(toSpoken));
  const shown = edits.map(toShown);
  const written: SpokenWord[] = [];
  for (const { startMs, endMs, ...place } of words) {
    const range = spoken.rangeOf(place);
    const last = written.at(-1);
    const isSame = last !== undefined && range.start < last.end;
    const word = isSame
      ? { start: last.start, end: Math.max(last.end, range.end), startMs: last.startMs, endMs }
      : { ...range, startMs, endMs };
    if (isSame) written.pop();
    written.push({ text: shownText(text, shown, word), ...word });
  }
  return written;
}

const toSpoken = ({ start, end, spoken }: SpokenEdit): TextEdit => ({ start, end, text: spoken });
const toShown = ({ start, end, shown }: SpokenEdit): TextEdit => ({ start, end, text: shown });

/** A part of the read text: an edit that made the part, or an edit of the part. */
interface Part extends TextRange {
  readonly apparatus?: TextEdit;
  readonly said?: TextEdit;
}

/** Combines the edits of a written text with edits of the read text. Edits that overlap become one edit. */
function combine(read: EditedText, said: readonly TextEdit[]): readonly SpokenEdit[] {
  const parts = [...partsOf(read), ...said.map((edit) => ({ ...edit, said: edit }))].sort(
    (one, other) => one.start - other.start || one.end - other.end,
  );
  const groups: Part[][] = [];
  let end = -1;
  for (const part of parts) {
    if (part.start < end) groups.at(-1)?.push(part);
    else groups.push([part]);
    end = Math.max(end, part.end);
  }
  return groups.map((group) => combineGroup(read, group));
}

/** Returns where the read text contains what is read instead of the apparatus. */
function partsOf({ edits }: EditedText): readonly Part[] {
  let shift = 0;
  return edits.map((edit) => {
    const start = edit.start + shift;
    shift += edit.text.length - (edit.end - edit.start);
    return { start, end: start + edit.text.length, apparatus: edit };
  });
}

function combineGroup(read: EditedText, group: readonly Part[]): SpokenEdit {
  const [first] = group;
  if (group.length === 1 && first?.apparatus) {
    const { start, end, text } = first.apparatus;
    return { start, end, spoken: text, shown: text };
  }
  const place = { start: first?.start ?? 0, end: Math.max(...group.map(({ end }) => end)) };
  const said = group.flatMap((part) => part.said ?? []);
  return {
    ...read.rangeOf(place),
    spoken: shownText(read.text, said, place),
    shown: read.text.slice(place.start, place.end),
  };
}
