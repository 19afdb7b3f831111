import type { ApparatusSpan } from "../span.js";
import { findHyphenations } from "./hyphens.js";

/** Finds what the end of a line or a page has put into a sentence. */
export const findPageMarks = (text: string): readonly ApparatusSpan[] => findHyphenations(text);
