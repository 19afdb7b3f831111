import { InvalidInputError } from "../../platform/errors.js";
import type { Sound } from "../signal/wav.js";
import { adaptSound, engineSettings } from "./apply.js";
import { type AlignedFrames, learnCodebook, meanGains } from "./codebook.js";
import { BANDS, audibleBands, smoothGains } from "./equaliser.js";
import { alignReadings, fitFormants } from "./formants.js";
import { HOP, measureFrames } from "./frames.js";
import { distanceFrom } from "./speaker-distance.js";
import { type SpeechMeasure, measureSpeech, soundingSecondsOf } from "./speech-measure.js";
import {
  type BaseVoice,
  type EngineSettings,
  MODEL_VERSION,
  type VoiceModel,
} from "./voice-model.js";

/** A recording, and the text that the speaker read. */
export interface PromptedRecording {
  readonly sound: Sound;
  readonly transcript: string;
}

/** Says a text with a voice of the engine. The same order must give the same sound. */
export type Speak = (text: string, voice: string, settings: EngineSettings) => Promise<Sound>;

/** What training needs of the speech engine. */
export interface Engine {
  readonly voices: readonly BaseVoice[];
  readonly speak: Speak;
}

export interface AdaptedVoice {
  readonly model: VoiceModel;
  readonly metrics: AdaptationMetrics;
}

/** How close the model comes to the recordings from which it was made. */
export interface AdaptationMetrics {
  /** The speech of the recordings, seconds. */
  readonly speechSeconds: number;
  /** `speakerDistance` from the recordings to the base voice. */
  readonly baseDistance: number;
  /** `speakerDistance` from the recordings to the adapted voice, for levels 1, 2 and 3. */
  readonly distances: readonly number[];
}

/** With less speech, the measured pitch is that of single words. */
const LEAST_SPEECH_SECONDS = 3;
/** The pitch needs 1 s of voice. Frames are 10 ms. */
const LEAST_VOICED_FRAMES = 100;
/** Training uses about this much speech. More would hardly change the model. */
export const MOST_SECONDS = 90;
/** The base voice is chosen with this much of it. */
const CHOICE_SECONDS = 20;
/** Outside these factors, the engine is hard to understand. */
const LEAST_STRETCH = 0.75;
const MOST_STRETCH = 1.25;
/**
 * A speaker who takes less or more time than the engine by these factors did not read the text of the
 * prompt.
 */
const LEAST_TEMPO = 0.4;
const MOST_TEMPO = 2.5;

/**
 * Adapts a voice of the speech engine to a speaker. Deterministic, if the engine is.
 * @throws InvalidInputError if the recordings have too little speech or do not fit their transcripts
 */
export async function adaptVoice(
  recordings: readonly PromptedRecording[],
  engine: Engine,
): Promise<AdaptedVoice> {
  const used = firstSeconds(recordings, MOST_SECONDS);
  const speaker = measureSpeech(used.map(({ sound }) => sound));
  refuseTooLittle(speaker);
  const chosen = await chooseBase(firstSeconds(used, CHOICE_SECONDS), engine);
  const plain = await speakRest(used, chosen, engine);
  const rough = roughModel(speaker, measureSpeech(plain), chosen);
  refuseOtherWords(used, plain);
  const level1 = await corrected(rough, used, { speaker, engine });
  const sung = await speakModel(level1, used, engine);
  const model = withSpectrum(level1, used, sung);
  const distanceTo = distanceFrom(used.map(({ sound }) => sound));
  const distances = ([1, 2, 3] as const).map((level) =>
    rounded(distanceTo(sung.map((sound) => adaptSound(sound, model, { level })))),
  );
  const { speechSeconds } = speaker;
  const baseDistance = rounded(distanceTo(plain));
  return { model, metrics: { speechSeconds: rounded(speechSeconds), baseDistance, distances } };
}

const rounded = (value: number, digits = 3): number => Number(value.toFixed(digits));

function firstSeconds(
  recordings: readonly PromptedRecording[],
  most: number,
): readonly PromptedRecording[] {
  let seconds = 0;
  return recordings.filter(({ sound }) => {
    const isUsed = seconds < most;
    seconds += sound.pcm.length / sound.sampleRate;
    return isUsed;
  });
}

function refuseTooLittle({ speechSeconds, voicedHz }: SpeechMeasure): void {
  if (speechSeconds < LEAST_SPEECH_SECONDS) {
    throw new InvalidInputError(
      `The recordings contain ${speechSeconds.toFixed(1)} s of speech; record at least ${LEAST_SPEECH_SECONDS} s.`,
    );
  }
  if (voicedHz.length < LEAST_VOICED_FRAMES) {
    throw new InvalidInputError(
      "The recordings contain hardly any voiced speech; read the prompt aloud, without whispering.",
    );
  }
}

interface Order extends Engine {
  readonly voice: BaseVoice;
  readonly settings: EngineSettings;
}

/** Says the transcripts one after another: the engine keeps one instance for each thread. */
async function speakAll(
  recordings: readonly PromptedRecording[],
  { speak, voice, settings }: Order,
): Promise<readonly Sound[]> {
  const sounds: Sound[] = [];
  for (const { transcript } of recordings) {
    sounds.push(await speak(transcript, voice.name, settings));
  }
  return sounds;
}

/** Says the transcripts with the chosen voice. The choice has said the first of them. */
async function speakRest(
  recordings: readonly PromptedRecording[],
  { voice, spoken }: ChosenBase,
  engine: Engine,
): Promise<readonly Sound[]> {
  const rest = recordings.slice(spoken.length);
  return [...spoken, ...(await speakAll(rest, { ...engine, voice, settings: PLAIN }))];
}

const speakModel = (
  model: VoiceModel,
  recordings: readonly PromptedRecording[],
  engine: Engine,
): Promise<readonly Sound[]> => {
  const voice = engine.voices.find(({ name }) => name === model.base);
  if (!voice)
    throw new InvalidInputError(`The engine has no voice ${model.base}; train the voice again.`);
  return speakAll(recordings, {
    ...engine,
    voice,
    settings: engineSettings(model, { pitch: 0, rate: 1 }),
  });
};

/** The settings of a voice that is not adapted. */
const PLAIN: EngineSettings = { stretch: 1 };

interface ChosenBase {
  readonly voice: BaseVoice;
  readonly formantScale: number;
  /** What the voice said for the choice: the transcripts of the first recordings. */
  readonly spoken: readonly Sound[];
}

/**
 * How much worse a voice is whose formants have to move. Two voices are often equally close, and the one
 * that is changed less sounds more natural. 0.5: 9 % worse for formants that move by a fifth.
 */
const SCALE_COST = 0.5;

/** Chooses the voice with the smallest distance after its formants were scaled. */
async function chooseBase(
  recordings: readonly PromptedRecording[],
  engine: Engine,
): Promise<ChosenBase> {
  const speakers = recordings.map(({ sound }) => measureFrames(sound, choiceHop(sound)));
  let best: ChosenBase | null = null;
  let least = Infinity;
  for (const voice of engine.voices) {
    const spoken = await speakAll(recordings, { ...engine, voice, settings: PLAIN });
    const readings = spoken.flatMap((sound, index) => {
      const speaker = speakers[index];
      const hop = choiceHop(recordings[index]?.sound ?? sound);
      return speaker ? [{ speaker, base: measureFrames(sound, hop) }] : [];
    });
    const { scale, distance } = fitFormants(readings);
    const cost = distance * voice.handicap * (1 + SCALE_COST * Math.abs(Math.log(scale)));
    if (cost < least) [best, least] = [{ voice, formantScale: scale, spoken }, cost];
  }
  if (!best) {
    throw new InvalidInputError(
      "The recordings do not fit their transcripts; record the prompts again.",
    );
  }
  return best;
}

/** The choice needs half as many frames as the spectrum. */
const choiceHop = (sound: Sound): number => hopFor(sound) * 2;

function roughModel(
  speaker: SpeechMeasure,
  base: SpeechMeasure,
  { voice, formantScale }: ChosenBase,
): VoiceModel {
  const tempo = speaker.soundingSeconds / Math.max(0.01, base.soundingSeconds);
  if (tempo < LEAST_TEMPO || tempo > MOST_TEMPO) {
    throw new InvalidInputError(
      `The recordings take ${tempo.toFixed(1)} times as long as their transcripts; record exactly the words of the prompt.`,
    );
  }
  const stretch = within(tempo, LEAST_STRETCH, MOST_STRETCH);
  const { pitchHz, spreadHz } = speaker;
  const told = { pitchHz: pitchHz / formantScale, spreadHz: spreadHz / formantScale };
  const shift = 12 * Math.log2(told.pitchHz / base.pitchHz);
  const range = spreadHz / pitchHz / (base.spreadHz / base.pitchHz);
  return {
    ...{ version: MODEL_VERSION, base: voice.name, formantScale, pitchHz, spreadHz, stretch },
    engine: { ...(voice.takesPitch ? told : {}), stretch: stretch * formantScale },
    melody: voice.takesPitch ? UNCHANGED : melodyOf(shift, range),
    bandGainsDb: new Array<number>(BANDS).fill(0),
    codebook: [],
  };
}

/** @throws InvalidInputError that quotes the first transcript that does not fit its recording */
function refuseOtherWords(recordings: readonly PromptedRecording[], plain: readonly Sound[]): void {
  for (const [index, { sound, transcript }] of recordings.entries()) {
    const base = plain[index];
    if (!base) continue;
    const tempo = soundingSecondsOf(sound) / Math.max(0.01, soundingSecondsOf(base));
    if (tempo >= LEAST_TEMPO && tempo <= MOST_TEMPO) continue;
    const excerpt = transcript.length > 40 ? `${transcript.slice(0, 40)}…` : transcript;
    throw new InvalidInputError(
      `The recording of ${JSON.stringify(excerpt)} takes ${tempo.toFixed(1)} times as long as these words; delete that voice sample, or record exactly the words of the prompt.`,
    );
  }
}

const UNCHANGED = { pitch: 0, range: 1 };
const MOST_SHIFT_ST = 12;
/** Outside these factors for the pitch range, the melody sounds sung or broken. */
const LEAST_RANGE = 0.5;
const MOST_RANGE = 2;

const melodyOf = (pitch: number, range: number) => ({
  pitch: within(pitch, -MOST_SHIFT_ST, MOST_SHIFT_ST),
  range: within(range, LEAST_RANGE, MOST_RANGE),
});

const within = (value: number, least: number, most: number) =>
  Math.min(most, Math.max(least, value));

interface Correction {
  readonly speaker: SpeechMeasure;
  readonly engine: Engine;
}

/**
 * Measures the adapted voice and corrects the settings once: the engine does not reach the pitch and
 * the duration exactly that it is told.
 */
async function corrected(
  model: VoiceModel,
  recordings: readonly PromptedRecording[],
  { speaker, engine }: Correction,
): Promise<VoiceModel> {
  const used = firstSeconds(recordings, CHOICE_SECONDS);
  const sung = await speakModel(model, used, engine);
  const reached = measureSpeech(sung.map((sound) => adaptSound(sound, model, { level: 1 })));
  const pitch = within(speaker.pitchHz / reached.pitchHz, 0.7, 1.4);
  const spread = within(
    speaker.spreadHz / speaker.pitchHz / (reached.spreadHz / reached.pitchHz),
    1 / MOST_RANGE,
    MOST_RANGE,
  );
  const { engine: told, melody } = model;
  if (told.pitchHz === undefined || told.spreadHz === undefined) {
    const shift = melody.pitch + 12 * Math.log2(pitch);
    return { ...model, melody: melodyOf(shift, melody.range * spread) };
  }
  const [pitchHz, spreadHz] = [told.pitchHz * pitch, told.spreadHz * pitch * spread];
  return { ...model, engine: { pitchHz, spreadHz, stretch: told.stretch } };
}

/** Learns levels 2 and 3 from the difference between the speaker and level 1. */
function withSpectrum(
  level1: VoiceModel,
  recordings: readonly PromptedRecording[],
  sung: readonly Sound[],
): VoiceModel {
  const audible = audibleBands(level1.formantScale);
  const aligned = recordings.flatMap(({ sound }, index): readonly AlignedFrames[] => {
    const engineSound = sung[index];
    if (!engineSound) return [];
    const hop = hopFor(sound);
    const speaker = measureFrames(sound, hop);
    const adapted = measureFrames(adaptSound(engineSound, level1, { level: 1 }), hop);
    return [{ speaker, adapted, pairs: alignReadings({ speaker, base: adapted }) }];
  });
  const bandGainsDb = smoothGains(meanGains(aligned), audible).map((gain) => rounded(gain, 2));
  return { ...level1, bandGainsDb, codebook: learnCodebook(aligned, bandGainsDb, audible) };
}

/** The frames of a recording up to this length are 10 ms apart. */
const FINE_SECONDS = 40;

/**
 * Returns the distance of frames. Those of a longer recording are further apart, so that the time of an
 * alignment, which grows with the square of the number of frames, has a bound.
 */
const hopFor = ({ pcm, sampleRate }: Sound): number =>
  HOP * Math.max(1, Math.ceil(pcm.length / sampleRate / FINE_SECONDS));
