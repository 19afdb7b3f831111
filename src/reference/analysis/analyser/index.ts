export { ANALYSER, analyseSegments, analyseText } from "./analysis.js";
export * from "./document.js";
export { countWords, readingTimeSeconds } from "./text/reading-time.js";
