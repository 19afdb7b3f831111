import { measureLoudness } from "../../../src/audio/loudness/loudness.js";
import { measureTruePeak } from "../../../src/audio/loudness/true-peak.js";
import { aacDecoder } from "../../../src/audio/recordings/decoders/aac.js";
import { adviceOf, judgeRecording } from "../../../src/instances/voice-sample/recording-quality.js";
import { prepared, problemOf } from "./prepared.js";
import {
  ENCODERS,
  FIXTURE_KINDS,
  VOICES,
  fixture,
  noisy,
  speechOf,
  whisperOf,
} from "../../../bench/recordings/recorded-files.js";

const FILES = Object.entries(ENCODERS);
const FIXTURES = Object.entries(FIXTURE_KINDS);

interface Expected {
  readonly speechSeconds: number;
  readonly isWhispered: boolean;
}

async function expectAccepted(file: Uint8Array, { speechSeconds, isWhispered }: Expected) {
  const { master, durationMs, measures } = await prepared(file);

  const { score, issues } = judgeRecording(measures, { isWhispered });
  expect(issues.map((code) => adviceOf(code, measures))).toEqual([]);
  expect(score).toBeGreaterThan(0.9);
  expect(measures.speechSeconds).toBeGreaterThan(speechSeconds);
  expect(durationMs / 1000).toBeGreaterThan(measures.speechSeconds);
  expect(durationMs / 1000).toBeLessThan(speechSeconds + 1.5);
  expect(measureLoudness(master, 24_000)).toBeCloseTo(-19, 0);
  expect(measureTruePeak(master)).toBeLessThan(-1);
  return measures;
}

describe.each(VOICES)("the speech of %s", (voice) => {
  test.each(FILES)("is accepted as %s", async (_, encode) => {
    const file = await encode(await speechOf(voice));

    await expectAccepted(file, { speechSeconds: 4.4, isWhispered: false });
  });

  test.each(FILES)("is accepted as %s with noise at 25 dB", async (_, encode) => {
    const file = await encode(noisy(await speechOf(voice), 25));

    const { snrDb } = await expectAccepted(file, { speechSeconds: 4.2, isWhispered: false });

    // Lossy encoders remove a part of the noise.
    expect(snrDb).toBeGreaterThan(20);
    expect(snrDb).toBeLessThan(30);
  });

  test.each(FIXTURES)("is accepted as %s", async (_, ending) => {
    await expectAccepted(await fixture(`${voice}${ending}`), {
      speechSeconds: 2,
      isWhispered: false,
    });
  });

  test("is accepted as a whisper, where no voice is expected", async () => {
    const file = await ENCODERS["webm/opus"](await whisperOf(voice));

    const { voicedShare } = await expectAccepted(file, { speechSeconds: 4.4, isWhispered: true });

    expect(voicedShare).toBeLessThan(0.05);
  });
});

test("a recording with a pause before and after the speech keeps 0.15 s of each", async () => {
  const { pcm, sampleRate } = await speechOf("slt");
  const padded = new Float32Array(pcm.length + 6 * sampleRate);
  padded.set(pcm, 3 * sampleRate);
  const alone = await prepared(await ENCODERS["wav 16"]({ pcm, sampleRate }));

  const { durationMs, measures } = await prepared(
    await ENCODERS["wav 16"]({ pcm: padded, sampleRate }),
  );

  expect(measures.speechSeconds).toBeCloseTo(alone.measures.speechSeconds, 1);
  expect(durationMs / 1000 - measures.speechSeconds).toBeGreaterThan(0.28);
  expect(durationMs / 1000 - measures.speechSeconds).toBeLessThan(0.65);
});

test("the level is that of the recording, and the master is as loud as any other", async () => {
  const { pcm, sampleRate } = await speechOf("rms");
  const quiet = { pcm: pcm.map((sample) => sample / 5), sampleRate };

  const usual = await prepared(await ENCODERS["wav 24"]({ pcm, sampleRate }));
  const softly = await prepared(await ENCODERS["wav 24"](quiet));

  expect(usual.measures.levelDb - softly.measures.levelDb).toBeCloseTo(14, 1);
  expect(measureLoudness(softly.master, 24_000)).toBeCloseTo(
    measureLoudness(usual.master, 24_000),
    1,
  );
});

test("speech in a WAV file that was clipped and then turned down is still clipped", async () => {
  const { pcm, sampleRate } = await speechOf("awb");
  const clipped = pcm.map((sample) => 0.3 * Math.max(-0.2, Math.min(0.2, sample)));

  const { measures } = await prepared(await ENCODERS["wav 16"]({ pcm: clipped, sampleRate }));

  expect(judgeRecording(measures, { isWhispered: false }).issues).toContain("clipped");
});

test("without the optional package for AAC, an m4a file is refused as unsupported", async () => {
  const facts = {
    codec: "aac",
    sampleRate: 16_000,
    channels: 1,
    description: Uint8Array.of(0x14, 8),
  };
  const missing = () => Promise.reject(new Error("Cannot find package '@audio/decode-aac'"));

  await expect(aacDecoder(facts, missing)).rejects.toMatchObject({
    problem: "unsupported_format",
  });
  expect(await problemOf(await fixture("slt.m4a"))).toBeNull();
});
