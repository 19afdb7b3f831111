import type { SpeechRequest } from "../speech.port.js";

type Lexicon = NonNullable<SpeechRequest["lexicon"]>;

/** A text as an engine must say it. */
export interface LexicalText {
  readonly input: string;
  /** Returns where a part of the written text is in `input`. All offsets are UTF-16. */
  readonly place: (start: number, end: number) => readonly [start: number, end: number];
}

/** A word that is written in another way for the engine. */
interface Replaced {
  readonly start: number;
  readonly end: number;
  readonly inputStart: number;
  readonly inputEnd: number;
}

/** Writes the words of a lexicon as they are said. */
export function applyLexicon(text: string, lexicon: Lexicon = []): LexicalText {
  const saidAs = new Map(lexicon.map((entry) => [entry.word.toLowerCase(), entry.saidAs]));
  const replaced: Replaced[] = [];
  let input = "";
  let end = 0;
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}'’-]+/gu)) {
    const said = saidAs.get(word.toLowerCase());
    if (said === undefined) continue;
    input += text.slice(end, index);
    end = index + word.length;
    replaced.push({
      start: index,
      end,
      inputStart: input.length,
      inputEnd: input.length + said.length,
    });
    input += said;
  }
  input += text.slice(end);
  return {
    input,
    place: (from, to) => [placeOf(replaced, from, "start"), placeOf(replaced, to, "end")],
  };
}

/** An offset inside a replaced word becomes the start or the end of the words that replace it. */
function placeOf(replaced: readonly Replaced[], offset: number, side: "start" | "end"): number {
  const before = replaced.findLast(({ start }) =>
    side === "start" ? start <= offset : start < offset,
  );
  if (!before) return offset;
  if (offset < before.end) return side === "start" ? before.inputStart : before.inputEnd;
  return offset - before.end + before.inputEnd;
}
