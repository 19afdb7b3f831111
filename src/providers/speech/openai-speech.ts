import { setTimeout as sleep } from "node:timers/promises";
import { levelDb, trimSilence } from "../../audio/silence.js";
import { type Sound, fromInt16, parseWav } from "../../audio/wav.js";
import { type Clock, systemClock } from "../../platform/clock.js";
import { FabulaError, ProviderError } from "../../platform/errors.js";
import { estimateWords } from "./estimated-words.js";
import { type EndpointOptions, askEndpoint } from "./speech-endpoint.js";
import type {
  CatalogueVoice,
  Degradation,
  Speech,
  SpeechCapabilities,
  SpeechProvider,
  SpeechRequest,
  SpokenProsody,
} from "./speech.port.js";
import { piecesOf } from "./text-pieces.js";

export interface OpenAiSpeechOptions {
  /** The part of its voices' ids before the colon. */
  readonly id: string;
  /** Up to and including the version, as `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  /** In order of preference; `name` is the endpoint's word for it. */
  readonly voices: readonly (Omit<CatalogueVoice, "id" | "provider"> & { readonly name: string })[];
  /** `pcm` is headless, 16 bit, 24 kHz. Default wav. */
  readonly format?: "wav" | "pcm";
  /** Price in millionths of `currency` for a million characters. Default none. */
  readonly microsPerMillionChars?: number;
  /** ISO 4217. Default USD. */
  readonly currency?: string;
  /** What the endpoint takes at once. Default 4096. */
  readonly maxChars?: number;
  /** Default 60 s. */
  readonly timeoutMs?: number;
  /** Default 4. */
  readonly maxAttempts?: number;
  /** Of one reply. Default 32 MiB, 11 minutes of 24 kHz. */
  readonly maxBytes?: number;
  readonly clock?: Clock;
  /** Between attempts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

const PCM_RATE = 24_000;
const SLOWEST = 0.25;
const FASTEST = 4;
/** Nobody says more; a shorter sound was cut off. */
const MOST_CHARS_A_SECOND = 45;
const LEAST_CHARS_TO_JUDGE = 40;

/** Any server with OpenAI's `POST /audio/speech`. It tells no times, so words are estimated. */
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
  const endpoint = endpointOf(options);
  const capabilities: SpeechCapabilities = {
    version: `${model}/1`,
    languages: [...new Set(catalogue.flatMap(({ languages }) => languages))],
    maxChars,
    timing: "none",
    prosody: ["rate"],
    emotion: "none",
    cloning: "none",
    isDeterministic: false,
    stitchesNeighbours: false,
    isOffline: false,
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
        throw new ProviderError(`${id} has no voice ${request.voice}; choose one it lists.`, false);
      refuseLanguage(id, voice.languages, request);
      const said: Said[] = [];
      for (const { text, start } of piecesOf(request.text, maxChars)) {
        if (estimateWords(text, 0).length === 0) continue;
        const body = {
          model,
          voice: voice.name,
          input: withLexicon(text, request.lexicon ?? []),
          response_format: options.format ?? "wav",
          speed: clampRate(request.prosody.rate),
        };
        const sound = await askEndpoint(
          endpoint,
          body,
          (bytes) => soundOf(options, bytes, body),
          signal,
        );
        said.push({ text, start, sound, chars: body.input.length });
      }
      return joined(said, options, lacks(id, request.prosody));
    },
  };
}

interface Said {
  readonly text: string;
  readonly start: number;
  readonly sound: Sound;
  readonly chars: number;
}

function endpointOf(options: OpenAiSpeechOptions): EndpointOptions {
  return {
    name: options.id,
    url: `${options.baseUrl.replace(/\/+$/, "")}/audio/speech`,
    headers: { authorization: `Bearer ${options.apiKey}` },
    timeoutMs: options.timeoutMs ?? 60_000,
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
  throw new ProviderError(
    `${id}'s voice ${voice} speaks ${languages.join(", ")}, not ${language}; choose another voice.`,
    false,
  );
}

type Lexicon = NonNullable<SpeechRequest["lexicon"]>;

function withLexicon(text: string, lexicon: Lexicon): string {
  const saidAs = new Map(lexicon.map((entry) => [entry.word.toLowerCase(), entry.saidAs]));
  return text.replace(/[\p{L}\p{N}'’-]+/gu, (word) => saidAs.get(word.toLowerCase()) ?? word);
}

const clampRate = (rate: number) => Math.min(FASTEST, Math.max(SLOWEST, rate));

function lacks(id: string, prosody: SpokenProsody): readonly Degradation[] {
  const degraded: Degradation[] = [];
  const lack = (feature: Degradation["feature"], isAsked: boolean) => {
    if (isAsked) degraded.push({ feature, reason: `${id} cannot change it.` });
  };
  lack("pitch", prosody.pitch !== 0);
  lack("range", prosody.range !== 1);
  lack("tilt", prosody.tilt !== 0);
  lack("breath", prosody.breath !== 0);
  lack("tremor", prosody.tremor !== 0);
  lack("whisper", prosody.isWhispered);
  if (prosody.rate !== clampRate(prosody.rate)) {
    degraded.push({ feature: "rate", reason: `${id} speaks at ${SLOWEST} to ${FASTEST} times.` });
  }
  return degraded;
}

/** @throws ProviderError, retryable, for what is not the whole of a sound that says something */
function soundOf(
  options: OpenAiSpeechOptions,
  bytes: Uint8Array,
  said: { readonly input: string; readonly speed: number },
): Sound {
  const broken = (what: string, cause?: unknown) =>
    new ProviderError(`${options.id} answered with ${what}.`, true, { cause });
  const sound = trimSilence(decode(options.format ?? "wav", bytes, broken));
  if (!(levelDb(sound.pcm) > -70)) throw broken("silence");
  const seconds = sound.pcm.length / sound.sampleRate;
  const isShort = seconds * MOST_CHARS_A_SECOND * said.speed < said.input.length;
  if (isShort && said.input.length > LEAST_CHARS_TO_JUDGE) {
    throw broken(`${seconds.toFixed(1)} s of sound for ${said.input.length} characters`);
  }
  return sound;
}

function decode(
  format: "wav" | "pcm",
  bytes: Uint8Array,
  broken: (what: string, cause?: unknown) => ProviderError,
): Sound {
  if (format === "pcm") {
    if (bytes.length % 2 !== 0) throw broken("half a sample");
    return { pcm: fromInt16(new Int16Array(new Uint8Array(bytes).buffer)), sampleRate: PCM_RATE };
  }
  try {
    return parseWav(bytes);
  } catch (error) {
    if (!(error instanceof FabulaError)) throw error;
    throw broken(`something else than sound: ${error.message}`, error);
  }
}

const SILENT: Sound = { pcm: new Float32Array(PCM_RATE / 5), sampleRate: PCM_RATE };
const BETWEEN_PIECES_MS = 200;

function joined(
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
    return estimateWords(text, (sound.pcm.length / sampleRate) * 1000).map((word) => ({
      text: word.text,
      charStart: word.charStart + start,
      charEnd: word.charEnd + start,
      startMs: word.startMs + offsetMs,
      endMs: word.endMs + offsetMs,
    }));
  });
  const isSilent = said.length === 0;
  const reason = "The text has no words, only signs: it is silent.";
  return {
    pcm: isSilent ? SILENT.pcm.slice() : pcm,
    sampleRate,
    words,
    timingSource: "estimated",
    degraded: isSilent ? [...degraded, { feature: "text", reason }] : degraded,
    ...costOf(said, options),
  };
}

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
