import { ProviderError, UnspeakableError } from "../../../platform/errors.js";
import { estimateWords } from "../remote/estimated-words.js";
import { jsonBody, urlBelow } from "../../remote/connection.js";
import { type ConnectionSettings, connectionOf } from "../../remote/connection-settings.js";
import { type EndpointOptions, askEndpoint } from "../../remote/endpoint.js";
import { type SpokenPiece, joinPieces } from "../remote/joined-pieces.js";
import { explainLanguage } from "../remote/spoken-language.js";
import { applyLexicon } from "../remote/lexicon.js";
import { type SpeechPrice, costOf, priceOf } from "../remote/price.js";
import { RequestSlots } from "../../remote/request-slots.js";
import { type ShapingInput, type ShapingOutput, shapeSpeech } from "../remote/shaping.worker.js";
import { SHAPED_PROSODY, describeShaping, shapingOf } from "../remote/shaped-prosody.js";
import { type TextPiece, splitText } from "../remote/text-pieces.js";
import { explainRefusal } from "../../remote/openai-refusal.js";
import { type ReplyFormat, readSound } from "./speech-reply.js";
import { writeInstructions } from "./speech-instructions.js";
import type {
  CatalogueVoice,
  Degradation,
  SpeechCapabilities,
  SpeechProvider,
  SpeechRequest,
  SpokenProsody,
} from "../speech.port.js";

/**
 * By default, an attempt may take 60 s and a reply 32 MiB, which is 11 minutes at 24 kHz, and four requests run at
 * the same time.
 */
export interface OpenAiSpeechOptions extends SpeechPrice, ConnectionSettings {
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
  /** The longest text of one request. Default 4096 characters. */
  readonly maxChars?: number;
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
  const capabilities = capabilitiesOf(options, { catalogue, maxChars, isInstructed });
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
      const reason = explainLanguage(id, request, voice.languages);
      if (reason !== null) throw new UnspeakableError(reason);
      const pieces = splitText(request.text, maxChars).filter(
        ({ text }) => estimateWords(text, 0).length > 0,
      );
      const said: Said[] = [];
      for (const piece of pieces) {
        const isLast = piece === pieces.at(-1);
        said.push(await ask({ ...piece, request, isLast }, voice.name, signal));
      }
      const reached = said.map(({ sound }) => sound.range);
      return {
        ...joinPieces(said, [
          ...describeRate(id, request.prosody, isInstructed),
          ...describeShaping(id, request.prosody, reached),
        ]),
        timingSource: "estimated",
        ...costOf(
          said.reduce((sum, { chars }) => sum + chars, 0),
          options,
        ),
      };
    },
  };
}

function capabilitiesOf(
  options: OpenAiSpeechOptions,
  {
    catalogue,
    maxChars,
    isInstructed,
  }: {
    readonly catalogue: readonly CatalogueVoice[];
    readonly maxChars: number;
    readonly isInstructed: boolean;
  },
): SpeechCapabilities {
  return {
    version: `${options.model}/2`,
    languages: [...new Set(catalogue.flatMap(({ languages }) => languages))],
    maxChars,
    timing: "none",
    prosody: SHAPED_PROSODY,
    emotion: isInstructed ? "instruction" : "prosody",
    cloning: "none",
    isDeterministic: false,
    stitchesNeighbours: false,
    isOffline: false,
    isPaid: costsMoney(options),
    ...priceOf(options),
  };
}

interface Asking extends TextPiece {
  readonly request: SpeechRequest;
  /** True for the last piece of the text. */
  readonly isLast: boolean;
}

interface Said extends SpokenPiece {
  readonly sound: ShapingOutput;
  readonly chars: number;
}

/** Returns a function that asks the endpoint for one piece of text and shapes the reply. */
function createAsker(options: OpenAiSpeechOptions, isInstructed: boolean) {
  const endpoint = endpointOf(options);
  const slots = new RequestSlots(options.maxConcurrent ?? 4);
  const shape = options.shape ?? (async (input) => shapeSpeech(input));
  const { id: name, model, format = "wav" } = options;
  const url = urlBelow(options.baseUrl, "/audio/speech");
  const headers = { authorization: `Bearer ${options.apiKey}` };
  return async (
    { text, start, request, isLast }: Asking,
    voice: string,
    signal: AbortSignal,
  ): Promise<Said> => {
    const { prosody } = request;
    const { input } = applyLexicon(text, request.lexicon);
    const speed = isInstructed ? 1 : clampRate(prosody.rate);
    const instructions = isInstructed ? writeInstructions(request.emotion, prosody.rate) : null;
    const body = {
      ...{ model, voice, input, response_format: format, speed },
      ...(instructions === null ? {} : { instructions }),
    };
    const asked = { url, headers, method: "POST", body: jsonBody(body) } as const;
    const plain = await slots.run(
      () =>
        askEndpoint(
          endpoint,
          asked,
          (bytes) => readSound(bytes, { name, format, input, speed }),
          signal,
        ),
      signal,
    );
    const sound = await shape({ sound: plain, ...shapingOf(prosody, isLast) }, signal);
    const durationMs = (sound.pcm.length / sound.sampleRate) * 1000;
    return {
      start,
      sound,
      chars: input.length,
      words: estimateWords(text, durationMs, sound.pauses),
    };
  };
}

function endpointOf(options: OpenAiSpeechOptions): EndpointOptions {
  return {
    name: options.id,
    replies: "sound",
    explain: (refusal) => explainRefusal(options.id, refusal),
    privateHostSetting: "SPEECH_ALLOW_PRIVATE",
    ...connectionOf(options, { timeoutMs: 60_000, maxBytes: 32 * 2 ** 20 }),
  };
}

const clampRate = (rate: number) => Math.min(FASTEST, Math.max(SLOWEST, rate));

function describeRate(
  id: string,
  { rate }: SpokenProsody,
  isInstructed: boolean,
): readonly Degradation[] {
  const lack = (reason: string) => [{ feature: "rate", reason } as const];
  if (isInstructed && rate !== 1)
    return lack(`${id} takes the rate only in words, so ${rate} is approximate.`);
  if (isInstructed || rate === clampRate(rate)) return [];
  return lack(`${id} speaks at ${SLOWEST} to ${FASTEST} times its own rate.`);
}

/** A price decides. Without a price, a key decides: nobody sends a bill to a client without a key. */
const costsMoney = ({ apiKey, microsPerMillionChars }: OpenAiSpeechOptions): boolean =>
  microsPerMillionChars === undefined ? apiKey !== "" : microsPerMillionChars > 0;
