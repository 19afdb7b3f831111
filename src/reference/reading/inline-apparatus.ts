import type { TextEdit } from "../../platform/text/edited-text.js";
import { readText } from "./reading.js";
import { ApparatusKind } from "./span.js";

/** The kinds of apparatus that stand inside sentences. A single line shows no other kind for certain. */
const INLINE: ReadonlySet<ApparatusKind> = new Set([
  ApparatusKind.Tag,
  ApparatusKind.Entity,
  ApparatusKind.Emphasis,
  ApparatusKind.DropCap,
  ApparatusKind.Character,
  ApparatusKind.Hyphenation,
  ApparatusKind.FootnoteMark,
]);

/** Returns the apparatus inside a single line, as edits of the line. The line has no text around it. */
export const inlineApparatus = (line: string): readonly TextEdit[] =>
  readText(line)
    .spans.filter(({ kind }) => INLINE.has(kind))
    .map(({ start, end, said }) => ({ start, end, text: said }));
