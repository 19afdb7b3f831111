import { prepareRecording } from "../audio/recordings/prepare.js";
import {
  MASTER_RATE,
  type PreparedRecording,
  RecordingProblem,
  type RecordingSource,
  RefusedRecording,
} from "../audio/recordings/recording.js";
import { encodeWav } from "../audio/signal/wav.js";
import type { StorageSettings } from "../instances/index.js";
import { returnExpectedFailures } from "../platform/threads/thread-failure.js";
import type { BlobStorage } from "../providers/storage/storage.port.js";
import { storageOf } from "./storage.js";

/** An uploaded recording to prepare. */
export interface RecordingOrder {
  readonly storage: StorageSettings;
  /** The public id of the owner of the blobs. */
  readonly owner: string;
  /** The key of the uploaded file. The file stays in the storage. */
  readonly blobKey: string;
}

/**
 * Turns an uploaded file into a master, and stores the master. A file that holds no usable recording
 * gives an answer, too. The same file gives the same master.
 * @throws NotFoundError if the storage has no such file
 * @throws ProviderError if the storage fails
 */
export async function prepareUpload(order: RecordingOrder): Promise<PreparedRecording> {
  const storage = storageOf(order.storage);
  try {
    const { master, ...facts } = await prepareRecording(await sourceOf(storage, order.blobKey));
    const wav = encodeWav({ pcm: master, sampleRate: MASTER_RATE });
    const { key } = await storage.put(wav, { contentType: "audio/wav", owner: order.owner });
    return { kind: "decoded", masterKey: key, ...facts };
  } catch (error) {
    if (!(error instanceof RefusedRecording)) throw error;
    const { problem, seconds } = error;
    return { kind: "refused", problem, ...(seconds === undefined ? {} : { seconds }) };
  }
}

/** The function that the worker thread calls. */
export const prepareInThread = returnExpectedFailures(prepareUpload);

async function sourceOf(storage: BlobStorage, key: string): Promise<RecordingSource> {
  const { stream, sizeBytes } = await storage.open(key);
  stream.destroy();
  if (sizeBytes === 0) throw new RefusedRecording(RecordingProblem.EmptyFile);
  return {
    sizeBytes,
    read: async (start, end) => {
      const { stream: part } = await storage.open(key, { start, end: end - 1 });
      const chunks: Uint8Array[] = [];
      for await (const chunk of part) chunks.push(chunk as Uint8Array);
      return Buffer.concat(chunks);
    },
  };
}
