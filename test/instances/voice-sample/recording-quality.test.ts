import {
  type RecordingMeasures,
  RecordingProblem,
} from "../../../src/audio/recordings/recording.js";
import {
  RecordingIssueCode,
  adviceOf,
  isAcceptable,
  judgeRecording,
} from "../../../src/instances/voice-sample/recording-quality.js";

const GOOD: RecordingMeasures = {
  speechSeconds: 8,
  snrDb: 35,
  clippedShare: 0,
  voicedShare: 0.7,
  levelDb: -20,
};
const READ_ALOUD = { isWhispered: false };

test("a clean recording has the full score and no issues", () => {
  expect(judgeRecording(GOOD, READ_ALOUD)).toEqual({ score: 1, issues: [] });
});

test.each([
  ["too_short", { speechSeconds: 1 }],
  ["too_quiet", { levelDb: -51 }],
  ["clipped", { clippedShare: 0.05 }],
  ["noisy", { snrDb: 9.5 }],
  ["unvoiced", { voicedShare: 0.1 }],
] as const)("the issue %s refuses a recording", (code, fault) => {
  const { score, issues } = judgeRecording({ ...GOOD, ...fault }, READ_ALOUD);

  expect({ score, issues }).toEqual({ score: 0, issues: [code] });
  expect(isAcceptable(issues)).toBe(false);
});

test.each([
  ["rather_quiet", { levelDb: -38 }],
  ["some_clipping", { clippedShare: 0.005 }],
  ["some_noise", { snrDb: 15 }],
] as const)("the hint %s lowers the score and refuses nothing", (code, fault) => {
  const { score, issues } = judgeRecording({ ...GOOD, ...fault }, READ_ALOUD);

  expect(issues).toEqual([code]);
  expect(isAcceptable(issues)).toBe(true);
  expect(score).toBeGreaterThan(0.5);
  expect(score).toBeLessThan(1);
});

test("a take at every limit just passes", () => {
  const limit = { speechSeconds: 2, snrDb: 12, clippedShare: 0.01, voicedShare: 0.3, levelDb: -42 };

  const { score, issues } = judgeRecording(limit, READ_ALOUD);

  expect(issues).toEqual(["rather_quiet", "some_clipping", "some_noise"]);
  expect(score).toBe(0.5);
});

test("a whisper needs no voice", () => {
  const whisper = { ...GOOD, voicedShare: 0 };

  expect(judgeRecording(whisper, { isWhispered: true }).issues).toEqual([]);
  expect(judgeRecording(whisper, READ_ALOUD).issues).toEqual(["unvoiced"]);
});

test("a recording with many faults names all of them", () => {
  const bad = { speechSeconds: 1, snrDb: 3, clippedShare: 0.2, voicedShare: 0, levelDb: -60 };

  const { issues } = judgeRecording(bad, READ_ALOUD);

  expect(issues).toEqual(["too_short", "too_quiet", "clipped", "noisy", "unvoiced"]);
});

test("the advice tells what to do, with the numbers of the recording", () => {
  expect(adviceOf("too_quiet", { ...GOOD, levelDb: -51 })).toBe(
    "Move closer to the microphone: the recording is 9 dB too quiet.",
  );
  expect(adviceOf("too_short", { ...GOOD, speechSeconds: 1.04 })).toBe(
    "Read more of the text: the recording has 1.0 s of speech, and a take needs 2 s.",
  );
  expect(adviceOf("clipped", { ...GOOD, clippedShare: 0.0521 })).toContain("5.2 % of the speech");
  expect(adviceOf("too_quiet", { ...GOOD, levelDb: -42.1 })).toContain("1 dB too quiet");
});

test("every issue has advice, and a file that was not decoded needs no measures for it", () => {
  for (const code of Object.values(RecordingIssueCode)) {
    expect(adviceOf(code, GOOD)).toMatch(/^[A-Z].*\.$/);
  }
  for (const problem of Object.values(RecordingProblem)) {
    expect(adviceOf(problem, null)).toMatch(/^[A-Z].*\.$/);
    expect(isAcceptable([problem])).toBe(false);
  }
});
