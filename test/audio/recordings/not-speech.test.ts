import { seededRandom } from "../../../bench/recordings/seeded-random.js";
import { prepared, problemOf } from "./prepared.js";
import { speechOf, wavOf } from "../../../bench/recordings/recorded-files.js";

const SAMPLE_RATE = 16_000;
const SECONDS = 8;
const WAV_16 = { code: 1, bits: 16, channels: 1 };

const made = (sampleAt: (time: number) => number) =>
  Float32Array.from({ length: SECONDS * SAMPLE_RATE }, (_, index) => sampleAt(index / SAMPLE_RATE));
const fileOf = (pcm: Float32Array<ArrayBuffer>) => wavOf({ pcm, sampleRate: SAMPLE_RATE }, WAV_16);

const wave = (hz: number, time: number) => Math.sin(2 * Math.PI * hz * time);
const NOTES = [262, 294, 330, 349, 392, 440];
/** Four notes a second. Returns the pitch, and the place inside the note from 0 to 1. */
const noteAt = (time: number) => ({
  hz: NOTES[Math.floor(time * 4) % NOTES.length] ?? 0,
  place: (time * 4) % 1,
});
/** Sounds for six tenths of each second. */
const isOn = (time: number) => time % 1 < 0.6;

const random = seededRandom(1);
const noise = () => (random() + random() + random() - 1.5) * 2;
let rumble = 0;

const SOUNDS: Readonly<Record<string, (time: number) => number>> = {
  silence: () => 0,
  "the noise of the last bit": () => Math.round(noise()) / 32_768,
  "a tone": (time) => 0.3 * wave(440, time),
  hum: (time) => 0.2 * wave(50, time) + 0.1 * wave(150, time) + 0.05 * wave(250, time),
  "white noise": () => 0.1 * noise(),
  "white noise that grows and fades": (time) => 0.1 * noise() * (1 + wave(4, time)),
  "low noise": () => (rumble = rumble * 0.995 + 0.02 * noise()),
  clicks: (time) => ((time * 3) % 1 < 0.004 ? 0.8 * noise() : 0.0005 * noise()),
  beeps: (time) => (isOn(time) ? 0.4 * wave(1000, time) : 0),
  "a melody": (time) => {
    const { hz, place } = noteAt(time);
    return 0.3 * Math.exp(-2 * place) * wave(hz, time);
  },
  "a melody of square waves": (time) => {
    const { hz, place } = noteAt(time);
    return place < 0.8 ? 0.2 * Math.sign(wave(hz, time)) : 0;
  },
  chords: (time) => {
    const { hz, place } = noteAt(time / 2);
    const tones = [1, 1.25, 1.5].map(
      (ratio) => wave(hz * ratio, time) + wave(hz * ratio * 2, time),
    );
    return 0.1 * Math.exp(-3 * place) * tones.reduce((sum, tone) => sum + tone, 0);
  },
  "a siren with pauses": (time) =>
    isOn(time) ? 0.3 * Math.sin(2 * Math.PI * (600 * time + 32 * wave(0.5, time))) : 0,
  "a sweep with pauses": (time) => (isOn(time) ? 0.3 * wave(300 + 75 * time, time) : 0),
};

test.each(Object.entries(SOUNDS))("%s is not speech", async (_, sampleAt) => {
  expect(await problemOf(fileOf(made(sampleAt)))).toBe("no_speech");
});

test("speech is found before and under other sounds", async () => {
  const { pcm } = await speechOf("slt");
  const followed = new Float32Array(pcm.length * 2).map(
    (_, index) => pcm[index] ?? 0.3 * wave(440, index / SAMPLE_RATE),
  );
  const hummed = pcm.map((sample, index) => sample + 0.1 * wave(50, index / SAMPLE_RATE));

  for (const sound of [followed, hummed]) {
    const { measures } = await prepared(fileOf(sound));

    expect(measures.speechSeconds).toBeGreaterThan(4);
    expect(measures.speechSeconds).toBeLessThan(5.3);
  }
});
