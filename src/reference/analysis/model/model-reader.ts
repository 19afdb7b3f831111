import {
  ContextOverflowError,
  type ChatRequest,
  type LanguageModel,
  UnusableAnswerError,
  costMicrosOf,
  estimatePromptTokens,
  estimateTokens,
} from "../../../providers/llm/llm.port.js";
import type { AnalysisDocument, Usage } from "../analyser/index.js";
import type { ModelReadings } from "./apply-readings.js";
import { Cast } from "./cast.js";
import { type ReadStory, type ToldStory, askWhole, askWindow } from "./messages.js";
import { NOTHING_TOLD, type WholeReading, readWholeAnswer } from "./whole-answer.js";
import { type QuoteReading, readWindowAnswer } from "./window-answer.js";
import { type NumberedLine, type ReadingWindow, cutWindows, shorten, linesOf } from "./windows.js";

/** The answer to one request. `value` is null if the answer could not be used. */
export interface StoredAnswer {
  readonly value: unknown;
  readonly usage: Usage;
}

/** Keeps the answers of one text, so that no request that was answered is sent again. */
export interface AnswerMemory {
  /** Returns the answer to the request with this name, or null if none is stored. */
  find(name: string): StoredAnswer | null;
  keep(name: string, answer: StoredAnswer): Promise<void>;
}

export interface ModelReading extends ModelReadings {
  /** The requests whose answers could not be used. There, the embedded decisions stand. */
  readonly unusable: number;
  readonly requests: number;
  /** How many segments were read, from the first. */
  readonly linesRead: number;
}

export interface ReadingOptions {
  readonly model: LanguageModel;
  readonly memory: AnswerMemory;
  readonly signal: AbortSignal;
  /**
   * Called before each request with the estimated tokens of prompt and answer. Throws if the request may not
   * be sent.
   */
  readonly beforeAsking?: (tokens: number) => Promise<void>;
  /** Called after each window. `fraction` is the share of the text that is read, 0-1. */
  readonly onProgress?: (fraction: number) => void;
  /** Called after each answer with everything that was used until then. */
  readonly onAnswer?: (usage: Usage) => void;
  /**
   * When the answers have taken more tokens than this, nothing further is asked, and what is left counts as
   * unusable. Default: no limit.
   */
  readonly mostTokens?: number;
  /** Reads about this many quotes of the text, in whole windows, and no more. Default: all. */
  readonly quotes?: number;
}

/** The share of a model's context that the lines of a window take, and the most tokens that they take. */
const WINDOW_SHARE = 0.3;
const WINDOW_TOKENS = 2500;

const NOTHING_USED: Usage = { inputTokens: 0, outputTokens: 0, costMicros: 0, requests: 0 };

/** What a model can be asked about a text: the embedded analysis without its places. */
export interface ReadingPlan {
  readonly document: ReadStory["document"];
  readonly lines: readonly NumberedLine[];
}

/** Returns what a model reads of a text. */
export const planReading = (text: string, document: AnalysisDocument): ReadingPlan => ({
  document: {
    contentHash: document.contentHash,
    language: document.language,
    characters: document.characters,
  },
  lines: linesOf(text, document),
});

const windowsOf = ({ lines }: ReadingPlan, contextTokens: number): ReadingWindow[] =>
  cutWindows(
    lines,
    Math.min(WINDOW_TOKENS, contextTokens * WINDOW_SHARE),
    ({ text }) => estimateTokens(text) + 6,
  );

/** An answer takes about half of what it may take. */
const ANSWER_SHARE = 0.5;

/** Estimates the tokens of all prompts and answers about a text, before anything is sent. */
export function estimateReading(
  text: string,
  plan: ReadingPlan,
  { contextTokens }: Pick<LanguageModel, "contextTokens">,
): number {
  const story: ReadStory = {
    ...plan,
    cast: new Cast(text, plan.document.characters),
    contextTokens,
  };
  const requests = [
    ...windowsOf(plan, contextTokens).map((window) => askWindow(story, window)),
    askWhole(story, NOTHING_TOLD_YET),
  ];
  return requests.reduce(
    (sum, request) =>
      sum + estimatePromptTokens(request) + Math.ceil(request.maxOutputTokens * ANSWER_SHARE),
    0,
  );
}

const NOTHING_TOLD_YET: ToldStory = { gists: [], quotes: new Map() };

const tokensOf = (request: ChatRequest): number =>
  estimatePromptTokens(request) + request.maxOutputTokens;

/**
 * Asks a model about a text, window by window, and about the whole. An answer that cannot be used leaves the
 * embedded decisions.
 * @throws ProviderError if the model does not answer. The answers until then are in the memory.
 */
export async function readWithModel(
  text: string,
  plan: ReadingPlan,
  options: ReadingOptions,
): Promise<ModelReading> {
  const { contextTokens } = options.model;
  const cast = new Cast(text, plan.document.characters);
  const story: ReadStory = { ...plan, cast, contextTokens };
  const asking = new Asking(options);
  const { quotes, gists, linesRead } = await readWindows(story, asking, options);
  const whole = await readWhole(story, { quotes, gists }, asking);
  const { usage, unusable, requests } = asking;
  return { quotes, cast: cast.all, whole, usage, unusable, requests, linesRead };
}

/** The parts of the usual length that a request about the whole takes, until the model has room for it. */
const PARTS = [1, 0.5, 0.25, 0.1];

async function readWhole(story: ReadStory, told: ToldStory, asking: Asking): Promise<WholeReading> {
  for (const part of PARTS) {
    const answer = await asking.ask("whole", askWhole(story, told, part));
    if (answer !== TOO_LONG) return readWholeAnswer(answer, story.cast);
  }
  asking.giveUp();
  return NOTHING_TOLD;
}

interface WindowReadings extends ToldStory {
  readonly linesRead: number;
}

async function readWindows(
  story: ReadStory,
  asking: Asking,
  { quotes: wanted = Infinity, onProgress }: ReadingOptions,
): Promise<WindowReadings> {
  const { lines, cast, contextTokens } = story;
  const quotes = new Map<number, QuoteReading>();
  const gists: string[] = [];
  let linesRead = 0;
  let asked = 0;
  const waiting = windowsOf(story, contextTokens);
  for (let window = waiting.shift(); window; window = waiting.shift()) {
    if (asked >= wanted) break;
    const answer = await asking.ask(`${window.first}-${window.end}`, askWindow(story, window));
    if (answer === TOO_LONG) {
      const shorter = shorten(lines, window);
      if (shorter.length === 0) asking.giveUp();
      waiting.unshift(...shorter);
    } else {
      const read = readWindowAnswer(answer, window, cast);
      for (const [index, reading] of read.quotes) quotes.set(index, reading);
      if (read.gist !== null) gists.push(read.gist);
      linesRead = window.end;
      asked += window.quotes.length;
      onProgress?.(window.end / lines.length);
    }
  }
  return { quotes, gists, linesRead };
}

/** The model's context is too short for a request. */
const TOO_LONG = Symbol("too long");

/** Sends the requests about one text, except for those that were answered before. */
class Asking {
  usage = NOTHING_USED;
  unusable = 0;
  requests = 0;

  constructor(private readonly use: ReadingOptions) {}

  /** Returns the answer, null if the answer cannot be used, or TOO_LONG. */
  async ask(name: string, request: ChatRequest): Promise<unknown> {
    const { memory, onAnswer } = this.use;
    let answer = memory.find(name);
    if (!answer) {
      if (this.isSpent) {
        this.giveUp();
        return null;
      }
      const asked = await this.send(request);
      if (asked === TOO_LONG) return TOO_LONG;
      answer = asked;
      await memory.keep(name, answer);
    }
    this.requests += 1;
    if (answer.value === null) this.unusable += 1;
    this.usage = addUsage(this.usage, answer.usage);
    onAnswer?.(this.usage);
    return answer.value;
  }

  private get isSpent(): boolean {
    const { inputTokens, outputTokens } = this.usage;
    return inputTokens + outputTokens > (this.use.mostTokens ?? Infinity);
  }

  /** Counts a request that is not sent, or is too long and cannot be shortened. */
  giveUp(): void {
    this.requests += 1;
    this.unusable += 1;
  }

  private async send(request: ChatRequest): Promise<StoredAnswer | typeof TOO_LONG> {
    const { model, signal, beforeAsking } = this.use;
    signal.throwIfAborted();
    await beforeAsking?.(tokensOf(request));
    try {
      const { value, usage } = await model.complete(request, signal);
      return { value, usage: this.priced(usage) };
    } catch (error) {
      if (error instanceof ContextOverflowError) return TOO_LONG;
      if (error instanceof UnusableAnswerError)
        return { value: null, usage: this.priced(error.usage) };
      throw error;
    }
  }

  private priced(usage: Omit<Usage, "costMicros">): Usage {
    const { price } = this.use.model;
    return { ...usage, costMicros: price ? costMicrosOf(usage, price) : 0 };
  }
}

const addUsage = (a: Usage, b: Usage): Usage => ({
  inputTokens: a.inputTokens + b.inputTokens,
  outputTokens: a.outputTokens + b.outputTokens,
  costMicros: a.costMicros + b.costMicros,
  requests: a.requests + b.requests,
});
