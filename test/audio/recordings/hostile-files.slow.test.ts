import { type HostileFile, hostileFiles } from "../../../bench/recordings/hostile-files.js";
import { RecordingProblem } from "../../../src/audio/recordings/recording.js";
import {
  isAcceptable,
  judgeRecording,
} from "../../../src/instances/voice-sample/recording-quality.js";
import { prepared, problemOf } from "./prepared.js";

/** Returns the reasons why a file is no voice sample. Returns none for a file that is one. */
async function reasonsAgainst(file: Uint8Array): Promise<readonly string[]> {
  const problem = await problemOf(file);
  if (problem !== null) return [problem];
  const { measures } = await prepared(file);
  const { issues } = judgeRecording(measures, { isWhispered: false });
  return isAcceptable(issues) ? [] : issues;
}

/**
 * These files still hold at least two seconds of clean speech. Their damage is at the end, or in bytes
 * that say nothing about the sound, or cannot be told from sound.
 */
const STILL_GOOD: readonly RegExp[] = [
  /^cut off: .* after 90 %$/,
  /^flipped bytes: wav (16|24)$/,
  /^junk in the middle: mp3 CBR$/,
  /^lying WAV headers: frames of (3|65535) bytes$/,
  /^lying containers: m4a\/aac: (mvhd 16|mdhd 16|mp4a 20|mp4a 28|stsz 8) is \d+$/,
  /^lying containers: m4a\/aac fragmented: tfdt 8 is \d+$/,
  /^lying containers: flac: blocks of 0 samples$/,
];

let files: readonly HostileFile[] = [];
beforeAll(async () => {
  files = await hostileFiles();
});

test("corrupt and lying files end refused with a reason, unless clean speech is left", async () => {
  const accepted: string[] = [];

  for (const { kind, name, bytes } of files) {
    const reasons = await reasonsAgainst(bytes);
    if (reasons.length === 0) accepted.push(`${kind}: ${name}`);
  }

  expect(files.length).toBeGreaterThan(200);
  expect(accepted.filter((name) => !STILL_GOOD.some((good) => good.test(name)))).toEqual([]);
  expect(accepted.length).toBeLessThan(40);
});

test("files that hold hours are too long, however short they say they are", async () => {
  const long = files.filter(({ kind }) => kind === "hours in a few megabytes");

  for (const { bytes } of long) {
    expect(await problemOf(bytes)).toBe(RecordingProblem.TooLong);
  }

  expect(long).toHaveLength(6);
});
