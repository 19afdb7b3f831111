import { Buffer } from "node:buffer";

const HEADER_BYTES = 12;

/** Returns the first seconds of a WAV file, as a WAV file. */
export function cutSpeech(wav, seconds) {
  const chunks = chunksOf(wav);
  const format = chunks.get("fmt ");
  const bytesPerSecond = format.readUInt32LE(8);
  return wavOf(format, chunks.get("data").subarray(0, bytesPerSecond * seconds));
}

/** Returns one WAV file with the sounds of WAV files of one format, one after the other. */
export function joinSpeech(wavs) {
  const files = wavs.map(chunksOf);
  return wavOf(files[0].get("fmt "), Buffer.concat(files.map((chunks) => chunks.get("data"))));
}

function wavOf(format, sound) {
  const body = Buffer.concat([Buffer.from("WAVE"), chunk("fmt ", format), chunk("data", sound)]);
  return chunk("RIFF", body);
}

function chunksOf(wav) {
  const chunks = new Map();
  for (let at = HEADER_BYTES; at + 8 <= wav.length;) {
    const size = wav.readUInt32LE(at + 4);
    chunks.set(wav.toString("latin1", at, at + 4), wav.subarray(at + 8, at + 8 + size));
    at += 8 + size + (size % 2);
  }
  return chunks;
}

function chunk(name, content) {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(content.length);
  return Buffer.concat([Buffer.from(name, "latin1"), size, content]);
}
