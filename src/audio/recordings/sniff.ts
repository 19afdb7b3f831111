import { RecordingProblem, RefusedRecording } from "./recording.js";

/** The kinds of files that are accepted. */
export type Container = "webm" | "ogg" | "mp3" | "wav" | "flac" | "mp4";

/** The number of bytes that `sniffContainer` needs from the start of a file. */
export const SNIFF_BYTES = 16;

/** The first bytes of each kind, in hex. A dot is any half byte. */
const ACCEPTED: readonly (readonly [Container, RegExp])[] = [
  ["webm", /^1a45dfa3/],
  ["ogg", /^4f67675300/],
  ["wav", /^52494646.{8}57415645/],
  ["flac", /^664c6143/],
  // An MP4 file begins with a box: its size, then ftyp, styp, moov, moof or mdat.
  ["mp4", /^.{8}(66747970|73747970|6d6f6f76|6d6f6f66|6d646174)/],
  // An ID3 tag, or a frame of MPEG layer III with a bitrate and a sample rate.
  ["mp3", /^(4944330[234]|ff[ef][23ab][0-9a-e][0-9ab])/],
];

/** The starts of sound and video files that are not accepted. */
const REFUSED: readonly RegExp[] = [
  /^ff[ef]/, // other MPEG sound: layers I and II, AAC without a container
  /^52494646.{8}41564920/, // AVI
  /^(52494658|52463634)/, // RIFX, RF64
  /^464f524d.{8}414946[46]/, // AIFF
  /^(63616666|2321414d52|4d546864|2e736e64)/, // CAF, AMR, MIDI, Sun audio
  /^(4d414320|7776504b|464c5601|000001ba|3026b275)/, // Monkey's Audio, WavPack, FLV, MPEG-PS, ASF
];

/**
 * Finds the kind of a file from its first bytes. A name or a content type may be wrong, so neither
 * is used.
 * @throws RefusedRecording if the kind is unknown or not accepted
 */
export function sniffContainer(start: Uint8Array): Container {
  if (start.length === 0) throw new RefusedRecording(RecordingProblem.EmptyFile);
  const text = Buffer.from(start).toString("hex");
  for (const [container, pattern] of ACCEPTED) if (pattern.test(text)) return container;
  const isKnown = REFUSED.some((pattern) => pattern.test(text));
  throw new RefusedRecording(
    isKnown ? RecordingProblem.UnsupportedFormat : RecordingProblem.UnknownFormat,
  );
}
