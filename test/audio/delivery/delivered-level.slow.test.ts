import { planJoin } from "../../../src/audio/join.js";
import { measureLoudness } from "../../../src/audio/loudness/loudness.js";
import { measureTruePeak } from "../../../src/audio/loudness/true-peak.js";
import { type Line, heardOf, joined, spoken } from "../narrated-files.js";
import { truePeakOf } from "../peak-measure.js";
import { sine } from "../tones.js";

const SIBILANTS = [
  "She sells six slick sea shells; Sis says yes, yes, yes!",
  "“Hush, hush,” hissed the serpents, “it's just shush season.”",
];

// The hardest voices for the limit of peaks. Some have peaks close to half the sample rate. For others,
// an encoder raises the peaks most.
test.each([
  ["flite:rms", "anger"],
  ["flite:awb-light", "whisper"],
  ["flite:kal16-deep", "disgust"],
])(
  "sibilants of %s in %s are -19 LUFS and below -1.5 dBTP in every file",
  async (voice, emotion) => {
    const heard = await heardOf(SIBILANTS.map((text): Line => [voice, emotion, text]));

    for (const { pcm, sampleRate } of Object.values(heard)) {
      expect(truePeakOf(pcm)).toBeLessThan(-1.5);
      expect(Math.abs(measureLoudness(pcm, sampleRate) + 19)).toBeLessThan(0.5);
    }
  },
);

test.each([
  [["No!"]],
  [["A."]],
  [["Hm."]],
  [["She left.", "He stayed."]],
  [["“Go!” he cried.", "“Why?”"]],
])("the short text %j is -19 LUFS in every file", async (texts) => {
  const lines = texts.map((text): Line => ["flite:slt", "neutral", text]);

  const heard = await heardOf(lines);

  for (const { pcm, sampleRate } of Object.values(heard)) {
    expect(Math.abs(measureLoudness(pcm, sampleRate) + 19)).toBeLessThan(0.5);
  }
});

test("sound shorter than a block of 400 ms is brought to -19 LUFS without gates", async () => {
  const { part } = await spoken(["flite:slt", "neutral", "A."]);
  const { pcm, sampleRate } = await part.load();
  const parts = [
    { ...part, pauseAfterMs: 0, load: async () => ({ pcm: pcm.slice(0, 2400), sampleRate }) },
  ];

  const { pcm: sound, loudnessLufs } = await joined(parts, await planJoin(parts));

  expect(sound.length / sampleRate).toBeLessThan(0.4);
  expect(Math.abs(loudnessLufs + 19)).toBeLessThan(0.5);
});

test.each([1000, 4000, 6000, 7000, 7500])(
  "the true peak of %i Hz at 16 kHz is measured to 0.1 dB at any phase",
  (hz) => {
    for (const phase of [0, 0.3, Math.PI / 4, 1.2, Math.PI / 2]) {
      const tone = sine({ hz, sampleRate: 16_000, seconds: 0.1, phase }).map(
        // Fade the tone, because a hard edge adds other frequencies.
        (sample, index) => sample * Math.sin((Math.PI * index) / 1600) ** 2,
      );

      expect(Math.abs(measureTruePeak(tone) - truePeakOf(tone))).toBeLessThan(0.1);
      expect(Math.abs(measureTruePeak(tone))).toBeLessThan(0.15);
    }
  },
);
