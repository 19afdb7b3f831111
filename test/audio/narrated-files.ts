import { MPEGDecoder } from "mpg123-decoder";
import OpusScript from "opusscript";
import type { VoiceModel } from "../../src/audio/adaptation/voice-model.js";
import { type JoinPart, type JoinPlan, joinParts, planJoin } from "../../src/audio/join.js";
import { pauseAfter } from "../../src/audio/delivery/pauses.js";
import { resolveProsody } from "../../src/audio/delivery/prosody.js";
import type { AudioFormat, SoundFacts } from "../../src/audio/files/sound-file.js";
import type { Sound } from "../../src/audio/signal/wav.js";
import { parseWav } from "../../src/audio/signal/wav-reader.js";
import { fliteSpeech } from "../../src/providers/speech/flite/flite.js";
import { speak } from "../../src/providers/speech/flite/flite.worker.js";
import { encodeFiles } from "../../src/worker/encode-files.js";

const PRE_SKIP_SECONDS = 312 / 48_000;

/** A line to speak. The emotion has full intensity. */
export type Line = readonly [voice: string, emotion: string, text: string];

/** Says a line with flite, or with the model of a personal voice, and prepares the result for joining. */
export async function spoken([voice, emotion, text]: Line, model?: VoiceModel) {
  const prosody = resolveProsody({ emotion, intensity: 1 });
  const personal = model && { personal: { revision: "1", model: "model" } };
  const request = { text, voice, language: "en", prosody, ...personal };
  const readModel = () => Promise.resolve(Buffer.from(JSON.stringify(model)));
  const provider = fliteSpeech(speak, { readModel });
  const speech = await provider.synthesize(request, new AbortController().signal);
  const pauseAfterMs = pauseAfter({
    text,
    ending: null,
    changesSpeaker: true,
    isBeforeClimax: false,
    pauses: prosody.pauses,
  });
  return { text, speech, part: { load: async () => speech, gainDb: prosody.gain, pauseAfterMs } };
}

/** Joins the parts into one sound. */
export async function joined(parts: readonly JoinPart[], plan: JoinPlan) {
  const chunks: Float32Array[] = [];
  const stream = joinParts(parts, plan);
  for (;;) {
    const { done, value } = await stream.next();
    if (done) return { pcm: whole(chunks), loudnessLufs: value };
    chunks.push(value);
  }
}

function whole(chunks: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const pcm = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    pcm.set(chunk, at);
    at += chunk.length;
  }
  return pcm;
}

const FORMATS = ["mp3", "opus", "wav"] as const;

/** Encodes the files of a narration, with the code that a render uses. */
export async function filesOf(
  parts: readonly JoinPart[],
  plan: JoinPlan,
  named: Pick<SoundFacts, "title" | "chapters"> = { title: "", chapters: [] },
): Promise<Readonly<Record<AudioFormat, Buffer>>> {
  const files = { mp3: Buffer.alloc(0), opus: Buffer.alloc(0), wav: Buffer.alloc(0) };
  const facts = { sampleRate: plan.sampleRate, sampleCount: plan.sampleCount, ...named };
  await encodeFiles(FORMATS, { facts, sound: joinParts(parts, plan) }, async (format, bytes) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of bytes) pieces.push(piece);
    files[format] = Buffer.concat(pieces);
    return { key: format, sizeBytes: files[format].length };
  });
  return files;
}

/** Says, joins and encodes lines, then decodes each file. */
export async function heardOf(lines: readonly Line[]): Promise<Readonly<Record<string, Sound>>> {
  const segments = await Promise.all(lines.map((line) => spoken(line)));
  const parts = segments.map(({ part }) => part);
  const files = await filesOf(parts, await planJoin(parts));
  return {
    mp3: await decodedMp3(files.mp3),
    opus: decodedOpus(files.opus, 48_000),
    wav: parseWav(files.wav),
  };
}

export async function decodedMp3(file: Uint8Array): Promise<Sound> {
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const { channelData, sampleRate } = decoder.decode(file);
  decoder.free();
  return { pcm: Float32Array.from(channelData[0] ?? []), sampleRate };
}

/**
 * Decodes an Opus file. Removes the samples of the encoder's look-ahead from the start. Reads the
 * packets from the Ogg pages (RFC 3533). The first two packets are headers.
 */
export function decodedOpus(file: Buffer, sampleRate: 16_000 | 48_000): Sound {
  const decoder = new OpusScript(sampleRate, 1);
  const packets: Buffer[] = [];
  for (let at = 0; at < file.length;) {
    const count = file[at + 26] ?? 0;
    const lacing = file.subarray(at + 27, at + 27 + count);
    let [start, size] = [at + 27 + count, 0];
    for (const value of lacing) {
      size += value;
      if (value === 255) continue;
      packets.push(file.subarray(start, start + size));
      [start, size] = [start + size, 0];
    }
    at = start;
  }
  const sound = packets.slice(2).map((packet) => decoder.decode(packet));
  decoder.delete();
  const samples = new Int16Array(new Uint8Array(Buffer.concat(sound)).buffer);
  const pcm = Float32Array.from(samples, (sample) => sample / 32768);
  return { pcm: pcm.slice(PRE_SKIP_SECONDS * sampleRate), sampleRate };
}
