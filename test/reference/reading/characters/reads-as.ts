import { type ApparatusSpan, ClearedText } from "../../../../src/reference/reading/span.js";

type Pass = (text: string) => readonly ApparatusSpan[];

/** Returns the text that a listener hears after some passes. */
export const readsAs = (text: string, ...passes: readonly Pass[]): string =>
  passes.reduce((read, find) => read.without(find(read.clear.text)), new ClearedText(text)).clear
    .text;
