import { measureTruePeak } from "../../../src/audio/loudness/true-peak.js";
import { measureLoudness } from "../../../src/audio/loudness/loudness.js";
import { adviceOf, judgeRecording } from "../../../src/instances/voice-sample/recording-quality.js";
import { prepared } from "./prepared.js";
import { ENCODERS, VOICES, speechOf } from "./recorded-files.js";

const FILES = Object.entries(ENCODERS);

describe.each(VOICES)("the speech of %s", (voice) => {
  test.each(FILES)("is accepted as %s", async (_, encode) => {
    const file = await encode(await speechOf(voice));

    const { master, durationMs, measures } = await prepared(file);

    const { score, issues } = judgeRecording(measures, { isWhispered: false });
    expect(issues.map((code) => adviceOf(code, measures))).toEqual([]);
    expect(score).toBeGreaterThan(0.9);
    expect(measures.speechSeconds).toBeGreaterThan(4);
    expect(durationMs).toBeGreaterThan(4_500);
    expect(durationMs).toBeLessThan(5_700);
    expect(measureLoudness(master, 24_000)).toBeCloseTo(-19, 0);
    expect(measureTruePeak(master)).toBeLessThan(-1);
  });
});
