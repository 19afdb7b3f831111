import { shapeVoice } from "../../audio/voice-quality.js";
import type { Sound } from "../../audio/wav.js";
import { PAUSE, type Phone, runFlite } from "./flite.engine.js";
import { type Melody, sing } from "./flite.melody.js";
import { pronounce } from "./flite.pronunciations.js";
import { type SpokenUnit, lineOf } from "./spoken-text.js";
import type { Degradation, SpokenProsody } from "./speech.port.js";
import { alignWords } from "./word-alignment.js";

/** One breath: at most about 600 characters. */
export interface FliteInput {
  readonly units: readonly SpokenUnit[];
  readonly voice: string;
  /** Null for a voice that takes no pitch settings. */
  readonly melody: Melody | null;
  readonly stretch: number;
  readonly quality: Pick<SpokenProsody, "tilt" | "breath" | "tremor" | "isWhispered">;
}

export interface FliteOutput extends Sound {
  /** When each unit is said, ms from the start of the sound. */
  readonly spans: readonly (readonly [startMs: number, endMs: number])[];
  /** From the start of the sound; without pauses at either end. */
  readonly phones: readonly Phone[];
  readonly degraded: readonly Degradation[];
}

/** What is kept around the first and the last phone: onsets and releases reach over their edges. */
const MARGIN_BEFORE_MS = 15;
const MARGIN_AFTER_MS = 40;

/** A worker thread's entry: says one breath and finds its words by aligning their phones. */
export async function speak(input: FliteInput): Promise<FliteOutput> {
  const line = lineOf(input.units);
  const { voice, stretch } = input;
  const sung = input.melody
    ? await sing(line, { voice, stretch }, input.melody)
    : { ...(await runFlite(line, { voice, stretch })), degraded: [] };
  const heard = sung.phones.filter(({ name }) => name !== PAUSE);
  const cutMs = Math.max(0, (heard[0]?.startMs ?? 0) - MARGIN_BEFORE_MS);
  const sound = cut(sung, cutMs, (heard.at(-1)?.endMs ?? 0) + MARGIN_AFTER_MS);
  const phones = sung.phones
    .slice(...edges(sung.phones))
    .map(({ name, startMs, endMs }) => ({ name, startMs: startMs - cutMs, endMs: endMs - cutMs }));
  return {
    ...shapeVoice(sound, input.quality),
    phones,
    spans: await findUnits(input.units, phones),
    degraded: sung.degraded,
  };
}

function cut({ pcm, sampleRate }: Sound, fromMs: number, toMs: number): Sound {
  const at = (ms: number) => Math.round((ms / 1000) * sampleRate);
  return { pcm: pcm.slice(at(fromMs), at(toMs)), sampleRate };
}

function edges(phones: readonly Phone[]): [number, number] {
  const isHeard = ({ name }: Phone) => name !== PAUSE;
  return [Math.max(0, phones.findIndex(isHeard)), phones.findLastIndex(isHeard) + 1];
}

async function findUnits(
  units: readonly SpokenUnit[],
  phones: readonly Phone[],
): Promise<readonly (readonly [number, number])[]> {
  const alone = await pronounce(units.map(({ spoken }) => spoken));
  const heard = phones.filter(({ name }) => name !== PAUSE);
  const ranges = alignWords(
    units.map(({ spoken }) => alone.get(spoken) ?? []),
    heard.map(({ name }) => name),
  );
  return ranges.map(([start, end]) => {
    const startMs = heard[start]?.startMs ?? heard.at(-1)?.endMs ?? 0;
    return [startMs, Math.max(startMs, start < end ? (heard[end - 1]?.endMs ?? 0) : startMs)];
  });
}
