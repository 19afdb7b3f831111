import { resample } from "../../../../src/audio/signal/resample.js";
import { toInt16 } from "../../../../src/audio/signal/wav.js";
import { fliteSpeech } from "../../../../src/providers/speech/flite/flite.js";
import { speak } from "../../../../src/providers/speech/flite/flite.worker.js";
import type { SpokenWord } from "../../../../src/providers/speech/speech.port.js";
import { PLAIN } from "../contract.js";

const RATE = 24_000;
/** The vendor's sound begins and ends with silence. */
const SILENCE_SECONDS = 0.15;

/** The order of a text to speak. */
export interface Line {
  readonly text: string;
  /** A voice of flite. */
  readonly voice: string;
  readonly speed: number;
}

const engine = fliteSpeech(speak);
const said = new Map<string, Promise<object>>();

/** Returns the vendor's reply: real speech as samples of 16 bits, and the time of every character. */
export function speakCharacters(line: Line): Promise<object> {
  const key = JSON.stringify(line);
  const reply = said.get(key) ?? speakNow(line);
  said.set(key, reply);
  return reply;
}

async function speakNow({ text, voice, speed }: Line): Promise<object> {
  const request = { text, language: "en", voice, prosody: { ...PLAIN, rate: speed } };
  const speech = await engine.synthesize(request, new AbortController().signal);
  const pcm = resample(speech.pcm, speech.sampleRate, RATE);
  const padding = Math.round(SILENCE_SECONDS * RATE);
  const samples = new Float32Array(pcm.length + 2 * padding);
  samples.set(pcm, padding);
  return {
    audio_base64: Buffer.from(toInt16(samples).buffer).toString("base64"),
    alignment: alignmentOf(text, speech.words, samples.length / RATE),
    normalized_alignment: null,
  };
}

/** Divides the time of each word among its letters. The other characters fill the time between words. */
function alignmentOf(text: string, words: readonly SpokenWord[], durationSeconds: number): object {
  const places = words.flatMap(({ start, end, startMs, endMs }) => [
    [start, startMs / 1000 + SILENCE_SECONDS] as const,
    [end, endMs / 1000 + SILENCE_SECONDS] as const,
  ]);
  places.push([text.length, durationSeconds]);
  const timeOf = (offset: number): number => {
    const before = places.findLast(([place]) => place <= offset) ?? [0, 0];
    const after = places.find(([place]) => place > offset) ?? [text.length, durationSeconds];
    const share = after[0] === before[0] ? 0 : (offset - before[0]) / (after[0] - before[0]);
    return Number((before[1] + share * (after[1] - before[1])).toFixed(3));
  };
  const characters = [...text];
  const starts: number[] = [];
  let offset = 0;
  for (const character of characters) {
    starts.push(offset);
    offset += character.length;
  }
  return {
    characters,
    character_start_times_seconds: starts.map(timeOf),
    character_end_times_seconds: starts.map((start, index) =>
      timeOf(start + (characters[index]?.length ?? 0)),
    ),
  };
}
