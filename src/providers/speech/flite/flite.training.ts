import { type DeliverySample, measureDeltas } from "../../../audio/adaptation/deltas.js";
import { soundingSecondsOf } from "../../../audio/adaptation/speech-measure.js";
import {
  type AdaptedVoice,
  type PromptedRecording,
  MOST_SECONDS,
  adaptVoice,
} from "../../../audio/adaptation/train.js";
import { DEFAULT_LEVEL, type VoiceModel } from "../../../audio/adaptation/voice-model.js";
import type { Sound } from "../../../audio/signal/wav.js";
import { InvalidInputError, NotFoundError } from "../../../platform/errors.js";
import type {
  MeasuredDelivery,
  TrainedVoice,
  TrainingOrder,
  TrainingSample,
} from "../cloning.port.js";
import { fliteEngine } from "./flite.adaptation.js";

/** The blobs of the person whose voice is trained. */
export interface TrainingBlobs {
  /** @throws NotFoundError if there is no such recording, InvalidInputError if the recording is damaged */
  readonly read: (blobKey: string) => Promise<Sound>;
  /** Stores a model. Returns the key of its blob. */
  readonly store: (model: VoiceModel) => Promise<string>;
}

/** More speech would hardly change the measured delivery of an emotion. */
const MOST_DELIVERY_SECONDS = 60;
/** All readings are compared with this voice, so any voice of the engine would do. */
const PLAIN_VOICE = "slt";
/** The slowest boredom and the fastest fear are within these factors of the engine's rate. */
const LEAST_TEMPO = 0.33;
const MOST_TEMPO = 3;

/**
 * Trains the neutral voice, or measures how the speaker delivers an emotion. The same order gives the same
 * model under the same key, so that an order can be repeated after a crash.
 * @throws InvalidInputError if the recordings cannot be used
 */
export async function trainVoice(
  order: TrainingOrder,
  blobs: TrainingBlobs,
): Promise<TrainedVoice> {
  if (order.neutral) return measureEmotion(order, order.neutral.samples, blobs);
  if (order.emotion !== NEUTRAL) {
    throw new InvalidInputError(`Train the neutral voice before the voice for ${order.emotion}.`);
  }
  return adaptNeutral(order, blobs);
}

const NEUTRAL = "neutral";

interface Reading extends PromptedRecording {
  readonly levelDb: number;
}

/**
 * Reads the recordings whose words are known, up to `mostSeconds` of sound. Without the words, neither the
 * sounds nor the tempo of a recording can be compared with the engine.
 */
async function readSamples(
  samples: readonly TrainingSample[],
  { read }: TrainingBlobs,
  { emotion, mostSeconds }: { readonly emotion: string; readonly mostSeconds: number },
): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  let seconds = 0;
  for (const { blobKey, transcript, levelDb } of samples) {
    if (transcript === null || seconds >= mostSeconds) continue;
    const sound = await read(blobKey).catch((error: unknown) => {
      const fault = faultOf(error);
      if (fault === null) throw error;
      throw new InvalidInputError(
        `The recording of ${excerpt(transcript)} for ${emotion} is ${fault}; delete the voice sample and record it again.`,
      );
    });
    readings.push({ sound, transcript, levelDb });
    seconds += sound.pcm.length / sound.sampleRate;
  }
  if (readings.length > 0) return readings;
  throw new InvalidInputError(
    samples.length === 0
      ? `There are no recordings for ${emotion}; record one.`
      : `The words of the recordings for ${emotion} are unknown; record again, and send the text that you read as the transcript.`,
  );
}

/** Returns null if another try may read the recording. */
function faultOf(error: unknown): "lost" | "damaged" | null {
  if (error instanceof NotFoundError) return "lost";
  return error instanceof InvalidInputError ? "damaged" : null;
}

const excerpt = (text: string) => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);

async function adaptNeutral(order: TrainingOrder, blobs: TrainingBlobs): Promise<TrainedVoice> {
  const wish = { emotion: NEUTRAL, mostSeconds: MOST_SECONDS };
  const readings = await readSamples(order.samples, blobs, wish);
  const adapted = await adaptVoice(readings, fliteEngine);
  const otherDeltas: Record<string, MeasuredDelivery> = {};
  const neutral = await deliveriesOf(readings, NEUTRAL);
  for (const emotion of Object.keys(order.others).sort()) {
    const samples = order.others[emotion] ?? [];
    const measured = await measureOther(neutral, { emotion, samples, blobs });
    if (measured) otherDeltas[emotion] = measured;
  }
  return {
    model: await blobs.store(adapted.model),
    ...{ deltas: null, otherDeltas },
    qualityScore: qualityOf(adapted),
    metrics: { ...metricsOf(adapted), recordings: readings.length },
  };
}

interface OtherEmotion {
  readonly emotion: string;
  readonly samples: readonly TrainingSample[];
  readonly blobs: TrainingBlobs;
}

/** Returns null if the recordings do not show the delivery. Nobody asked for this emotion. */
async function measureOther(
  neutral: readonly DeliverySample[],
  { emotion, samples, blobs }: OtherEmotion,
): Promise<MeasuredDelivery | null> {
  try {
    const wish = { emotion, mostSeconds: MOST_DELIVERY_SECONDS };
    const readings = await readSamples(samples, blobs, wish);
    return measureDeltas(neutral, await deliveriesOf(readings, emotion));
  } catch (error) {
    if (error instanceof InvalidInputError) return null;
    throw error;
  }
}

async function measureEmotion(
  { emotion, samples }: TrainingOrder,
  neutralSamples: readonly TrainingSample[],
  blobs: TrainingBlobs,
): Promise<TrainedVoice> {
  const mostSeconds = MOST_DELIVERY_SECONDS;
  const own = await readSamples(samples, blobs, { emotion, mostSeconds });
  const neutral = await readSamples(neutralSamples, blobs, { emotion: NEUTRAL, mostSeconds });
  const deltas = measureDeltas(
    await deliveriesOf(neutral, NEUTRAL),
    await deliveriesOf(own, emotion),
  );
  return {
    ...{ model: null, deltas, otherDeltas: {}, qualityScore: null },
    metrics: {
      recordings: own.length,
      pitchSemitones: deltas.pitch,
      rangeFactor: deltas.range,
      rateFactor: deltas.rate,
      gainDb: deltas.gain,
      tiltDb: deltas.tilt,
    },
  };
}

async function deliveriesOf(
  readings: readonly Reading[],
  emotion: string,
): Promise<readonly DeliverySample[]> {
  const samples: DeliverySample[] = [];
  for (const { sound, transcript, levelDb } of readings) {
    const plain = await fliteEngine.speak(transcript, PLAIN_VOICE, { stretch: 1 });
    const plainSeconds = soundingSecondsOf(plain);
    const tempo = soundingSecondsOf(sound) / Math.max(0.01, plainSeconds);
    if (tempo < LEAST_TEMPO || tempo > MOST_TEMPO) {
      throw new InvalidInputError(
        `The recording of ${excerpt(transcript)} for ${emotion} takes ${tempo.toFixed(1)} times as long as its words; delete the voice sample and record exactly the words of the prompt.`,
      );
    }
    samples.push({ sound, levelDb, plainSeconds });
  }
  return samples;
}

/**
 * Returns the Bhattacharyya coefficient of the speaker and the adapted voice (`speaker-distance.ts`): 1 if
 * their sounds are distributed alike, 0 if they have nothing in common.
 */
function qualityOf({ metrics }: AdaptedVoice): number {
  const distance = metrics.distances[DEFAULT_LEVEL - 1] ?? Infinity;
  return Number(Math.exp(-distance).toFixed(3));
}

function metricsOf({ model, metrics }: AdaptedVoice): Readonly<Record<string, number>> {
  const [level1 = 0, level2 = 0, level3 = 0] = metrics.distances;
  return {
    speechSeconds: metrics.speechSeconds,
    pitchHz: rounded(model.pitchHz),
    pitchSpreadHz: rounded(model.spreadHz),
    formantFactor: model.formantScale,
    durationFactor: rounded(model.stretch),
    speakerDistanceBefore: metrics.baseDistance,
    speakerDistanceLevel1: level1,
    speakerDistanceLevel2: level2,
    speakerDistanceLevel3: level3,
  };
}

const rounded = (value: number) => Number(value.toFixed(2));
