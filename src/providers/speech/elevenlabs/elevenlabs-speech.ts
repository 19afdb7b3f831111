import { createHash } from "node:crypto";
import { fromInt16 } from "../../../audio/signal/wav.js";
import { ProviderError, UnspeakableError } from "../../../platform/errors.js";
import { estimateWords } from "../remote/estimated-words.js";
import { PCM_RATE, type SpokenPiece, joinPieces } from "../remote/joined-pieces.js";
import { type LexicalText, applyLexicon } from "../remote/lexicon.js";
import { costOf, priceOf } from "../remote/price.js";
import { SHAPED_PROSODY, describeShaping, shapingOf } from "../remote/shaped-prosody.js";
import { type ShapingInput, type ShapingOutput, shapeSpeech } from "../remote/shaping.worker.js";
import { primaryLanguage } from "../../../platform/text/language-tag.js";
import { explainLanguage } from "../remote/spoken-language.js";
import { type TextPiece, splitText } from "../remote/text-pieces.js";
import { requireWholeSound } from "../remote/whole-sound.js";
import type {
  Degradation,
  Speech,
  SpeechCapabilities,
  SpeechProvider,
  SpeechRequest,
  SpokenProsody,
  SpokenWord,
} from "../speech.port.js";
import { alignWords, fitWords } from "./aligned-words.js";
import { ELEVENLABS, type ElevenLabsAccount } from "./elevenlabs-account.js";
import { NAME, type SpokenText } from "./elevenlabs-client.js";
import { takesLanguage } from "./elevenlabs-models.js";
import type { Alignment } from "./elevenlabs-replies.js";

export interface ElevenLabsSpeechOptions {
  /**
   * Runs `shapeSpeech` of shaping.worker.ts in a worker thread. Default: `shapeSpeech` runs in the
   * current thread.
   */
  readonly shape?: (input: ShapingInput, signal: AbortSignal) => Promise<ShapingOutput>;
  /** The longest text of one request. Default 2500 characters, which every model and plan takes. */
  readonly maxChars?: number;
}

const SLOWEST = 0.7;
const FASTEST = 1.2;

/**
 * The settings of every request. Without them, ElevenLabs uses settings that anyone with the account can
 * change, and the same recipe would sound different.
 */
const SETTINGS = { stability: 0.5, similarity_boost: 0.75, style: 0, use_speaker_boost: true };

/**
 * Creates a provider that speaks with the voices of an account, and with personal voices cloned there.
 * ElevenLabs changes the rate, and the provider changes the melody and the quality of the sound.
 */
export function elevenLabsSpeech(
  account: ElevenLabsAccount,
  { maxChars = 2500, ...options }: ElevenLabsSpeechOptions = {},
): SpeechProvider {
  const ask = createAsker(account, options.shape ?? (async (input) => shapeSpeech(input)));
  const explainUnspeakable = (request: SpeechRequest) =>
    explainLanguage(ELEVENLABS, request, account.languages);
  return {
    id: ELEVENLABS,
    listVoices: () => account.listVoices(),
    capabilities: () => capabilitiesOf(account, maxChars),
    explainUnspeakable,
    async synthesize(request, signal) {
      signal.throwIfAborted();
      const speaker = speakerOf(account, request);
      const reason = explainUnspeakable(request);
      if (reason !== null) throw new UnspeakableError(reason);
      const pieces = splitText(request.text, maxChars).filter(
        ({ text }) => estimateWords(text, 0).length > 0,
      );
      const said: Said[] = [];
      for (const piece of pieces)
        said.push(
          await ask({ ...piece, request, isLast: piece === pieces.at(-1) }, speaker, signal),
        );
      return join(said, request.prosody, account);
    },
  };
}

const capabilitiesOf = (account: ElevenLabsAccount, maxChars: number): SpeechCapabilities => ({
  version: `${account.model}/1`,
  languages: account.languages,
  maxChars,
  timing: "char",
  prosody: SHAPED_PROSODY,
  emotion: "prosody",
  cloning: "zero-shot",
  // A seed makes the same sound likely, but ElevenLabs does not guarantee the same sound.
  isDeterministic: false,
  stitchesNeighbours: false,
  isOffline: false,
  isPaid: true,
  ...priceOf(account.options),
});

/** The vendor's id of a voice, and what to do if ElevenLabs does not have the voice. */
interface Speaker {
  readonly voice: string;
  readonly lostVoice: string;
}

function speakerOf(account: ElevenLabsAccount, { voice, personal }: SpeechRequest): Speaker {
  if (personal) {
    const lostVoice = `${NAME} no longer has the clone of this voice; train the voice again.`;
    return { voice: personal.model, lostVoice };
  }
  if (!account.listVoices().some(({ id }) => id === voice)) {
    const message = `${ELEVENLABS} has no voice ${voice}; choose a voice from its list.`;
    throw new ProviderError(message, false);
  }
  return {
    voice: voice.slice(ELEVENLABS.length + 1),
    lostVoice: `${NAME} no longer has the voice ${voice}; choose another voice.`,
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
  readonly isTimed: boolean;
}

/** Returns a function that says one piece of a text and shapes its sound. */
function createAsker(
  account: ElevenLabsAccount,
  shape: NonNullable<ElevenLabsSpeechOptions["shape"]>,
) {
  return async (
    { text, start, request, isLast }: Asking,
    speaker: Speaker,
    signal: AbortSignal,
  ): Promise<Said> => {
    const lexical = applyLexicon(text, request.lexicon);
    const { input } = lexical;
    const speed = clampRate(request.prosody.rate);
    const body = bodyOf(account.model, request, { input, speed });
    const { sound: plain, ...heard } = await account.slots.run(
      () =>
        account.client.speak(
          speaker,
          body,
          ({ audio_base64, alignment }) => ({
            ...requireWholeSound(readPcm(audio_base64), { name: NAME, input, speed }),
            alignment,
          }),
          signal,
        ),
      signal,
    );
    const sound = await shape({ sound: plain, ...shapingOf(request.prosody, isLast) }, signal);
    return { start, sound, chars: input.length, ...timeWords(text, lexical, { ...heard, sound }) };
  };
}

function bodyOf(
  model: string,
  { voice, language }: SpeechRequest,
  { input, speed }: { readonly input: string; readonly speed: number },
): SpokenText {
  return {
    text: input,
    model_id: model,
    seed: createHash("sha256").update(`${voice}\n${model}\n${input}`).digest().readUInt32BE(),
    ...(takesLanguage(model) ? { language_code: primaryLanguage(language) } : {}),
    voice_settings: { ...SETTINGS, speed },
  };
}

function readPcm(base64: string) {
  const bytes = Uint8Array.from(Buffer.from(base64, "base64"));
  if (bytes.length % 2 !== 0) throw new ProviderError(`${NAME} answered with half a sample.`, true);
  return { pcm: fromInt16(new Int16Array(bytes.buffer)), sampleRate: PCM_RATE };
}

interface Heard {
  readonly sound: ShapingOutput;
  readonly trimmedMs: number;
  readonly alignment?: Alignment | null | undefined;
}

/** Times the words by the times of their characters. Without such times, estimates from the letters. */
function timeWords(
  text: string,
  lexical: LexicalText,
  { sound, trimmedMs, alignment }: Heard,
): { readonly words: readonly SpokenWord[]; readonly isTimed: boolean } {
  const durationMs = (sound.pcm.length / sound.sampleRate) * 1000;
  const words = alignment ? alignWords(text, lexical, alignment) : null;
  if (words) return { words: fitWords(words, { trimmedMs, durationMs }), isTimed: true };
  return { words: estimateWords(text, durationMs, sound.pauses), isTimed: false };
}

const clampRate = (rate: number) => Math.min(FASTEST, Math.max(SLOWEST, rate));

function join(said: readonly Said[], prosody: SpokenProsody, account: ElevenLabsAccount): Speech {
  const reached = said.map(({ sound }) => sound.range);
  const isTimed = said.every((piece) => piece.isTimed);
  const degraded: Degradation[] = [...describeRate(prosody.rate)];
  degraded.push(...describeShaping(ELEVENLABS, prosody, reached));
  if (!isTimed) {
    const reason = `${NAME} sent no times that fit the text, so the times of words are estimated.`;
    degraded.push({ feature: "timing", reason });
  }
  return {
    ...joinPieces(said, degraded),
    timingSource: isTimed ? "provider" : "estimated",
    ...costOf(
      said.reduce((sum, { chars }) => sum + chars, 0),
      account.options,
    ),
  };
}

function describeRate(rate: number): readonly Degradation[] {
  if (rate === clampRate(rate)) return [];
  const reason = `${ELEVENLABS} speaks at ${SLOWEST} to ${FASTEST} times its own rate.`;
  return [{ feature: "rate", reason }];
}
