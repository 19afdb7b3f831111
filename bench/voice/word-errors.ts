import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { trimSilence } from "../../src/audio/signal/silence.js";
import { type Sound, encodeWav } from "../../src/audio/signal/wav.js";

const RECOGNISER = "pocketsphinx_continuous";
/** The recogniser ends a sentence at a pause of half a second. */
const PAUSE_SECONDS = 0.8;

/** True if Debian's pocketsphinx is installed. It also needs the package pocketsphinx-en-us. */
export const canRecognise = (): boolean => spawnSync(RECOGNISER, ["-help"]).error === undefined;

/**
 * Returns the word error rate of a speech recogniser: the least number of wrong, missing and added
 * words, divided by the number of words.
 */
export function wordErrorRate(sounds: readonly Sound[], texts: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), "eval-voice-"));
  try {
    const file = join(folder, "speech.wav");
    writeFileSync(file, encodeWav(joined(sounds)));
    const run = spawnSync(RECOGNISER, ["-infile", file, "-logfn", "/dev/null"], {
      encoding: "utf8",
      maxBuffer: 2 ** 26,
    });
    if (run.status !== 0)
      throw new Error(`${RECOGNISER} ended with status ${run.status}: ${run.stderr}`);
    const said = wordsOf(texts.join(" "));
    return editDistance(said, wordsOf(run.stdout)) / said.length;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function joined(sounds: readonly Sound[]): Sound {
  const sampleRate = sounds[0]?.sampleRate ?? 16_000;
  const pause = PAUSE_SECONDS * sampleRate;
  const parts = sounds.map((sound) => trimSilence(sound).pcm);
  const pcm = new Float32Array(parts.reduce((sum, part) => sum + part.length + pause, pause));
  let at = pause;
  for (const part of parts) {
    pcm.set(part, at);
    at += part.length + pause;
  }
  return { pcm, sampleRate };
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[a-z']+/gu) ?? [];

/** The Levenshtein distance (Levenshtein 1966), in words. */
function editDistance(said: readonly string[], heard: readonly string[]): number {
  let before = Array.from({ length: heard.length + 1 }, (_, index) => index);
  for (const [row, word] of said.entries()) {
    const costs = [row + 1];
    for (const [column, other] of heard.entries()) {
      const same = (before[column] ?? 0) + (word === other ? 0 : 1);
      costs.push(Math.min(same, (before[column + 1] ?? 0) + 1, (costs[column] ?? 0) + 1));
    }
    before = costs;
  }
  return before.at(-1) ?? 0;
}
