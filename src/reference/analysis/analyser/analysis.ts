import { createHash } from "node:crypto";
import { readAtmospheres } from "./expression/atmosphere.js";
import type { AnalysisDocument, Analyzer, Emotion, Segment, Sound } from "./document.js";
import { AnalysisStage } from "./document.js";
import { findCharacters } from "./characters/text-characters.js";
import { describeCharacters } from "./characters/characters.js";
import { readEmotion } from "./expression/emotion.js";
import { assignGenders } from "./characters/gender.js";
import { readModulations } from "./expression/modulation.js";
import { readMood } from "./expression/mood.js";
import type { NarratedCharacters } from "./characters/narrator.js";
import { identifyNarrator } from "./characters/narrator.js";
import { splitParagraphs } from "./text/paragraphs.js";
import type { Quote } from "./text/quotes.js";
import { findQuotes } from "./text/quotes.js";
import { indexForAttribution } from "./speakers/attribution-input.js";
import { countWords, readingTimeSeconds } from "./text/reading-time.js";
import type { RawSegment } from "./text/segments.js";
import { tileParagraph } from "./text/segments.js";
import { SentimentScorer } from "./expression/sentiment.js";
import { readSounds } from "./expression/sound.js";
import type { SpokenQuote } from "./speakers/speakers.js";
import { attributeQuotes } from "./speakers/speakers.js";
import { summarise } from "./text/summary.js";
import type { Token } from "./text/tokens.js";
import { tokenize } from "./text/tokens.js";
import { findUnnamedSpeakers } from "./speakers/unnamed-speakers.js";

/**
 * The analyser's id and version, and the version of its document format. They are part of the key
 * of an analysis, whose row exists before the analyser runs. The same values always give the same
 * document for the same text.
 */
export const ANALYSER = { id: "embedded", version: "1.0.0", schemaVersion: 1 } as const;

export interface AnalysisOptions {
  /**
   * The language of the text, as a BCP 47 tag. Default "en". Sentences are split by the rules of
   * this language. The word lists are English, whatever the language is.
   */
  readonly language?: string;
  /**
   * Called at the start of each stage, after every 500 segments of the last stage, and at the end.
   * `fraction` is the finished share of the whole analysis, 0-1.
   */
  readonly onProgress?: (stage: AnalysisStage, fraction: number) => void;
}

const NO_USAGE = { inputTokens: 0, outputTokens: 0, costMicros: 0, requests: 0 } as const;
const UNSPOKEN = { member: -1, addressees: [], attribution: null, verb: -1 } as const;
const NEUTRAL: Emotion = {
  label: "neutral",
  intensity: 0,
  valence: 0,
  scores: { neutral: 1, joy: 0, sadness: 0, anger: 0, fear: 0, surprise: 0, disgust: 0 },
};

/**
 * Analyses a story: its characters, the speaker of each quote, and the emotion and sounds of each
 * segment. Runs synchronously and would block the event loop, so call it in a worker thread. The
 * same text and language always give the same document. No text makes the function throw. The time
 * grows linearly with the length of the text.
 */
export function analyseText(text: string, options: AnalysisOptions = {}): AnalysisDocument {
  const language = options.language ?? "en";
  const report = options.onProgress ?? ((): void => undefined);
  report(AnalysisStage.Segmenting, 0);
  const paragraphs = splitParagraphs(text);
  const quotes = findQuotes(text, paragraphs);
  const tokens = tokenize(text, paragraphs, quotes);
  const raw = tileAll(text, paragraphs, quotes, language);
  report(AnalysisStage.Characters, 0.2);
  const characters = findNarratedCharacters(tokens);
  report(AnalysisStage.Attribution, 0.4);
  const spoken = attributeQuotes(indexForAttribution(tokens, quotes, characters), text);
  const table = describeCharacters(characters, quoteCounts(characters, quotes, spoken));
  report(AnalysisStage.Expression, 0.6);
  const reader = new SegmentReader(tokens, spoken, table.idOf);
  const segments = raw.map((segment, index) => {
    if (index % 500 === 499) report(AnalysisStage.Expression, 0.6 + (0.4 * index) / raw.length);
    return reader.read(segment, index);
  });
  report(AnalysisStage.Expression, 1);
  const words = countWords(text);
  const narration = raw.filter(({ quote }) => quote === -1);
  return {
    schemaVersion: ANALYSER.schemaVersion,
    analyzer: analyzerOf(),
    contentHash: createHash("sha256").update(text, "utf8").digest("hex"),
    language,
    offsetUnit: "utf16",
    wordCount: words,
    readingTimeSeconds: readingTimeSeconds(words),
    summary: summarise(text, { paragraphs, narration }, language),
    mood: readMood(segments, readAtmospheres(tokens)),
    characters: table.characters,
    paragraphs,
    segments,
    usage: NO_USAGE,
  };
}

function analyzerOf(): Analyzer {
  return { id: ANALYSER.id, version: ANALYSER.version };
}

function findNarratedCharacters(tokens: readonly Token[]): NarratedCharacters {
  let characters = findCharacters(tokens);
  assignGenders(characters, tokens);
  const unnamed = findUnnamedSpeakers(characters, tokens);
  if (unnamed.length > 0) {
    characters = findCharacters(tokens, unnamed);
    assignGenders(characters, tokens);
  }
  return identifyNarrator(characters, tokens);
}

function tileAll(
  text: string,
  paragraphs: AnalysisDocument["paragraphs"],
  quotes: readonly Quote[],
  language: string,
): readonly RawSegment[] {
  const byParagraph = Map.groupBy(quotes, (quote) => quote.paragraph);
  return paragraphs.flatMap((paragraph) =>
    tileParagraph(text, paragraph, byParagraph.get(paragraph.index) ?? [], language),
  );
}

function quoteCounts(
  characters: NarratedCharacters,
  quotes: readonly Quote[],
  spoken: readonly SpokenQuote[],
): readonly number[] {
  const counts = characters.members.map(() => 0);
  quotes.forEach((_quote, index) => {
    const member = spoken[index]?.member ?? -1;
    if (member >= 0) counts[member] = (counts[member] ?? 0) + 1;
  });
  return counts;
}

/**
 * Completes segments with speaker, emotion, modulations and sounds. Pass the segments in order:
 * each call of `read` continues at the token where the previous call ended.
 */
class SegmentReader {
  readonly #tokens: readonly Token[];
  readonly #spoken: readonly SpokenQuote[];
  readonly #idOf: readonly (string | null)[];
  readonly #speechVerbs: ReadonlySet<number>;
  readonly #sentiment = new SentimentScorer();
  #next = 0;

  constructor(
    tokens: readonly Token[],
    spoken: readonly SpokenQuote[],
    idOf: readonly (string | null)[],
  ) {
    this.#tokens = tokens;
    this.#spoken = spoken;
    this.#idOf = idOf;
    this.#speechVerbs = new Set(spoken.map(({ verb }) => tokens[verb]?.start ?? -1));
  }

  read(segment: RawSegment, index: number): Segment {
    const tokens = this.#take(segment.end);
    const quote = this.#spoken[segment.quote] ?? UNSPOKEN;
    const speechVerb = this.#tokens[quote.verb]?.lower ?? null;
    return {
      id: `s${String(index + 1)}`,
      paragraphIndex: segment.paragraph,
      kind: segment.kind,
      start: segment.start,
      end: segment.end,
      speakerId: this.#idOf[quote.member] ?? null,
      addresseeIds: quote.addressees.flatMap((member) => this.#idOf[member] ?? []),
      attribution: quote.attribution,
      emotion: this.#emotionOf(tokens, speechVerb),
      modulations: readModulations(segment, tokens, { tokens: this.#tokens, verb: quote.verb }),
      sounds: segment.quote === -1 ? this.#soundsOf(tokens) : [],
    };
  }

  /**
   * Returns the emotion of a segment. A speech verb, for example "cried" in "cried Clara", shows
   * the emotion of the quote. So the verb counts for the quote, and not for the narration that
   * contains the verb.
   */
  #emotionOf(tokens: readonly Token[], speechVerb: string | null): Emotion {
    const felt = tokens.filter((token) => !this.#speechVerbs.has(token.start));
    return felt.length === 0 ? NEUTRAL : readEmotion(felt, this.#sentiment, speechVerb);
  }

  #soundsOf(tokens: readonly Token[]): readonly Sound[] {
    return readSounds(tokens, (token) => this.#speechVerbs.has(token.start));
  }

  #take(end: number): readonly Token[] {
    const first = this.#next;
    while ((this.#tokens[this.#next]?.start ?? Infinity) < end) this.#next += 1;
    return this.#tokens.slice(first, this.#next);
  }
}
