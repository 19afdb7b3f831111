import { createHash } from "node:crypto";
import { readAtmospheres } from "./expression/atmosphere.js";
import { type ReadParagraph, readText } from "../../reading/reading.js";
import type { AnalysisDocument, Analyzer, Emotion, Segment, Sound } from "./document.js";
import { AnalysisStage } from "./document.js";
import { findCharacters } from "./characters/text-characters.js";
import { findLabelled } from "./characters/labelled-characters.js";
import type { CharacterTable } from "./characters/characters.js";
import { describeCharacters } from "./characters/characters.js";
import { readEmotion } from "./expression/emotion.js";
import { assignGenders } from "./characters/gender.js";
import { readModulations } from "./expression/modulation.js";
import { MoodReader } from "./expression/mood.js";
import type { NarratedCharacters } from "./characters/narrator.js";
import { identifyNarrator } from "./characters/narrator.js";
import { inOriginal } from "./text/in-original.js";
import type { Quote } from "./text/quotes/quotes.js";
import { findQuotes } from "./text/quotes/quotes.js";
import { indexForAttribution } from "./speakers/attribution-input.js";
import { countWords, readingTimeSeconds } from "./text/reading-time.js";
import { type EndedSegment, tileText } from "./text/tile-text.js";
import { SentimentScorer } from "./expression/sentiment.js";
import { readSounds } from "./expression/sound.js";
import { Speakers } from "./speakers/speakers.js";
import { OpeningNarration, summarise } from "./text/summary.js";
import type { TokenList } from "./text/tokens.js";
import { tokenize } from "./text/tokens.js";
import { findUnnamedSpeakers } from "./speakers/unnamed-speakers.js";

/**
 * The analyser's id and version, and the version of its document format. They are part of the key
 * of an analysis, whose row exists before the analyser runs. The same values always give the same
 * document for the same text.
 */
export const ANALYSER = { id: "embedded", version: "2.0.0", schemaVersion: 1 } as const;

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

/** What an analysis finds about the whole text. */
export type TextFacts = Omit<AnalysisDocument, "segments">;

/**
 * Analyses a story: its characters, the speaker of each quote, and the emotion and sounds of each
 * segment. Runs synchronously and would block the event loop, so call it in a worker thread. The
 * same text and language always give the same document. No text makes the function throw. The time
 * grows linearly with the length of the text.
 */
export function analyseText(text: string, options: AnalysisOptions = {}): AnalysisDocument {
  const segments: Segment[] = [];
  const { usage, ...facts } = analyseSegments(text, options, (segment) => segments.push(segment));
  return { ...facts, segments, usage };
}

/**
 * Analyses a story like `analyseText`, but gives each segment to `take` and keeps none. A long text
 * with short lines has 600,000 segments, which would take 400 MB.
 */
export function analyseSegments(
  text: string,
  options: AnalysisOptions,
  take: (segment: Segment) => unknown,
): TextFacts {
  const language = options.language ?? "en";
  const report = options.onProgress ?? ((): void => undefined);
  report(AnalysisStage.Segmenting, 0);
  const { clear, spans, paragraphs } = readText(text);
  const story = clear.text;
  const quotes = findQuotes(story, paragraphs);
  const tokens = tokenize(story, paragraphs, quotes);
  const { speakers, characters, idOf } = findSpeakers(
    { text: story, paragraphs, quotes, tokens },
    report,
  );
  report(AnalysisStage.Expression, 0.6);
  const reader = new SegmentReader(tokens, speakers, idOf);
  const mood = new MoodReader(paragraphs.reduce((sum, { start, end }) => sum + end - start, 0));
  const opening = new OpeningNarration(paragraphs);
  let index = 0;
  for (const raw of tileText(story, { paragraphs, quotes }, language)) {
    const segment = reader.read(raw, index);
    if (index % 500 === 499) report(AnalysisStage.Expression, 0.6 + 0.4 * (raw.end / story.length));
    index += 1;
    mood.add(segment);
    opening.add(raw);
    take(inOriginal(segment, raw.next, clear));
  }
  report(AnalysisStage.Expression, 1);
  const words = countWords(story);
  return {
    schemaVersion: ANALYSER.schemaVersion,
    analyzer: analyzerOf(),
    contentHash: createHash("sha256").update(text, "utf8").digest("hex"),
    language,
    offsetUnit: "utf16",
    wordCount: words,
    readingTimeSeconds: readingTimeSeconds(words),
    summary: summarise(story, opening, language),
    mood: mood.mood(readAtmospheres(tokens)),
    characters,
    paragraphs: paragraphs.map((paragraph) => ({
      index: paragraph.index,
      ...clear.rangeOf(paragraph),
    })),
    apparatus: spans,
    usage: NO_USAGE,
  };
}

function analyzerOf(): Analyzer {
  return { id: ANALYSER.id, version: ANALYSER.version };
}

function findNarratedCharacters(tokens: TokenList): NarratedCharacters {
  let characters = findCharacters(tokens);
  assignGenders(characters, tokens);
  const unnamed = findUnnamedSpeakers(characters, tokens);
  if (unnamed.length > 0) {
    characters = findCharacters(tokens, unnamed);
    assignGenders(characters, tokens);
  }
  return identifyNarrator(characters, tokens);
}

/** Finds the characters and the speakers. Its indexes of mentions are garbage when it returns. */
function findSpeakers(
  {
    text,
    paragraphs,
    quotes,
    tokens,
  }: {
    readonly text: string;
    readonly paragraphs: readonly ReadParagraph[];
    readonly quotes: readonly Quote[];
    readonly tokens: TokenList;
  },
  report: (stage: AnalysisStage, fraction: number) => void,
): CharacterTable & { readonly speakers: Speakers } {
  report(AnalysisStage.Characters, 0.2);
  const found = findLabelled(findNarratedCharacters(tokens), quotes);
  report(AnalysisStage.Attribution, 0.4);
  const speakers = new Speakers(indexForAttribution(tokens, quotes, found, paragraphs), text);
  return { speakers, ...describeCharacters(found, speakers.countQuotes(found.members.length)) };
}

/**
 * Completes segments with speaker, emotion, modulations and sounds. Pass the segments in order:
 * each call of `read` continues at the token where the previous call ended.
 */
class SegmentReader {
  readonly #tokens: TokenList;
  readonly #speakers: Speakers;
  readonly #idOf: readonly (string | null)[];
  readonly #speechVerbs: ReadonlySet<number>;
  readonly #sentiment = new SentimentScorer();
  #next = 0;

  constructor(tokens: TokenList, speakers: Speakers, idOf: readonly (string | null)[]) {
    this.#tokens = tokens;
    this.#speakers = speakers;
    this.#idOf = idOf;
    this.#speechVerbs = speakers.verbStarts();
  }

  read(segment: EndedSegment, index: number): Segment {
    const tokens = this.#take(segment.end);
    const quote = this.#speakers.get(segment.quote) ?? UNSPOKEN;
    const speechVerb = this.#tokens.get(quote.verb)?.lower ?? null;
    return {
      id: `s${String(index + 1)}`,
      paragraphIndex: segment.paragraph,
      kind: segment.kind,
      start: segment.start,
      end: segment.end,
      breakAfter: segment.breakAfter,
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
  #emotionOf(tokens: TokenList, speechVerb: string | null): Emotion {
    const felt = [...tokens].filter((token) => !this.#speechVerbs.has(token.start));
    return felt.length === 0 ? NEUTRAL : readEmotion(felt, this.#sentiment, speechVerb);
  }

  #soundsOf(tokens: TokenList): readonly Sound[] {
    return readSounds(tokens, (token) => this.#speechVerbs.has(token.start));
  }

  #take(end: number): TokenList {
    const first = this.#next;
    while ((this.#tokens.get(this.#next)?.start ?? Infinity) < end) this.#next += 1;
    return this.#tokens.range(first, this.#next);
  }
}
