import type { Speech } from "../../providers/speech/speech.port.js";
import type { StoredBlob } from "../../providers/storage/storage.port.js";
import type { Rendition } from "./rendition.entity.js";

/** Returns the rendition to store for speech whose sound is already in the blob storage. */
export const renditionOf = (
  recipeKey: string,
  { pcm, sampleRate, words, degraded }: Speech,
  blob: StoredBlob,
): Rendition => ({
  recipeKey,
  blobKey: blob.key,
  durationMs: Math.round((pcm.length / sampleRate) * 1000),
  words: [...words],
  degraded: [...degraded],
  sizeBytes: String(blob.sizeBytes),
});
