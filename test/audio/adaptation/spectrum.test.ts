import { BANDS, equalise, smoothGains } from "../../../src/audio/adaptation/equaliser.js";
import { speakerDistance } from "../../../src/audio/adaptation/speaker-distance.js";
import { levelDb } from "../../../src/audio/signal/silence.js";
import { fliteEngine } from "../../../src/providers/speech/flite/flite.adaptation.js";
import { SHORT_LINE } from "../../support/spoken-recording.js";

const RATE = 16_000;
const tone = (hz: number) =>
  Float32Array.from(
    { length: RATE },
    (_, index) => 0.1 * Math.sin((2 * Math.PI * hz * index) / RATE),
  );
/** Without the ends, which the equaliser fades. */
const middleOf = (pcm: Float32Array) => pcm.subarray(RATE / 4, (RATE * 3) / 4);

test("an equaliser without gains returns the sound unchanged", () => {
  const pcm = tone(440);

  const same = equalise(pcm, () => new Array<number>(BANDS).fill(0));

  expect(
    Math.max(...middleOf(same).map((value, at) => Math.abs(value - (middleOf(pcm)[at] ?? 0)))),
  ).toBeLessThan(1e-6);
});

test.each([200, 1000, 4000])(
  "an equaliser raises a tone of %d Hz by the gain of its band",
  (hz) => {
    const raised = equalise(tone(hz), () => new Array<number>(BANDS).fill(6));

    expect(levelDb(middleOf(raised)) - levelDb(middleOf(tone(hz)))).toBeCloseTo(6, 2);
  },
);

test("an equaliser raises one half of the spectrum and keeps the other", () => {
  const gains = Array.from({ length: BANDS }, (_, band) => (band < BANDS / 2 ? 0 : 9));
  const gainAt = (hz: number) =>
    levelDb(middleOf(equalise(tone(hz), () => gains))) - levelDb(middleOf(tone(hz)));

  expect(gainAt(300)).toBeCloseTo(0, 1);
  expect(gainAt(5000)).toBeCloseTo(9, 1);
});

test("gains are smoothed, centred and limited to 15 dB", () => {
  const gains = smoothGains(Array.from({ length: BANDS }, (_, band) => (band < 8 ? 60 : -60)));

  expect(Math.max(...gains)).toBe(15);
  expect(Math.min(...gains)).toBe(-15);
  expect(smoothGains(new Array<number>(BANDS).fill(40))).toEqual(new Array<number>(BANDS).fill(0));
});

test("bands in which the base voice has no sound repeat the last band that has", () => {
  const gains = Array.from({ length: BANDS }, (_, band) => (band < 28 ? 0 : 80));

  expect(smoothGains(gains, 28)).toEqual(new Array<number>(BANDS).fill(0));
});

test("a voice is closer to itself than to another voice", async () => {
  const say = (voice: string) => fliteEngine.speak(SHORT_LINE, voice, { stretch: 1 });
  const [slt, awb] = [await say("slt"), await say("awb")];

  expect(speakerDistance([slt], [slt])).toBeCloseTo(0, 9);
  expect(speakerDistance([slt], [awb])).toBeGreaterThan(0.5);
  expect(speakerDistance([awb], [slt])).toBeCloseTo(speakerDistance([slt], [awb]), 9);
});
