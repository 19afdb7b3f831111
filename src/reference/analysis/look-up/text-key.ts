import type { AnalysedText } from "../analysis.store.js";

/** Returns the key of a text in loaders. */
export const textKey = ({ contentHash, language }: AnalysedText): string =>
  `${contentHash} ${language}`;

export const textOf = (key: string): AnalysedText => {
  const [contentHash = "", language = ""] = key.split(" ");
  return { contentHash, language };
};
