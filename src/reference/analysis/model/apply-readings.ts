import {
  type AgeGroup,
  type AnalysisDocument,
  type Analyzer,
  type Attribution,
  AttributionType,
  type Character,
  CharacterRole,
  type Emotion,
  EmotionLabel,
  Gender,
  type Segment,
  type Usage,
} from "../analyser/index.js";
import type { CastCharacter } from "./cast.js";
import type { CharacterReading, WholeReading } from "./whole-answer.js";
import type { Certainty, QuoteReading } from "./window-answer.js";

/** Everything that a model said about a text, as far as the answers could be used. */
export interface ModelReadings {
  /** By the number of the segment. */
  readonly quotes: ReadonlyMap<number, QuoteReading>;
  /** The characters of the document and the new ones. */
  readonly cast: readonly CastCharacter[];
  readonly whole: WholeReading;
  readonly usage: Usage;
}

/** `attribution.method` of a speaker that the model decided. */
const MODEL_METHOD = "model";

/** How sure a decision of the model is, if the embedded analyser decided otherwise or not at all. */
const CONFIDENCES: Readonly<Record<Certainty, number>> = { high: 0.85, medium: 0.7, low: 0.5 };
/** How sure a decision is at least if both agree. */
const AGREED = 0.95;
/** A model that finds no person is less often right than one that finds a person. */
const NOBODY_SHARE = 0.8;
/**
 * What the embedded decision weighs against the model's. A name beside a speech verb yields only to a model that
 * is sure. The analyser's confidence in other decisions compares its own candidates, and is too high.
 */
const NAMED_WEIGHT = 0.8;
const NAMED_FROM = 0.9;
const OTHER_SHARE = 0.65;

/** The share of the model's emotion in the scores of a segment. More than half, so that its label has the highest score. */
const MODEL_SHARE = 0.6;

/** The valence of each emotion at its full strength, from its place on Russell's circumplex (1980). */
const VALENCE: Readonly<Record<EmotionLabel, number>> = {
  neutral: 0,
  joy: 0.8,
  sadness: -0.7,
  anger: -0.7,
  fear: -0.7,
  surprise: 0.2,
  disgust: -0.7,
};

/**
 * Returns the document with the decisions of the model. The segments, their places and everything that the
 * model did not say stay as in the embedded document. Keeps every invariant of the document.
 */
export function applyReadings(
  document: AnalysisDocument,
  { quotes, cast, whole, usage }: ModelReadings,
  analyzer: Analyzer,
): AnalysisDocument {
  const segments = document.segments.map((segment, index) =>
    applyToSegment(segment, quotes.get(index)),
  );
  return {
    ...document,
    analyzer,
    segments,
    characters: charactersOf(document.characters, { cast, whole, segments }),
    summary: whole.summary ?? document.summary,
    mood: whole.mood ?? document.mood,
    usage,
  };
}

function applyToSegment(segment: Segment, reading: QuoteReading | undefined): Segment {
  if (!reading || segment.attribution === null) return segment;
  const emotion = reading.feeling ? emotionOf(segment.emotion, reading.feeling) : segment.emotion;
  const decided = decideSpeaker(segment, segment.attribution, reading);
  const { speakerId } = decided;
  const addresseeIds = segment.addresseeIds.filter((id) => id !== speakerId);
  return { ...segment, emotion, ...decided, addresseeIds };
}

function decideSpeaker(
  segment: Segment,
  attribution: Attribution,
  { speakerId, certainty }: QuoteReading,
): Pick<Segment, "speakerId" | "attribution"> {
  if (speakerId === undefined) return { speakerId: segment.speakerId, attribution };
  if (speakerId === segment.speakerId) {
    const confidence = Math.max(attribution.confidence, speakerId === null ? 0 : AGREED);
    return { speakerId, attribution: { ...attribution, confidence } };
  }
  const confidence = CONFIDENCES[certainty] * (speakerId === null ? NOBODY_SHARE : 1);
  if (confidence <= weightOfEmbedded(segment.speakerId, attribution)) {
    return { speakerId: segment.speakerId, attribution };
  }
  return { speakerId, attribution: { ...attribution, method: MODEL_METHOD, confidence } };
}

function weightOfEmbedded(speakerId: string | null, { type, confidence }: Attribution): number {
  if (speakerId === null) return 0;
  const isNamed = type === AttributionType.Explicit && confidence >= NAMED_FROM;
  return isNamed ? NAMED_WEIGHT : confidence * OTHER_SHARE;
}

function emotionOf(
  embedded: Emotion,
  { emotion: label, intensity }: { readonly emotion: EmotionLabel; readonly intensity: number },
): Emotion {
  if (label === embedded.label) return { ...embedded, intensity: felt(label, intensity) };
  const scores = Object.fromEntries(
    Object.values(EmotionLabel).map((each) => {
      const share = each === label ? MODEL_SHARE : 0;
      return [each, round(embedded.scores[each] * (1 - MODEL_SHARE) + share)];
    }),
  ) as Record<EmotionLabel, number>;
  return {
    label,
    intensity: felt(label, intensity),
    valence: round(VALENCE[label] * intensity),
    scores,
  };
}

const felt = (label: EmotionLabel, intensity: number): number =>
  label === EmotionLabel.Neutral ? 0 : round(intensity);

const round = (value: number): number => Math.round(value * 1000) / 1000 + 0;

/** One quote counts as much as this number of mentions, as in the embedded document. */
const QUOTE_WEIGHT = 3;

function charactersOf(
  embedded: readonly Character[],
  {
    cast,
    whole,
    segments,
  }: Pick<ModelReadings, "cast" | "whole"> & { readonly segments: readonly Segment[] },
): Character[] {
  const quoteCounts = new Map<string, number>();
  for (const { speakerId } of segments) {
    if (speakerId !== null) quoteCounts.set(speakerId, (quoteCounts.get(speakerId) ?? 0) + 1);
  }
  const known = new Map(embedded.map((character) => [character.id, character]));
  const characters = cast.flatMap((member) => {
    const before = known.get(member.id) ?? newCharacter(member);
    const quoteCount = quoteCounts.get(member.id) ?? 0;
    if (member.isNew && quoteCount === 0) return [];
    return [{ ...before, ...whole.characters.get(member.id), quoteCount }];
  });
  return withOneNarrator(characters, embedded)
    .map((each) => ({ ...each, aliases: aliasesOf(each, known.get(each.id)) }))
    .sort((a, b) => weightOf(b) - weightOf(a));
}

const weightOf = ({ mentionCount, quoteCount }: Character): number =>
  mentionCount + QUOTE_WEIGHT * quoteCount;

const newCharacter = ({ id, names: [name = id], mentions }: CastCharacter): Character => ({
  id,
  canonicalName: name.charAt(0).toUpperCase() + name.slice(1),
  aliases: [],
  role: CharacterRole.Minor,
  gender: Gender.Unknown,
  ageGroup: "unknown" satisfies AgeGroup,
  description: "",
  mentionCount: mentions,
  quoteCount: 0,
});

/** Keeps the names of the embedded document, and adds the names that the model found. */
function aliasesOf(
  { canonicalName, aliases }: CharacterReading & Character,
  before: Character | undefined,
): string[] {
  const names = new Set([...(before ? [before.canonicalName, ...before.aliases] : []), ...aliases]);
  names.delete(canonicalName);
  return [...names];
}

/** If the model names another narrator than the embedded document, or several, the embedded roles stand. */
function withOneNarrator(characters: Character[], embedded: readonly Character[]): Character[] {
  const isNarrator = ({ role }: Character): boolean => role === CharacterRole.Narrator;
  const told = characters.filter(isNarrator);
  const before = embedded.find(isNarrator);
  if (told.length === 0 && !before) return characters;
  if (told.length === 1 && (!before || told[0]?.id === before.id)) return characters;
  const roles = new Map(embedded.map(({ id, role }) => [id, role]));
  return characters.map((each) => ({ ...each, role: roles.get(each.id) ?? CharacterRole.Minor }));
}
