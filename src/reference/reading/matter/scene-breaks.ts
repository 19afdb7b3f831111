import { linesOf } from "../lines.js";
import { ApparatusKind, type ApparatusSpan } from "../span.js";

const LETTER = /[\p{L}\p{N}]/u;
const BLANK = /^\s*$/u;
const LONGEST = 80;

/**
 * Finds the signs between scenes: lines without a letter or digit, such as `* * *`, `---` or `⁂`, between blank
 * lines. The scenes stay apart: the reader pauses.
 */
export function findSceneBreaks(text: string): readonly ApparatusSpan[] {
  const found: ApparatusSpan[] = [];
  let isOpen = true;
  let candidate: ApparatusSpan | null = null;
  for (const { start, end } of linesOf(text)) {
    const line = text.slice(start, end);
    const isBlank = BLANK.test(line);
    if (candidate !== null && isBlank) found.push(candidate);
    const isSign = isOpen && !isBlank && line.length <= LONGEST && !LETTER.test(line);
    candidate = isSign ? { kind: ApparatusKind.SceneBreak, start, end, said: "" } : null;
    isOpen = isBlank;
  }
  return candidate === null ? found : [...found, candidate];
}
