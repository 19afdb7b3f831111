export { ANALYSER, analyseSegments, analyseText } from "./analysis.js";
export * from "./document.js";
export { FIRST_PERSON, PRONOUN_GENDER, SUBJECT_PRONOUNS } from "./lexicon/function-words.js";
export { EMOTIONS_OF_WORDS } from "./lexicon/emotion-words.js";
export { countWords, readingTimeSeconds } from "./text/reading-time.js";
