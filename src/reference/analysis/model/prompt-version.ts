import { createHash } from "node:crypto";
import type { ChatRequest } from "../../../providers/llm/llm.port.js";
import { Cast } from "./cast.js";
import { type ReadStory, askWhole, askWindow } from "./messages.js";
import type { NumberedLine } from "./windows.js";

const line = (text: string, isQuote: boolean): NumberedLine => ({
  ...{ text, isQuote, endsParagraph: true },
  speakerId: isQuote ? "ann" : null,
});

const SAMPLE: ReadStory = {
  document: { contentHash: "0".repeat(64), language: "en", characters: [] },
  lines: [line("I have waited here for hours.", true), line("The boat was late.", false)],
  cast: new Cast("Ann", [{ id: "ann", canonicalName: "Ann", aliases: [] }]),
  contextTokens: 8192,
};

/** Requests with every sentence that is sent beside a story: with and without quotes and lines before. */
export const sampleRequests = (): ChatRequest[] => [
  askWindow(SAMPLE, { first: 0, end: 1, quotes: [0] }),
  askWindow(SAMPLE, { first: 1, end: 2, quotes: [] }),
  askWhole(SAMPLE, { gists: ["Ann waits."], quotes: new Map() }),
];

/**
 * The version of everything that is sent beside the story. A changed prompt is a changed version, so texts
 * get a new analysis.
 */
export const PROMPT_VERSION = createHash("sha256")
  .update(JSON.stringify(sampleRequests()))
  .digest("hex")
  .slice(0, 12);
