import { adaptSound } from "../../../audio/adaptation/apply.js";
import { DEFAULT_LEVEL, type VoiceModel } from "../../../audio/adaptation/voice-model.js";
import {
  type Intoned,
  type IntonationChange,
  changeMelody,
} from "../../../audio/delivery/intonation.js";
import { type VoiceQuality, shapeVoice } from "../../../audio/delivery/voice-quality.js";
import type { Sound } from "../../../audio/signal/wav.js";
import { PAUSE, type Phone, runFlite } from "./flite.engine.js";
import { pronounce } from "./flite.pronunciations.js";
import { type SpokenUnit, lineOf } from "../spoken-text.js";
import { alignWords } from "./word-alignment.js";

/**
 * One breath to say. A breath is the part of a text that one call of the engine says, at most about
 * 600 characters.
 */
export interface FliteInput {
  readonly units: readonly SpokenUnit[];
  readonly voice: string;
  /**
   * The mean and the standard deviation of the pitch, Hz. Null for a voice whose pitch the engine
   * cannot change.
   */
  readonly melody: { readonly pitchHz: number; readonly spreadHz: number } | null;
  readonly stretch: number;
  /** Changes of the melody that the engine cannot make. They are made in the engine's sound. */
  readonly intonation: IntonationChange;
  readonly quality: VoiceQuality;
  /** Turns the engine's sound into a personal voice. Absent for a voice of the catalogue. */
  readonly model?: VoiceModel;
}

export interface FliteOutput extends Sound {
  /** The time span of each unit, ms from the start of the sound. */
  readonly spans: readonly (readonly [startMs: number, endMs: number])[];
  /** The phones, without pauses at either end. Their times count from the start of the sound. */
  readonly phones: readonly Phone[];
  /**
   * The measured pitch range after the change of the melody, divided by the range before the
   * change.
   */
  readonly range: number;
  /** The units that the engine does not say, because it has no phones for them. */
  readonly unheard: readonly string[];
}

/**
 * How much sound is kept before the first and after the last phone. A consonant can be heard before
 * the reported start of its phone and after the reported end.
 */
const MARGIN_BEFORE_MS = 15;
const MARGIN_AFTER_MS = 40;

/**
 * Says one breath and finds the time span of each unit from the times of the phones. Runs in a
 * worker thread.
 */
export async function speak(input: FliteInput): Promise<FliteOutput> {
  const line = lineOf(input.units);
  const { voice, stretch, melody } = input;
  const sung = await runFlite(line, { voice, stretch, ...melody });
  const heard = sung.phones.filter(({ name }) => name !== PAUSE);
  const cutMs = Math.max(0, (heard[0]?.startMs ?? 0) - MARGIN_BEFORE_MS);
  const sound = cut(sung, cutMs, (heard.at(-1)?.endMs ?? 0) + MARGIN_AFTER_MS);
  const { formantScale = 1 } = input.model ?? {};
  // Adapting a voice makes the sound shorter by the formant scale.
  const at = (ms: number) => (ms - cutMs) / formantScale;
  const phones = sung.phones
    .slice(...edges(sung.phones))
    .map(({ name, startMs, endMs }) => ({ name, startMs: at(startMs), endMs: at(endMs) }));
  const { range, ...intoned } = intone(sound, input);
  return {
    ...shapeVoice(intoned, input.quality),
    range,
    phones,
    ...(await findUnits(input.units, phones)),
  };
}

function intone(sound: Sound, { model, intonation }: FliteInput): Intoned {
  if (!model) return changeMelody(sound, intonation);
  const adapted = adaptSound(sound, model, { level: DEFAULT_LEVEL, intonation });
  // The gains of the lowest band differ from frame to frame, which can leave an offset.
  return { ...adapted, pcm: centred(adapted.pcm) };
}

function cut({ pcm, sampleRate }: Sound, fromMs: number, toMs: number): Sound {
  const at = (ms: number) => Math.round((ms / 1000) * sampleRate);
  return { pcm: centred(pcm.subarray(at(fromMs), at(toMs))), sampleRate };
}

/**
 * Removes a constant offset of the samples. Some voices have an offset of up to 0.006. At every
 * fade and pause, a listener would hear the offset as a dull knock.
 */
function centred(pcm: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  let sum = 0;
  for (const sample of pcm) sum += sample;
  const offset = sum / Math.max(1, pcm.length);
  const middled = new Float32Array(pcm.length);
  for (let index = 0; index < pcm.length; index++) middled[index] = (pcm[index] ?? 0) - offset;
  return middled;
}

function edges(phones: readonly Phone[]): [number, number] {
  const isHeard = ({ name }: Phone) => name !== PAUSE;
  return [Math.max(0, phones.findIndex(isHeard)), phones.findLastIndex(isHeard) + 1];
}

async function findUnits(
  units: readonly SpokenUnit[],
  phones: readonly Phone[],
): Promise<Pick<FliteOutput, "spans" | "unheard">> {
  const alone = await pronounce(units.map(({ spoken }) => spoken));
  const heard = phones.filter(({ name }) => name !== PAUSE);
  const ranges = alignWords(
    units.map(({ spoken }) => alone.get(spoken) ?? []),
    heard.map(({ name }) => name),
  );
  const spans = ranges.map(([start, end]): readonly [number, number] => {
    const startMs = heard[start]?.startMs ?? heard.at(-1)?.endMs ?? 0;
    return [startMs, Math.max(startMs, start < end ? (heard[end - 1]?.endMs ?? 0) : startMs)];
  });
  const unheard = units.filter(({ spoken }) => !alone.get(spoken)?.length);
  return { spans, unheard: unheard.map(({ spoken }) => spoken) };
}
