export { ANALYZER, analyseText } from "./analysis.js";
export * from "./document.js";
export { splitParagraphs } from "./paragraphs.js";
export { countWords, readingTimeSeconds } from "./reading-time.js";
