import { type TextMeasures, measureText } from "./measure-text.js";

/** Measures a text. Runs in a worker thread. */
export const measure = ({ text }: { readonly text: string }): TextMeasures => measureText(text);
