import { createDecoder } from "./decoders/decoders.js";
import { openRecording, type OpenRecording } from "./demux.js";
import { Intake, type TakenSound } from "./intake.js";
import { makeMaster } from "./master.js";
import {
  MASTER_RATE,
  type RecordingMeasures,
  RecordingProblem,
  type RecordingSource,
  RefusedRecording,
} from "./recording.js";
import { measureSpeech } from "./speech/measure.js";

/** A recording that is ready to be stored. */
export interface ReadyRecording {
  /** Mono, at `MASTER_RATE`. */
  readonly master: Float32Array<ArrayBuffer>;
  readonly durationMs: number;
  readonly measures: RecordingMeasures;
}

/**
 * Decodes an uploaded file, measures its speech and makes the master. Reads and decodes piece by
 * piece, and stops after the longest accepted recording.
 * @throws RefusedRecording for a file that holds no usable recording
 * @throws the error of the source, unchanged
 */
export async function prepareRecording(source: RecordingSource): Promise<ReadyRecording> {
  const sound = await takeSound(source);
  const { measures, ...speech } = measureSpeech(sound);
  const master = makeMaster(sound.pcm, speech);
  return { master, durationMs: Math.round((master.length / MASTER_RATE) * 1000), measures };
}

async function takeSound(source: RecordingSource): Promise<TakenSound> {
  if (source.sizeBytes === 0) throw new RefusedRecording(RecordingProblem.EmptyFile);
  const recording = await openRecording(source);
  try {
    return await decodeAll(recording);
  } finally {
    recording.close();
  }
}

async function decodeAll(recording: OpenRecording): Promise<TakenSound> {
  const decoder = await createDecoder(recording);
  const intake = new Intake();
  try {
    for await (const packet of recording.packets()) {
      const sound = await decoder.decode(packet).catch(() => {
        throw new RefusedRecording(RecordingProblem.DamagedFile);
      });
      intake.add(sound);
    }
  } finally {
    decoder.close();
  }
  const sound = intake.finish();
  if (sound.pcm.length === 0) throw new RefusedRecording(RecordingProblem.DamagedFile);
  return sound;
}
