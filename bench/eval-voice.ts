import { declareCommand } from "../src/platform/command-line/command-line.js";
import { readScriptWords } from "./script-words.js";
import { readFileSync } from "node:fs";
import { adaptSound, engineSettings } from "../src/audio/adaptation/apply.js";
import { speakerDistance } from "../src/audio/adaptation/speaker-distance.js";
import { type SpeechMeasure, measureSpeech } from "../src/audio/adaptation/speech-measure.js";
import {
  type AdaptedVoice,
  type PromptedRecording,
  adaptVoice,
} from "../src/audio/adaptation/train.js";
import {
  type AdaptationLevel,
  DEFAULT_LEVEL,
  type VoiceModel,
} from "../src/audio/adaptation/voice-model.js";
import { resolveProsody } from "../src/audio/delivery/prosody.js";
import { type ResolvedProsody, NEUTRAL_PROSODY } from "../src/audio/delivery/resolved-prosody.js";
import { shapeVoice } from "../src/audio/delivery/voice-quality.js";
import type { Sound } from "../src/audio/signal/wav.js";
import { fliteEngine } from "../src/providers/speech/flite/flite.adaptation.js";
import { fliteSpeech } from "../src/providers/speech/flite/flite.js";
import { speak as speakBreath } from "../src/providers/speech/flite/flite.worker.js";
import { cpuSeconds } from "./cpu-seconds.js";
import {
  HELD_OUT_SENTENCES,
  PACKAGES,
  type Speaker,
  findSpeakers,
  readRecording,
} from "./voice/speakers.js";
import { canRecognise, wordErrorRate } from "./voice/word-errors.js";

/*
 * Measures the embedded adaptation of a voice with real speakers: `npm run eval:voice`. Uses the
 * speakers of voice/speakers.ts whose Debian packages are installed, or a speaker of your own.
 */

const LINE = declareCommand({
  call: "npm run eval:voice --",
  summary: "measures the adaptation of a voice with real speakers",
  options: {
    root: {
      value: "DIR",
      about: "looks for the files of the Debian packages below DIR",
      default: "/",
    },
    speaker: { value: "NAME", about: "measures only this speaker, or names your own" },
    sample: { value: "FILE", about: "a recording of your own speaker", isRepeatable: true },
    text: {
      value: "FILE",
      about: "the words of the recording, in the same order",
      isRepeatable: true,
    },
  },
  notes: [
    "A speaker of your own needs at least two pairs of --sample and --text. The last pair is held out.",
  ],
  examples: [
    "npm run eval:voice",
    "npm run eval:voice -- --speaker me --sample a.wav --text a.txt --sample b.wav --text b.txt",
  ],
});

const LEVELS: readonly AdaptationLevel[] = [1, 2, 3];
const EMOTIONS = ["joy", "sadness", "anger", "calm"];
/** The bars: the values that the results must reach. */
const MOST_PITCH_ERROR = 0.1;
const LEAST_CUT = 0.4;
const LEAST_MEAN_CUT = 0.5;
const MOST_WORD_ERRORS = 1.35;
const MOST_TRAINING_SECONDS = 15;

interface Target {
  readonly heldOut: readonly PromptedRecording[];
  readonly measure: SpeechMeasure;
}

interface Result {
  readonly label: string;
  readonly pitchError: number;
  readonly rate: number;
  readonly distance: number;
  readonly wordErrors: number | null;
}

const catalogue = fliteSpeech(speakBreath);

const speak = (text: string, voice: string) => fliteEngine.speak(text, voice, { stretch: 1 });

/** Speaks a text in an adapted voice and an emotion. */
async function perform(
  text: string,
  model: VoiceModel,
  { level, prosody }: { readonly level: AdaptationLevel; readonly prosody: ResolvedProsody },
): Promise<Sound> {
  const sound = await fliteEngine.speak(text, model.base, engineSettings(model, prosody));
  return shapeVoice(adaptSound(sound, model, { level, intonation: prosody }), prosody);
}

type Voice = (text: string) => Promise<Sound>;

async function measure(
  label: string,
  voice: Voice,
  target: Target,
  withWords = true,
): Promise<Result> {
  const sounds = await sayAll(
    voice,
    target.heldOut.map(({ transcript }) => transcript),
  );
  const reached = measureSpeech(sounds);
  const isHeard = withWords && canRecognise();
  return {
    label,
    pitchError: reached.pitchHz / target.measure.pitchHz - 1,
    rate: target.measure.soundingSeconds / reached.soundingSeconds,
    distance: speakerDistance(
      target.heldOut.map(({ sound }) => sound),
      sounds,
    ),
    wordErrors: isHeard
      ? wordErrorRate(await sayAll(voice, HELD_OUT_SENTENCES), HELD_OUT_SENTENCES)
      : null,
  };
}

async function sayAll(voice: Voice, texts: readonly string[]): Promise<readonly Sound[]> {
  const sounds: Sound[] = [];
  for (const text of texts) sounds.push(await voice(text));
  return sounds;
}

const percent = (share: number) => `${share > 0 ? "+" : ""}${(share * 100).toFixed(0)} %`;

function show({ label, pitchError, rate, distance, wordErrors }: Result, base?: Result): void {
  const cut = base ? percent(distance / base.distance - 1) : "";
  const cells = [percent(pitchError), `x ${rate.toFixed(2)}`, distance.toFixed(2), cut];
  row([label, ...cells, ...wordsOf({ wordErrors }, base)]);
}

/** Returns the word errors, and what they are of the base voice's. */
function wordsOf(
  { wordErrors }: Pick<Result, "wordErrors">,
  base?: Pick<Result, "wordErrors">,
): readonly string[] {
  if (wordErrors === null) return ["-", ""];
  const cost = base?.wordErrors ? `x ${(wordErrors / base.wordErrors).toFixed(2)}` : "";
  return [percent(wordErrors).replace("+", ""), cost];
}

const row = (cells: readonly string[]) =>
  console.log(
    cells.map((cell, index) => (index === 0 ? cell.padEnd(24) : cell.padStart(9))).join(" "),
  );

interface Outcome {
  readonly base: Result;
  readonly levels: readonly Result[];
}

async function evaluate(speaker: Speaker): Promise<Outcome> {
  const { heldOut, training } = speaker;
  const started = cpuSeconds();
  const trained = await adaptVoice(training, fliteEngine);
  describe(speaker, trained, cpuSeconds() - started);
  const target = { heldOut, measure: measureSpeech(heldOut.map(({ sound }) => sound)) };
  row(["voice", "pitch", "rate", "distance", "change", "WER", "of base"]);
  const self = speakerDistance(
    training.map(({ sound }) => sound),
    heldOut.map(({ sound }) => sound),
  );
  const { model } = trained;
  const base = await measure(`${model.base}, unchanged`, (text) => speak(text, model.base), target);
  show(base);
  const levels: Result[] = [];
  for (const level of LEVELS) {
    const voice: Voice = (text) => perform(text, model, { level, prosody: NEUTRAL_PROSODY });
    const result = await measure(`level ${level}`, voice, target);
    levels.push(result);
    show(result, base);
  }
  // How far the speaker's own recordings for training are from the held-out recordings.
  row(["the speaker", percent(model.pitchHz / target.measure.pitchHz - 1), "", self.toFixed(2)]);
  await showEmotions(model, target, self);
  return { base, levels };
}

function describe(
  { name, source }: Speaker,
  { model, metrics }: AdaptedVoice,
  seconds: number,
): void {
  console.log(`\n${name} (${source})`);
  const per30 = (seconds / metrics.speechSeconds) * 30;
  console.log(
    `${metrics.speechSeconds.toFixed(1)} s of speech, ${seconds.toFixed(1)} s of CPU, so ${per30.toFixed(1)} s for 30 s ${verdict(per30 <= MOST_TRAINING_SECONDS)} (bar ${MOST_TRAINING_SECONDS} s)`,
  );
  const size = (JSON.stringify(model).length / 1000).toFixed(0);
  console.log(
    `base ${model.base}, formants x ${model.formantScale}, ${model.pitchHz.toFixed(0)} Hz ± ${model.spreadHz.toFixed(0)}, stretch ${model.stretch.toFixed(2)}, ${size} kB of JSON`,
  );
}

/** Says a text with the unchanged base voice and the prosody of an emotion. */
const performBase = (text: string, base: string, prosody: ResolvedProsody): Promise<Sound> =>
  catalogue.synthesize(
    { text, language: "en", voice: `${catalogue.id}:${base}`, prosody },
    new AbortController().signal,
  );

/** Measures emotions against the neutral voice of the same level. Words are recognised at one level. */
async function showEmotions(model: VoiceModel, target: Target, self: number): Promise<void> {
  for (const level of LEVELS) {
    const isDefault = level === DEFAULT_LEVEL;
    const voiceOf =
      (prosody: ResolvedProsody): Voice =>
      (text) =>
        perform(text, model, { level, prosody });
    const calm = await measure("", voiceOf(NEUTRAL_PROSODY), target, false);
    row([`emotion, level ${level}`, ...EMOTION_COLUMNS]);
    for (const emotion of EMOTIONS) {
      const prosody = resolveProsody({ emotion, intensity: 1 });
      const before: Voice = (text) => performBase(text, model.base, prosody);
      const base = await measure(emotion, before, target, isDefault);
      const result = await measure(emotion, voiceOf(prosody), target, isDefault);
      const st = 12 * Math.log2((1 + result.pitchError) / (1 + calm.pitchError));
      const asked = [prosody.pitch.toFixed(1), st.toFixed(1), prosody.rate.toFixed(2)];
      const distances = [base.distance, result.distance, self].map((one) => one.toFixed(2));
      const got = (result.rate / calm.rate).toFixed(2);
      row([emotion, ...asked, got, ...distances, ...wordsOf(result, base)]);
    }
  }
}

const EMOTION_COLUMNS = [
  ...["asked st", "got st", "asked x", "got x"],
  ...["before", "after", "speaker", "WER", "of base"],
];

const verdict = (isReached: boolean) => (isReached ? "ok" : "MISSED");

function showBars(outcomes: readonly Outcome[]): void {
  console.log("\nBars, on the mean of the speakers or for each");
  for (const [index, level] of LEVELS.entries()) {
    const results = outcomes.flatMap(({ base, levels }) => {
      const result = levels[index];
      return result ? [{ base, result }] : [];
    });
    const pitch = Math.max(...results.map(({ result }) => Math.abs(result.pitchError)));
    const cuts = results.map(({ base, result }) => 1 - result.distance / base.distance);
    const mean = cuts.reduce((sum, cut) => sum + cut, 0) / cuts.length;
    const words = results.map(
      ({ base, result }) => (result.wordErrors ?? 0) / (base.wordErrors ?? 1),
    );
    const most = Math.max(...words);
    console.log(
      [
        `level ${level}${level === DEFAULT_LEVEL ? " (default)" : ""}:`,
        `pitch within ${percent(pitch)} ${verdict(pitch <= MOST_PITCH_ERROR)};`,
        `distance down by at least ${percent(Math.min(...cuts))} ${verdict(Math.min(...cuts) >= LEAST_CUT)},`,
        `by ${percent(mean)} on the mean ${verdict(mean >= LEAST_MEAN_CUT)};`,
        canRecognise()
          ? `word errors at most x ${most.toFixed(2)} ${verdict(most <= MOST_WORD_ERRORS)}`
          : "word errors not measured",
      ].join(" "),
    );
  }
}

async function ownSpeaker(
  name: string,
  samples: readonly string[],
  texts: readonly string[],
): Promise<Speaker> {
  const recordings = await Promise.all(
    samples.map((sample, index) =>
      readRecording(sample, readFileSync(texts[index] ?? "", "utf8").trim()),
    ),
  );
  const source = `${samples.length} files`;
  return { name, source, training: recordings.slice(0, -1), heldOut: recordings.slice(-1) };
}

async function chooseSpeakers(): Promise<readonly Speaker[]> {
  const { root, speaker, sample, text: texts } = readScriptWords(LINE).values;
  if (sample.length === 0) {
    const named = await findSpeakers(root);
    return named.filter(({ name }) => name === (speaker ?? name));
  }
  if (sample.length < 2 || sample.length !== texts.length) return [];
  return [await ownSpeaker(speaker ?? "speaker", sample, texts)];
}

async function main(): Promise<void> {
  const speakers = await chooseSpeakers();
  if (speakers.length === 0) {
    console.error(
      `Install ${PACKAGES} and ffmpeg, or give at least two pairs of --sample FILE --text FILE.`,
    );
    process.exitCode = 2;
    return;
  }
  if (!canRecognise()) {
    console.log(
      "Without the Debian packages pocketsphinx and pocketsphinx-en-us, there are no word error rates.",
    );
  }
  const outcomes: Outcome[] = [];
  for (const speaker of speakers) outcomes.push(await evaluate(speaker));
  showBars(outcomes);
}

await main();
