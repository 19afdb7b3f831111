import { setTimeout as sleep } from "node:timers/promises";
import { type Clock, systemClock } from "../../../platform/clock.js";
import { ProviderError, UnspeakableError } from "../../../platform/errors.js";
import { estimateWords } from "./estimated-words.js";
import { describeMissedRange, describeWhisperLosses } from "../melody-losses.js";
import { RequestSlots } from "./request-slots.js";
import { type ShapingInput, type ShapingOutput, shapeSpeech } from "./shaping.worker.js";
import { type EndpointOptions, askEndpoint } from "./speech-endpoint.js";
import { PCM_RATE, type ReplyFormat, readSound } from "./speech-reply.js";
import { writeInstructions } from "./speech-instructions.js";
import type {
  CatalogueVoice,
  Degradation,
  Speech,
  SpeechCapabilities,
  SpeechProvider,
  SpeechRequest,
  SpokenProsody,
} from "../speech.port.js";
import { splitText } from "./text-pieces.js";

export interface OpenAiSpeechOptions {
  /** The part before the colon in the ids of this provider's voices. */
  readonly id: string;
  /** The URL up to and including the version, for example `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  /** The voices in order of preference. `name` is the endpoint's name for the voice. */
  readonly voices: readonly (Omit<CatalogueVoice, "id" | "provider"> & { readonly name: string })[];
  /** The format of replies. Default wav. */
  readonly format?: ReplyFormat;
  /**
   * True if the model follows `instructions` and ignores `speed`. The default depends on the
   * model's name: gpt-4o-mini-tts follows instructions, tts-1 does not.
   */
  readonly takesInstructions?: boolean;
  /**
   * Runs `shapeSpeech` of shaping.worker.ts in a worker thread. Default: `shapeSpeech` runs in the
   * current thread.
   */
  readonly shape?: (input: ShapingInput, signal: AbortSignal) => Promise<ShapingOutput>;
  /**
   * The price of a million characters, in millionths of `currency`. Absent if the price is unknown.
   */
  readonly microsPerMillionChars?: number;
  /** The currency of the price (ISO 4217). Default USD. */
  readonly currency?: string;
  /** The longest text of one request. Default 4096 characters. */
  readonly maxChars?: number;
  /** Timeout for one attempt, including the whole reply. Default 60 s. */
  readonly timeoutMs?: number;
  /** Timeout for the connection to the server. Default 10 s. */
  readonly connectTimeoutMs?: number;
  /**
   * True if the host's name may resolve to an address of a private network. Default false. A URL
   * that contains an address instead of a name is always allowed.
   */
  readonly allowsPrivateHost?: boolean;
  /** The maximum number of requests at the same time. Default 4. */
  readonly maxConcurrent?: number;
  /** The maximum number of attempts for one request. Default 4. */
  readonly maxAttempts?: number;
  /** The largest reply. Default 32 MiB, which is 11 minutes at 24 kHz. */
  readonly maxBytes?: number;
  readonly clock?: Clock;
  /** Waits between attempts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const SLOWEST = 0.25;
const FASTEST = 4;
const INSTRUCTED_MODELS = /^gpt-4o.*-tts/;

/**
 * Creates a provider for any server with OpenAI's `POST /audio/speech`. The server reports no
 * times, so the provider estimates the times of words from the text and the pauses in the sound.
 * The server cannot change the melody or the quality of a voice, so the provider changes the sound.
 */
export function openAiSpeech(options: OpenAiSpeechOptions): SpeechProvider {
  const { id, model, maxChars = 4096 } = options;
  const voices = new Map(
    options.voices.map(({ name, ...about }) => [`${id}:${name}`, { name, ...about }]),
  );
  const catalogue = [...voices].map(([key, { name: _, ...about }]) => ({
    ...about,
    id: key,
    provider: id,
  }));
  const isInstructed = options.takesInstructions ?? INSTRUCTED_MODELS.test(model);
  const ask = createAsker(options, isInstructed);
  const capabilities: SpeechCapabilities = {
    version: `${model}/2`,
    languages: [...new Set(catalogue.flatMap(({ languages }) => languages))],
    maxChars,
    timing: "none",
    prosody: ["rate", "pitch", "range", "rise", "tilt", "breath", "tremor", "whisper"],
    emotion: isInstructed ? "instruction" : "prosody",
    cloning: "none",
    isDeterministic: false,
    stitchesNeighbours: false,
    isOffline: false,
    isPaid: costsMoney(options),
    ...priceOf(options),
  };
  return {
    id,
    listVoices: () => catalogue,
    capabilities: () => capabilities,
    async synthesize(request, signal) {
      signal.throwIfAborted();
      const voice = voices.get(request.voice);
      if (!voice)
        throw new ProviderError(
          `${id} has no voice ${request.voice}; choose a voice from its list.`,
          false,
        );
      refuseLanguage(id, voice.languages, request);
      const pieces = splitText(request.text, maxChars).filter(
        ({ text }) => estimateWords(text, 0).length > 0,
      );
      const said: Said[] = [];
      for (const piece of pieces) {
        const isLast = piece === pieces.at(-1);
        said.push({
          ...piece,
          ...(await ask(piece.text, voice.name, { request, isLast }, signal)),
        });
      }
      const { range, isWhispered } = request.prosody;
      const reached = said.map(({ sound }) => sound.range);
      return joinPieces(said, options, [
        ...describeLimits(id, request.prosody, isInstructed),
        ...(isWhispered ? [] : describeMissedRange(reached, range)),
      ]);
    },
  };
}

interface Asking {
  readonly request: SpeechRequest;
  /** True for the last piece of the text. */
  readonly isLast: boolean;
}

/** Returns a function that asks the endpoint for one piece of text and shapes the reply. */
function createAsker(options: OpenAiSpeechOptions, isInstructed: boolean) {
  const endpoint = endpointOf(options);
  const slots = new RequestSlots(options.maxConcurrent ?? 4);
  const shape = options.shape ?? (async (input) => shapeSpeech(input));
  const { id: name, model, format = "wav" } = options;
  return async (
    text: string,
    voice: string,
    { request, isLast }: Asking,
    signal: AbortSignal,
  ): Promise<Pick<Said, "sound" | "chars">> => {
    const { prosody } = request;
    const input = withLexicon(text, request.lexicon ?? []);
    const speed = isInstructed ? 1 : clampRate(prosody.rate);
    const instructions = isInstructed ? writeInstructions(request.emotion, prosody.rate) : null;
    const body = {
      ...{ model, voice, input, response_format: format, speed },
      ...(instructions === null ? {} : { instructions }),
    };
    const sound = await slots.run(
      () =>
        askEndpoint(
          endpoint,
          body,
          (bytes) => readSound(bytes, { name, format, input, speed }),
          signal,
        ),
      signal,
    );
    const { pitch, range, rise, tilt, breath, tremor, isWhispered } = prosody;
    const intonation = isWhispered
      ? { pitch: 0, range: 1, rise: 0 }
      : { pitch, range, rise: isLast ? rise : 0 };
    const quality = { tilt, breath, tremor, isWhispered };
    return { sound: await shape({ sound, intonation, quality }, signal), chars: input.length };
  };
}

interface Said {
  readonly text: string;
  readonly start: number;
  readonly sound: ShapingOutput;
  readonly chars: number;
}

function endpointOf(options: OpenAiSpeechOptions): EndpointOptions {
  return {
    name: options.id,
    url: `${options.baseUrl.replace(/\/+$/, "")}/audio/speech`,
    headers: { authorization: `Bearer ${options.apiKey}` },
    timeoutMs: options.timeoutMs ?? 60_000,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    allowsPrivateHost: options.allowsPrivateHost ?? false,
    maxAttempts: options.maxAttempts ?? 4,
    maxBytes: options.maxBytes ?? 32 * 2 ** 20,
    clock: options.clock ?? systemClock,
    wait: options.wait ?? ((ms, signal) => sleep(ms, undefined, { signal })),
  };
}

function refuseLanguage(
  id: string,
  languages: readonly string[],
  { language, voice }: SpeechRequest,
) {
  if (languages.includes(language.split("-")[0]?.toLowerCase() ?? "")) return;
  throw new UnspeakableError(
    `${id}'s voice ${voice} speaks ${languages.join(", ")}, not ${JSON.stringify(language)}; choose another voice.`,
  );
}

type Lexicon = NonNullable<SpeechRequest["lexicon"]>;

function withLexicon(text: string, lexicon: Lexicon): string {
  const saidAs = new Map(lexicon.map((entry) => [entry.word.toLowerCase(), entry.saidAs]));
  return text.replace(/[\p{L}\p{N}'’-]+/gu, (word) => saidAs.get(word.toLowerCase()) ?? word);
}

const clampRate = (rate: number) => Math.min(FASTEST, Math.max(SLOWEST, rate));

const MOST_SHIFT_ST = 12;

function describeLimits(
  id: string,
  prosody: SpokenProsody,
  isInstructed: boolean,
): readonly Degradation[] {
  const { rate } = prosody;
  const degraded: Degradation[] = [];
  const lack = (feature: Degradation["feature"], reason: string) =>
    degraded.push({ feature, reason });
  if (isInstructed && rate !== 1)
    lack("rate", `${id} takes the rate only in words, so ${rate} is approximate.`);
  else if (rate !== clampRate(rate))
    lack("rate", `${id} speaks at ${SLOWEST} to ${FASTEST} times its own rate.`);
  if (prosody.isWhispered) degraded.push(...describeWhisperLosses(prosody));
  else if (Math.abs(prosody.pitch) > MOST_SHIFT_ST) {
    lack("pitch", `${id}'s pitch can be shifted by an octave at most.`);
  }
  return degraded;
}

const silence = () => new Float32Array(PCM_RATE / 5);
const BETWEEN_PIECES_MS = 200;

function joinPieces(
  said: readonly Said[],
  options: OpenAiSpeechOptions,
  degraded: readonly Degradation[],
): Speech {
  const sampleRate = said[0]?.sound.sampleRate ?? PCM_RATE;
  const gap = Math.round((BETWEEN_PIECES_MS / 1000) * sampleRate);
  const lengths = said.map(({ sound }) => sound.pcm.length);
  const pcm = new Float32Array(
    lengths.reduce((sum, length) => sum + length, gap * Math.max(0, said.length - 1)),
  );
  let position = 0;
  const words = said.flatMap(({ text, start, sound }) => {
    pcm.set(sound.pcm, position);
    const offsetMs = (position / sampleRate) * 1000;
    position += sound.pcm.length + gap;
    return estimateWords(text, (sound.pcm.length / sampleRate) * 1000, sound.pauses).map(
      (word) => ({
        text: word.text,
        start: word.start + start,
        end: word.end + start,
        startMs: word.startMs + offsetMs,
        endMs: word.endMs + offsetMs,
      }),
    );
  });
  const isSilent = said.length === 0;
  const reason = "The text has no words, only signs: it is silent.";
  return {
    pcm: isSilent ? silence() : pcm,
    sampleRate,
    words,
    timingSource: "estimated",
    degraded: isSilent ? [...degraded, { feature: "text", reason }] : degraded,
    ...costOf(said, options),
  };
}

/** A price decides. Without a price, a key decides: nobody sends a bill to a client without a key. */
const costsMoney = ({ apiKey, microsPerMillionChars }: OpenAiSpeechOptions): boolean =>
  microsPerMillionChars === undefined ? apiKey !== "" : microsPerMillionChars > 0;

function priceOf(options: OpenAiSpeechOptions): Pick<SpeechCapabilities, "price"> {
  const { microsPerMillionChars, currency = "USD" } = options;
  return microsPerMillionChars === undefined ? {} : { price: { microsPerMillionChars, currency } };
}

function costOf(said: readonly Said[], options: OpenAiSpeechOptions): Pick<Speech, "cost"> {
  const { price } = priceOf(options);
  if (!price) return {};
  const { microsPerMillionChars, currency } = price;
  const chars = said.reduce((sum, piece) => sum + piece.chars, 0);
  return { cost: { micros: Math.ceil((chars * microsPerMillionChars) / 1_000_000), currency } };
}
