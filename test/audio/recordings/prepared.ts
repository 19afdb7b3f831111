import { type ReadyRecording, prepareRecording } from "../../../src/audio/recordings/prepare.js";
import {
  type RecordingProblem,
  type RecordingSource,
  RefusedRecording,
} from "../../../src/audio/recordings/recording.js";

/** The bytes of a file in memory, as the storage would give them. */
const sourceOf = (file: Uint8Array): RecordingSource => ({
  sizeBytes: file.length,
  read: async (start, end) => file.slice(start, end),
});

export const prepared = (file: Uint8Array): Promise<ReadyRecording> =>
  prepareRecording(sourceOf(file));

/** Prepares a file. Returns the problem of a refused file, and null for any other file. */
export async function problemOf(file: Uint8Array): Promise<RecordingProblem | null> {
  try {
    await prepared(file);
    return null;
  } catch (error) {
    if (error instanceof RefusedRecording) return error.problem;
    throw error;
  }
}
