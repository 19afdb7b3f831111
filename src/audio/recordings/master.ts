import { Limiter } from "../loudness/limiter.js";
import { measureLoudness } from "../loudness/loudness.js";
import { fadeEdges } from "../signal/fades.js";
import { amplify } from "../signal/gain.js";
import { MASTER_RATE } from "./recording.js";

/** The silence that stays before the first and after the last sound of speech. */
const MARGIN_SECONDS = 0.15;
/** The loudness of a narration (`join.ts`), so that a recording sounds as loud as the voice beside it. */
const TARGET_LUFS = -19;
/** The highest true peak. A wave between two samples then stays below full scale. */
const CEILING_DB = -1.5;

/**
 * Makes the master of a recording: the speech without the silence at both ends, at the same loudness
 * as all masters. Peaks that would be too high are limited.
 */
export function makeMaster(
  pcm: Float32Array,
  { start, end }: { readonly start: number; readonly end: number },
): Float32Array<ArrayBuffer> {
  const margin = MARGIN_SECONDS * MASTER_RATE;
  const speech = pcm.slice(Math.max(0, start - margin), end + margin);
  const gainDb = TARGET_LUFS - measureLoudness(speech, MASTER_RATE);
  if (!Number.isFinite(gainDb)) return speech;
  const limiter = new Limiter(MASTER_RATE, CEILING_DB);
  const master = new Float32Array(speech.length);
  const limited = limiter.process(amplify(speech, gainDb, speech));
  master.set(limited);
  master.set(limiter.flush().subarray(0, master.length - limited.length), limited.length);
  fadeEdges(master, MASTER_RATE);
  return master;
}
