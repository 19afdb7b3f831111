import type { ApparatusSpan } from "../../reading/span.js";

export const SegmentKind = { Narration: "narration", Dialogue: "dialogue" } as const;
export type SegmentKind = (typeof SegmentKind)[keyof typeof SegmentKind];

/** How a segment ends in the text: with a line of verse, with its paragraph, or with its scene. */
export const BreakAfter = { Line: "line", Paragraph: "paragraph", Scene: "scene" } as const;
export type BreakAfter = (typeof BreakAfter)[keyof typeof BreakAfter];

/**
 * How the text shows the speaker: by a name (explicit), by a pronoun or a common noun (anaphoric),
 * or without a cue (implicit).
 */
export const AttributionType = {
  Explicit: "explicit",
  Anaphoric: "anaphoric",
  Implicit: "implicit",
} as const;
export type AttributionType = (typeof AttributionType)[keyof typeof AttributionType];

export const CharacterRole = {
  Narrator: "narrator",
  Protagonist: "protagonist",
  Major: "major",
  Minor: "minor",
} as const;
export type CharacterRole = (typeof CharacterRole)[keyof typeof CharacterRole];

export const Gender = {
  Female: "female",
  Male: "male",
  Neutral: "neutral",
  Unknown: "unknown",
} as const;
export type Gender = (typeof Gender)[keyof typeof Gender];

export const AgeGroup = {
  Child: "child",
  Young: "young",
  Adult: "adult",
  Elder: "elder",
  Unknown: "unknown",
} as const;
export type AgeGroup = (typeof AgeGroup)[keyof typeof AgeGroup];

/** Ekman's six basic emotions, and neutral. */
export const EmotionLabel = {
  Neutral: "neutral",
  Joy: "joy",
  Sadness: "sadness",
  Anger: "anger",
  Fear: "fear",
  Surprise: "surprise",
  Disgust: "disgust",
} as const;
export type EmotionLabel = (typeof EmotionLabel)[keyof typeof EmotionLabel];

export const AnalysisStage = {
  Segmenting: "segmenting",
  Characters: "characters",
  Attribution: "attribution",
  Expression: "expression",
} as const;
export type AnalysisStage = (typeof AnalysisStage)[keyof typeof AnalysisStage];

export interface Analyzer {
  readonly id: string;
  readonly version: string;
  readonly model?: string;
  readonly promptVersion?: string;
}

/** The moods of a whole text. */
export const MoodLabel = {
  Calm: "calm",
  Cheerful: "cheerful",
  Melancholy: "melancholy",
  Tense: "tense",
  Dark: "dark",
  Mysterious: "mysterious",
  Bitter: "bitter",
  Eerie: "eerie",
  Tender: "tender",
  Playful: "playful",
  Adventurous: "adventurous",
} as const;
export type MoodLabel = (typeof MoodLabel)[keyof typeof MoodLabel];

/** Valence is from -1 to 1, arousal from 0 to 1. */
export interface Mood {
  readonly label: MoodLabel;
  readonly valence: number;
  readonly arousal: number;
}

export interface Character {
  readonly id: string;
  readonly canonicalName: string;
  readonly aliases: readonly string[];
  readonly role: CharacterRole;
  readonly gender: Gender;
  readonly ageGroup: AgeGroup;
  readonly description: string;
  readonly mentionCount: number;
  readonly quoteCount: number;
}

/** UTF-16 offsets into the unchanged text. The end is exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Paragraph extends Span {
  readonly index: number;
}

/**
 * How the speaker of a quote was found. `cue` is the words that show the speaker, or "" if there
 * are no such words. `confidence` is from 0 to 1.
 */
export interface Attribution {
  readonly type: AttributionType;
  readonly method: string;
  readonly cue: string;
  readonly confidence: number;
}

export type EmotionScores = Readonly<Record<EmotionLabel, number>>;

/** The sum of `scores` is 1. `intensity` is from 0 to 1, `valence` from -1 to 1. */
export interface Emotion {
  readonly label: EmotionLabel;
  readonly intensity: number;
  readonly valence: number;
  readonly scores: EmotionScores;
}

/**
 * A manner of speaking. The span is the text to which the modulation applies. `strength` is from 0
 * to 1.
 */
export interface Modulation extends Span {
  readonly key: string;
  readonly strength: number;
}

/**
 * A sound in a story. The span is the word for the sound. `source` is the thing that makes the
 * sound. `source` is absent if the text does not name the thing.
 */
export interface Sound extends Span {
  readonly key: string;
  readonly source?: string;
}

export interface Segment extends Span {
  readonly id: string;
  readonly paragraphIndex: number;
  readonly kind: SegmentKind;
  /** Null for a segment inside its paragraph, or inside a line of verse. */
  readonly breakAfter: BreakAfter | null;
  readonly speakerId: string | null;
  readonly addresseeIds: readonly string[];
  readonly attribution: Attribution | null;
  readonly emotion: Emotion;
  readonly modulations: readonly Modulation[];
  readonly sounds: readonly Sound[];
}

export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicros: number;
  readonly requests: number;
}

/**
 * The result of an analysis. Segments cover each paragraph without gap or overlap. Every speaker
 * and addressee is one of `characters`. A span of `apparatus` can be inside a segment: a footnote mark, or a
 * page number inside a sentence. A reader leaves the span out.
 */
export interface AnalysisDocument {
  readonly schemaVersion: number;
  readonly analyzer: Analyzer;
  readonly contentHash: string;
  readonly language: string;
  readonly offsetUnit: "utf16";
  readonly wordCount: number;
  readonly readingTimeSeconds: number;
  readonly summary: string;
  readonly mood: Mood;
  readonly characters: readonly Character[];
  readonly paragraphs: readonly Paragraph[];
  readonly apparatus: readonly ApparatusSpan[];
  readonly segments: readonly Segment[];
  readonly usage: Usage;
}
