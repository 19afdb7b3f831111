import { fliteSpeech } from "../../../../src/providers/speech/flite/flite.js";
import { type FliteOutput, speak } from "../../../../src/providers/speech/flite/flite.worker.js";
import { estimateWords } from "../../../../src/providers/speech/remote/estimated-words.js";
import { alignWords } from "../../../../src/providers/speech/flite/word-alignment.js";
import { PLAIN } from "../contract.js";
import { SENTENCE_PHONES } from "./sentence-phones.js";

const MOST_MS = 40;

interface Timed {
  readonly spoken: readonly number[];
  readonly even: readonly number[];
  readonly estimated: readonly number[];
  readonly onsets: readonly number[];
}

interface Speaking {
  readonly voice: string;
  readonly rate: number;
}

/**
 * Says a sentence and returns the times of its words. Returns null if the voice does not say exactly
 * `phones`, because `phones` was written for the voice slt.
 */
async function timed(
  text: string,
  phones: string,
  { voice, rate }: Speaking,
): Promise<Timed | null> {
  const outputs: FliteOutput[] = [];
  const provider = fliteSpeech(async (input) => {
    const output = await speak(input);
    outputs.push(output);
    return output;
  });
  const { words, pcm, sampleRate } = await provider.synthesize(
    { text, language: "en", voice, prosody: { ...PLAIN, rate } },
    new AbortController().signal,
  );
  const heard = outputs.flatMap((output) => output.phones).filter(({ name }) => name !== "pau");
  if (heard.map(({ name }) => name).join(" ") !== phones.replaceAll(" | ", " ")) return null;
  let at = 0;
  const onsets = phones.split(" | ").map((word) => {
    const start = heard[at]?.startMs ?? NaN;
    at += word.split(" ").length;
    return start;
  });
  const durationMs = (pcm.length / sampleRate) * 1000;
  return {
    spoken: words.map(({ startMs }) => startMs),
    even: words.map((_, index) => (index / words.length) * durationMs),
    estimated: estimateWords(text, durationMs).map(({ startMs }) => startMs),
    onsets,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

test.each([
  { voice: "flite:slt", rate: 1, sentences: 20 },
  { voice: "flite:slt", rate: 0.7, sentences: 20 },
  { voice: "flite:slt", rate: 1.5, sentences: 20 },
  { voice: "flite:rms", rate: 1, sentences: 15 },
  { voice: "flite:awb", rate: 1, sentences: 15 },
  { voice: "flite:kal16", rate: 1, sentences: 15 },
])(
  "in $sentences sentences, $voice at rate $rate starts words at their first phone, unlike even spacing",
  async ({ voice, rate, sentences }) => {
    const results = await Promise.all(
      SENTENCE_PHONES.map(([text, phones]) => timed(text, phones, { voice, rate })),
    );

    const heard = results.filter((one) => one !== null);
    const distances = (of: (one: Timed) => readonly number[]) =>
      heard.flatMap((one) => of(one).map((ms, word) => Math.abs(ms - (one.onsets[word] ?? NaN))));
    expect(heard.length).toBeGreaterThanOrEqual(sentences);
    expect(heard.flatMap(({ onsets }) => onsets).length).toBeGreaterThan(8 * sentences);
    expect(median(distances(({ spoken }) => spoken))).toBeLessThanOrEqual(MOST_MS);
    expect(Math.max(...distances(({ spoken }) => spoken))).toBeLessThanOrEqual(MOST_MS);
    expect(median(distances(({ even }) => even))).toBeGreaterThan(MOST_MS);
    // Times that are estimated from the letters miss the bar, so the phones are needed.
    expect(median(distances(({ estimated }) => estimated))).toBeGreaterThan(MOST_MS);
  },
);

describe("aligning words with heard phones", () => {
  const words = [
    ["dh", "ax"],
    ["ow", "l", "d"],
    ["m", "ae", "n"],
  ];

  test("words that sound the same alone and in the sentence get their own phones", () => {
    expect(alignWords(words, words.flat())).toEqual([
      [0, 2],
      [2, 5],
      [5, 8],
    ]);
  });

  test("a changed, a missing and an added phone stay inside their word", () => {
    const heard = ["dh", "iy", "ow", "l", "m", "ae", "n", "n"];

    expect(alignWords(words, heard)).toEqual([
      [0, 2],
      [2, 4],
      [4, 8],
    ]);
  });

  test("a swallowed word still gets a phone", () => {
    expect(alignWords([["ay"], ["ae", "m"], ["hh", "iy", "r"]], ["ay", "hh", "iy", "r"])).toEqual([
      [0, 1],
      [1, 2],
      [2, 4],
    ]);
  });

  test("every heard phone belongs to exactly one word", () => {
    const ranges = alignWords([["b"], [], ["k"], ["t"]], ["aa", "k", "s", "z", "t", "ow"]);

    expect(ranges[0]?.[0]).toBe(0);
    expect(ranges.at(-1)?.[1]).toBe(6);
    expect(ranges.every(([start, end]) => end > start)).toBe(true);
    expect(ranges.slice(1).map(([start]) => start)).toEqual(
      ranges.slice(0, -1).map(([, end]) => end),
    );
  });
});
