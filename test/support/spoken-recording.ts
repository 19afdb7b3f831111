import { encodeWav } from "../../src/audio/signal/wav.js";
import { speak } from "../../src/providers/speech/flite/flite.worker.js";
import { fliteSpeech } from "../../src/providers/speech/flite/flite.js";

/** Takes about ten seconds to say. */
export const LONG_LINE =
  "The ferry leaves the island at ten past six every morning, except on Sundays. It carries the post, a few crates of vegetables, and the children who go to school in the town.";
/** Takes about four seconds to say. */
export const SHORT_LINE =
  "The captain knows each of the passengers by name, and most of their dogs.";
/** Takes about three seconds to say. */
export const OTHER_LINE = "A cat sleeps on the warm stones of the harbour.";

const PLAIN = {
  ...{ rate: 1, pitch: 0, range: 1, rise: 0, tilt: 0, breath: 0, tremor: 0 },
  isWhispered: false,
};
const provider = fliteSpeech(speak);
const spoken = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();

/** Returns a WAV file with a line in a voice of flite, as a person could have recorded the line. */
export function recordingOf(text: string, voice = "flite:slt"): Promise<Uint8Array<ArrayBuffer>> {
  const key = `${voice} ${text}`;
  const made = spoken.get(key) ?? record(text, voice);
  spoken.set(key, made);
  return made;
}

async function record(text: string, voice: string): Promise<Uint8Array<ArrayBuffer>> {
  const request = { text, language: "en", voice, prosody: PLAIN };
  return encodeWav(await provider.synthesize(request, new AbortController().signal));
}
