import { adaptSound, engineSettings } from "../../../src/audio/adaptation/apply.js";
import { speakerDistance } from "../../../src/audio/adaptation/speaker-distance.js";
import { measureSpeech } from "../../../src/audio/adaptation/speech-measure.js";
import {
  type AdaptedVoice,
  type Engine,
  type PromptedRecording,
  adaptVoice,
} from "../../../src/audio/adaptation/train.js";
import { DEFAULT_LEVEL, type VoiceModel } from "../../../src/audio/adaptation/voice-model.js";
import { shapeVoice } from "../../../src/audio/delivery/voice-quality.js";
import { resample } from "../../../src/audio/signal/resample.js";
import type { Sound } from "../../../src/audio/signal/wav.js";
import { fliteEngine } from "../../../src/providers/speech/flite/flite.adaptation.js";
import { LONG_LINE, SHORT_LINE } from "../../support/spoken-recording.js";

const TILT = { tilt: -6, breath: 0, tremor: 0, isWhispered: false };
const FORMANTS = 1.1;
const HELD_OUT = "Nobody had told the gardener that the roses were meant for the wedding.";

/** Another person: slt with shorter vocal tract, higher pitch, slower speech and a duller microphone. */
async function stranger(transcript: string): Promise<PromptedRecording> {
  const settings = { pitchHz: 190, spreadHz: 28, stretch: 1.2 };
  const { pcm } = await fliteEngine.speak(transcript, "slt", settings);
  const short = resample(pcm, Math.round(16_000 * FORMANTS), 16_000);
  const dull = shapeVoice({ pcm: short, sampleRate: 16_000 }, TILT);
  return { sound: { pcm: resample(dull.pcm, 16_000, 24_000), sampleRate: 24_000 }, transcript };
}

let trained: Promise<AdaptedVoice> | undefined;
const train = async () =>
  adaptVoice([await stranger(LONG_LINE), await stranger(SHORT_LINE)], fliteEngine);
const trainOnce = () => (trained ??= train());

async function perform(text: string, model: VoiceModel, level = DEFAULT_LEVEL): Promise<Sound> {
  const settings = engineSettings(model, { pitch: 0, rate: 1 });
  return adaptSound(await fliteEngine.speak(text, model.base, settings), model, { level });
}

test("the vocal tract, the pitch and the base voice of a synthetic speaker come back", async () => {
  const { model, metrics } = await trainOnce();

  expect(model.base).toBe("slt");
  expect(Math.abs(model.formantScale - FORMANTS)).toBeLessThanOrEqual(0.04);
  expect(Math.abs(model.pitchHz / (190 * FORMANTS) - 1)).toBeLessThan(0.05);
  expect(metrics.speechSeconds).toBeGreaterThan(8);
});

test("the adapted voice says another text with the pitch and the rate of the speaker", async () => {
  const { model } = await trainOnce();
  const speaker = measureSpeech([(await stranger(HELD_OUT)).sound]);

  const adapted = measureSpeech([await perform(HELD_OUT, model)]);

  expect(Math.abs(adapted.pitchHz / speaker.pitchHz - 1)).toBeLessThan(0.1);
  expect(Math.abs(adapted.soundingSeconds / speaker.soundingSeconds - 1)).toBeLessThan(0.15);
});

test("each level comes closer to the speaker on another text", async () => {
  const { model } = await trainOnce();
  const speaker = [(await stranger(HELD_OUT)).sound];
  const distanceOf = (sound: Sound) => speakerDistance(speaker, [sound]);

  const base = distanceOf(await fliteEngine.speak(HELD_OUT, model.base, { stretch: 1 }));
  const first = distanceOf(await perform(HELD_OUT, model, 1));
  const second = distanceOf(await perform(HELD_OUT, model, 2));
  const third = distanceOf(await perform(HELD_OUT, model, 3));

  expect(second).toBeLessThan(first);
  expect(second).toBeLessThan(base * 0.6);
  expect(third).toBeLessThan(base * 0.5);
});

test("the same recordings give the same model, and a model from JSON gives the same sound", async () => {
  const [{ model }, again] = [await trainOnce(), await train()];
  const stored = JSON.stringify(model);

  expect(JSON.stringify(again.model)).toBe(stored);
  expect(stored.length).toBeLessThan(20_000);
  expect(await perform(SHORT_LINE, JSON.parse(stored) as VoiceModel)).toEqual(
    await perform(SHORT_LINE, model),
  );
});

test("the pitch and the rate of an emotion reach the adapted voice", async () => {
  const { model } = await trainOnce();
  const text = LONG_LINE;
  const settings = engineSettings(model, { pitch: 3, rate: 1.2 });
  const sound = await fliteEngine.speak(text, model.base, settings);
  const intonation = { pitch: 3, range: 1.4, rise: 0 };

  const moved = measureSpeech([adaptSound(sound, model, { level: 2, intonation })]);
  const neutral = measureSpeech([await perform(text, model, 2)]);

  expect(Math.abs(12 * Math.log2(moved.pitchHz / neutral.pitchHz) - 3)).toBeLessThan(0.5);
  expect(Math.abs(neutral.soundingSeconds / moved.soundingSeconds / 1.2 - 1)).toBeLessThan(0.05);
  expect(moved.spreadHz / moved.pitchHz).toBeGreaterThan(neutral.spreadHz / neutral.pitchHz);
});

test("a training says no transcript twice in the same way", async () => {
  const orders: string[] = [];
  const listening: Engine = {
    ...fliteEngine,
    speak: (...order) => {
      orders.push(JSON.stringify(order));
      return fliteEngine.speak(...order);
    },
  };

  await adaptVoice([await stranger(SHORT_LINE)], listening);

  expect(orders).toEqual([...new Set(orders)]);
});

test("a voice whose melody the engine cannot change is adapted after the engine", async () => {
  const only = { ...fliteEngine, voices: fliteEngine.voices.filter(({ name }) => name === "rms") };
  const speaker = {
    sound: await fliteEngine.speak(LONG_LINE, "awb", { stretch: 1 }),
    transcript: LONG_LINE,
  };

  const { model } = await adaptVoice([speaker], only);
  const adapted = measureSpeech([await perform(LONG_LINE, model)]);

  expect(model.engine.pitchHz).toBeUndefined();
  expect(Math.abs(adapted.pitchHz / measureSpeech([speaker.sound]).pitchHz - 1)).toBeLessThan(0.1);
});
