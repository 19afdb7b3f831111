export { ANALYSER, analyseSegments, analyseText } from "./analysis.js";
export * from "./document.js";
export { EMOTIONS_OF_WORDS } from "./lexicon/emotion-words.js";
export { countWords, readingTimeSeconds } from "./text/reading-time.js";
