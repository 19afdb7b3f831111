import { joinParts, planJoin } from "../../../src/audio/join.js";
import { measureLoudness } from "../../../src/audio/loudness/loudness.js";
import { fliteSpeech } from "../../../src/providers/speech/flite/flite.js";
import { speak } from "../../../src/providers/speech/flite/flite.worker.js";
import { PLAIN } from "../../providers/speech/contract.js";

const TEXT = "The old man walked slowly down to the river.";
const GAINS_DB = [-6, -3, 3, 6];
const QUIETEST_DB = -12;

/** Returns how much louder each part is than the first part, in the joined sound, in dB. */
async function joinedGains(
  voice: string,
  parts: readonly { readonly gainDb: number; readonly isWhispered: boolean }[],
): Promise<readonly number[]> {
  const provider = fliteSpeech(speak);
  const joined = parts.map(({ gainDb, isWhispered }) => ({
    load: () =>
      provider.synthesize(
        { text: TEXT, language: "en", voice, prosody: { ...PLAIN, isWhispered } },
        new AbortController().signal,
      ),
    gainDb,
    pauseAfterMs: 300,
  }));
  const plan = await planJoin(joined);
  const chunks = [];
  for await (const chunk of joinParts(joined, plan)) chunks.push(...chunk);
  const whole = Float32Array.from(chunks);
  const levels = plan.parts.map(({ startSample, endSample }) =>
    measureLoudness(whole.subarray(startSample, endSample), plan.sampleRate),
  );
  return levels.map((level) => level - (levels[0] ?? NaN));
}

test.each(["flite:slt", "flite:rms"])(
  "the joined sound has the requested gains for %s, spoken and whispered",
  async (voice) => {
    const parts = [
      { gainDb: 0, isWhispered: false },
      ...GAINS_DB.map((gainDb) => ({ gainDb, isWhispered: false })),
      { gainDb: QUIETEST_DB, isWhispered: true },
    ];

    const gains = await joinedGains(voice, parts);

    for (const [index, { gainDb }] of parts.entries()) {
      expect(Math.abs((gains[index] ?? NaN) - gainDb)).toBeLessThanOrEqual(
        Math.max(0.1, 0.2 * Math.abs(gainDb)),
      );
    }
  },
);
