import { createHash } from "node:crypto";
import fc from "fast-check";
import { decibelsToFactor } from "../../../../src/audio/signal/gain.js";
import { measurePitch } from "../../../audio/pitch-measure.js";
import { resolveProsody } from "../../../../src/audio/delivery/prosody.js";
import { flite, fliteSpeech } from "../../../../src/providers/speech/flite/flite.js";
import { speak } from "../../../../src/providers/speech/flite/flite.worker.js";
import type { SpokenProsody } from "../../../../src/providers/speech/speech.port.js";
import { PLAIN, describeSpeechProvider } from "../contract.js";

const provider = fliteSpeech(speak);
const SENTENCE =
  "The old man walked slowly down to the river, and the children followed him without a word.";

function say(text: string, voice = "flite:slt", prosody: Partial<SpokenProsody> = {}) {
  const request = { text, language: "en", voice, prosody: { ...PLAIN, ...prosody } };
  return provider.synthesize(request, new AbortController().signal);
}

async function measured(voice: string, prosody: Partial<SpokenProsody> = {}) {
  const { pcm, sampleRate, degraded } = await say(SENTENCE, voice, prosody);
  const pitch = measurePitch(pcm, sampleRate);
  const brightness = highBandShareDb(pcm);
  return { ...pitch, seconds: pcm.length / sampleRate, brightness, degraded };
}

/**
 * Returns the mean square of the differences between samples, divided by the mean square of the samples,
 * in dB. High frequencies raise the result.
 */
function highBandShareDb(pcm: Float32Array): number {
  let [power, difference] = [0, 0];
  for (let index = 1; index < pcm.length; index++) {
    const step = (pcm[index] ?? 0) - (pcm[index - 1] ?? 0);
    power += (pcm[index] ?? 0) ** 2;
    difference += step ** 2;
  }
  return 10 * Math.log10(difference / power);
}

describeSpeechProvider(() => provider);

test("the same text gives the same bytes on every machine", async () => {
  const { pcm } = await say("Once upon a time there was a lighthouse.");

  const hash = createHash("sha256").update(new Uint8Array(pcm.buffer)).digest("hex");
  expect(hash).toBe("006d61a9193eef29c7c93bd82baab2d231f01581114072a5085093677f2820d7");
});

test.each(["flite:slt", "flite:awb", "flite:rms"])(
  "%s changes pitch, rate and range as requested",
  async (voice) => {
    const plain = await measured(voice);
    const semitones = ({ medianHz }: { medianHz: number }) =>
      12 * Math.log2(medianHz / plain.medianHz);

    for (const pitch of [4, -3]) {
      expect(semitones(await measured(voice, { pitch })) / pitch).toBeCloseTo(1, 0.4);
    }
    for (const rate of [1.3, 0.75]) {
      expect(plain.seconds / (await measured(voice, { rate })).seconds / rate).toBeCloseTo(1, 0.4);
    }
    for (const range of [1.7, 0.6]) {
      const { spreadSt, degraded } = await measured(voice, { range });
      expect(spreadSt / plain.spreadSt / range).toBeCloseTo(1, 0.4);
      expect(degraded).toEqual([]);
    }
    const all = await measured(voice, { pitch: 4, rate: 0.8, range: 1.5 });
    expect(semitones(all) / 4).toBeCloseTo(1, 0.4);
    expect(plain.seconds / all.seconds / 0.8).toBeCloseTo(1, 0.4);
    expect(all.spreadSt / plain.spreadSt / 1.5).toBeCloseTo(1, 0.4);
  },
);

test("if a rough voice cannot reach a wider range, the range that it reached is reported", async () => {
  const plain = await measured("flite:kal16");

  const { spreadSt, degraded } = await measured("flite:kal16", { range: 2 });

  expect(spreadSt / plain.spreadSt).toBeLessThan(1.6);
  expect(degraded).toEqual([
    { feature: "range", reason: expect.stringContaining("the voice's own instead of 2.00") },
  ]);
});

test.each(["flite:slt", "flite:rms"])(
  "%s raises the pitch at the end of a surprise",
  async (voice) => {
    const endOf = async (rise: number) => {
      const { melody } = await measured(voice, { rise });
      const end = melody.filter((semitone) => semitone !== null).slice(-4);
      return end.reduce((sum, semitone) => sum + semitone, 0) / end.length;
    };
    const { rise } = resolveProsody({ emotion: "surprise", intensity: 1 });

    expect(((await endOf(rise)) - (await endOf(0))) / rise).toBeCloseTo(1, 0.4);
  },
);

test("tilt makes a voice brighter or darker", async () => {
  const [dark, plain, bright] = await Promise.all([
    measured("flite:slt", { tilt: -4 }),
    measured("flite:slt"),
    measured("flite:slt", { tilt: 4 }),
  ]);

  expect(dark.brightness).toBeLessThan(plain.brightness - 1.5);
  expect(bright.brightness).toBeGreaterThan(plain.brightness + 1.5);
});

test("a whisper has no voiced frames", async () => {
  expect((await measured("flite:slt")).voicedShare).toBeGreaterThan(0.7);
  expect((await measured("flite:slt", { isWhispered: true })).voicedShare).toBeLessThan(0.02);
});

test("the variants of a voice differ in pitch", async () => {
  const hz = async (voice: string) => (await measured(voice)).medianHz;

  const [deep, plain, light, child] = [
    await hz("flite:slt-deep"),
    await hz("flite:slt"),
    await hz("flite:slt-light"),
    await hz("flite:slt-child"),
  ];

  expect([deep, plain, light, child]).toEqual(
    [deep, plain, light, child].toSorted((a, b) => a - b),
  );
});

test("every voice of the catalogue speaks without clipping and without an offset", async () => {
  for (const { id } of flite.listVoices()) {
    const { words, pcm } = await say("Good morning.", id);
    expect(words.map(({ text }) => text)).toEqual(["Good", "morning"]);
    expect(Math.max(...pcm)).toBeGreaterThan(decibelsToFactor(-30));
    expect(Math.max(...pcm.map(Math.abs))).toBeLessThan(1);
    const mean = pcm.reduce((sum, sample) => sum + sample, 0) / pcm.length;
    expect(Math.abs(mean)).toBeLessThan(decibelsToFactor(-80));
  }
});

test("a whisper reports pitch, range and rise as degraded", async () => {
  const asked = { pitch: 2, range: 1.5, rise: 3, isWhispered: true };

  const { degraded } = await say("Good morning.", "flite:slt", asked);

  expect(degraded.map(({ feature }) => feature)).toEqual(["pitch", "range", "rise"]);
});

test("a pitch or rate out of range is limited and reported as degraded", async () => {
  const { degraded } = await say("No.", "flite:slt-child", { pitch: 18, rate: 5 });

  expect(degraded.map(({ feature }) => feature)).toEqual(["pitch", "rate"]);
});

test("anger has a higher pitch, a faster rate and a wider range than sadness", async () => {
  const anger = await measured("flite:slt", resolveProsody({ emotion: "anger", intensity: 1 }));
  const sadness = await measured("flite:slt", resolveProsody({ emotion: "sadness", intensity: 1 }));

  expect(anger.medianHz).toBeGreaterThan(sadness.medianHz * 1.15);
  expect(anger.seconds * 1.3).toBeLessThan(sadness.seconds);
  expect(anger.spreadSt).toBeGreaterThan(sadness.spreadSt * 1.8);
});

test.each(["Привет, мир", "你好，世界", "Καλημέρα κόσμε"])(
  "a text in another script fails with advice to use another provider: %s",
  async (text) => {
    await expect(say(text)).rejects.toMatchObject({
      retryable: false,
      message: expect.stringMatching(/English \(en\) in Latin letters.*another provider/),
    });
  },
);

test("a foreign word in an English text stays silent and is reported by name", async () => {
  const { words, degraded } = await say("She said Привет to everybody.");

  expect(words.map(({ text }) => text)).toEqual(["She", "said", "Привет", "to", "everybody"]);
  expect(degraded).toEqual([{ feature: "text", reason: expect.stringContaining("Привет") }]);
});

test("a word of 500 letters is said whole, with one time span", async () => {
  const { words, pcm, sampleRate } = await say(`So ${"banana".repeat(84)} ended.`);

  expect(words).toHaveLength(3);
  expect(words[1]?.endMs).toBeGreaterThan(15_000);
  expect(words[2]?.startMs).toBeGreaterThanOrEqual(words[1]?.endMs ?? Infinity);
  expect(pcm.length / sampleRate).toBeGreaterThan(15);
});

const ODD_WORDS = [
  ...["NASA", "STOP!", "I AM", "1,234.5", "£5.20", "1984", "3rd", "50%", "10:30", "1/2", "-3 °C"],
  ...["XIV", "+44 20 7946 0958", "2024-01-31", "https://a.org/b?c=1#d", "ann@example.co.uk", "HI"],
  ...["don’t", "“Oh”", "*bold*", "note[1]", "rock’n’roll", "well-known", "…", "—", "hmm", "Æsop"],
  ...["na\u0308ve", "zero\u200bwidth", "\u202bright\u202c", "soft\u00adhyphen", "\t", "\r\n", "😀"],
  ...["A.", "x", "q", "ssss", "bcdfg", "O'Neill’s", "e.g.", "AT&T", "C#", "(why?)", "½", "Привет"],
];

test("in any mix of odd words, every word has its own time or is reported as lost", async () => {
  const texts = fc.array(fc.constantFrom(...ODD_WORDS), { minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(texts, async (words) => {
      const text = `Now ${words.join(" ")} and then home`;

      const speech = await say(text, "flite:kal16");

      const losses = speech.degraded.map(({ reason }) => reason).join(" ");
      let last = 0;
      for (const word of speech.words) {
        expect(text.slice(word.start, word.end)).toBe(word.text);
        expect(word.startMs).toBeGreaterThanOrEqual(last);
        if (!losses.includes(word.text)) expect(word.endMs).toBeGreaterThan(word.startMs);
        last = word.endMs;
      }
      expect(last).toBeLessThanOrEqual((speech.pcm.length / speech.sampleRate) * 1000 + 1e-6);
    }),
    { numRuns: 25 },
  );
});

test("a word that the engine drops silently is reported by name", async () => {
  const lexicon = [{ word: "bell", saidAs: "AM" }];
  const request = { text: "The bell rang.", language: "en", voice: "flite:slt", prosody: PLAIN };

  const { degraded } = await provider.synthesize(
    { ...request, lexicon },
    new AbortController().signal,
  );

  expect(degraded).toEqual([{ feature: "text", reason: "The engine cannot say: AM." }]);
});

test("a word of the lexicon is said as the lexicon asks", async () => {
  const request = { text: "Xqz left.", language: "en", voice: "flite:slt", prosody: PLAIN };
  const lexicon = [{ word: "xqz", saidAs: "extraordinarily long name" }];
  const signal = new AbortController().signal;

  const plain = await provider.synthesize({ ...request, text: "Ann left." }, signal);
  const said = await provider.synthesize({ ...request, lexicon }, signal);

  expect(said.words.map(({ text }) => text)).toEqual(["Xqz", "left"]);
  expect(said.pcm.length).toBeGreaterThan(plain.pcm.length * 1.8);
});
