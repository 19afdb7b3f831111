export { ANALYSER, analyseSegments, analyseText } from "./analysis.js";
export * from "./document.js";
export { splitParagraphs } from "./text/paragraphs.js";
export { countWords, readingTimeSeconds } from "./text/reading-time.js";
