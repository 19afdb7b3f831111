import type { ApparatusSpan } from "../span.js";
import { findSceneBreaks } from "./scene-breaks.js";

/** Finds what editors, publishers and transcribers have added to a story. */
export const findMatter = (text: string): readonly ApparatusSpan[] => findSceneBreaks(text);
