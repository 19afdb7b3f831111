import { UnspeakableError } from "../../../../src/platform/errors.js";
import { elevenLabsSpeech } from "../../../../src/providers/speech/elevenlabs/elevenlabs-speech.js";
import { fliteSpeech } from "../../../../src/providers/speech/flite/flite.js";
import { speak } from "../../../../src/providers/speech/flite/flite.worker.js";
import { PLAIN } from "../contract.js";
import { PREMADE } from "./elevenlabs-server.js";
import { SPEAK, Speaker, voice } from "./speaker.js";
import { accountOf } from "./target.js";

let speaker: Speaker;
beforeAll(async () => {
  speaker = await Speaker.start();
});
afterAll(() => speaker.server.close());
beforeEach(() => {
  speaker.reset();
});

const [SARAH] = PREMADE;
const { signal } = new AbortController();

test("a request names the model, a fixed seed and fixed settings", async () => {
  await speaker.say({ prosody: { ...PLAIN, rate: 0.8 } });
  await speaker.say({ prosody: { ...PLAIN, rate: 0.8 } });

  const [first, second] = speaker.server.asked("POST", "/v1/text-to-speech");
  expect(first).toMatchObject({
    path: `/v1/text-to-speech/${SARAH?.voice_id}/with-timestamps`,
    body: {
      text: "Hello there.",
      model_id: "eleven_multilingual_v2",
      seed: expect.any(Number),
      voice_settings: { stability: 0.5, similarity_boost: 0.75, speed: 0.8 },
    },
  });
  expect(second?.body).toEqual(first?.body);
  expect(first?.body).not.toHaveProperty("language_code");
});

test("the words have the times of their characters, also after the silence at the start is cut", async () => {
  const text = "He rowed out early. “Nobody saw me,” he said: nobody – at 6 o'clock.";
  const truth = await fliteSpeech(speak).synthesize(
    { text, language: "en", voice: "flite:slt", prosody: PLAIN },
    signal,
  );

  const { words, timingSource, degraded } = await speaker.say({ text });

  expect(timingSource).toBe("provider");
  expect(degraded).toEqual([]);
  expect(words.map((word) => word.text)).toEqual(truth.words.map((word) => word.text));
  for (const [index, { startMs, endMs }] of words.entries()) {
    expect(Math.abs(startMs - (truth.words[index]?.startMs ?? NaN))).toBeLessThan(25);
    expect(Math.abs(endMs - (truth.words[index]?.endMs ?? NaN))).toBeLessThan(25);
  }
});

test("a word of the lexicon is sent as it is said, and its times belong to the written word", async () => {
  const lexicon = [{ word: "hermione", saidAs: "her my oh nee" }];

  const { words, timingSource } = await speaker.say({ text: "Then Hermione slept.", lexicon });

  expect(speaker.server.asked("POST", "/v1/text-to-speech")[0]?.body).toMatchObject({
    text: "Then her my oh nee slept.",
  });
  expect(words.map(({ text }) => text)).toEqual(["Then", "Hermione", "slept"]);
  expect(timingSource).toBe("provider");
});

test.each([
  ["no alignment", { alignment: null }],
  [
    "an alignment of another text",
    {
      alignment: {
        characters: ["H", "i"],
        character_start_times_seconds: [0, 0.1],
        character_end_times_seconds: [0.1, 0.2],
      },
    },
  ],
  [
    "an alignment without times",
    {
      alignment: {
        characters: Array.from("Hello there."),
        character_start_times_seconds: [],
        character_end_times_seconds: [],
      },
    },
  ],
])("with %s, the times of words are estimated, and the speech says so", async (_, changed) => {
  speaker.server.mishap(SPEAK, async (response, work) => {
    const end = response.end.bind(response);
    response.end = ((content: string) =>
      end(JSON.stringify({ ...(JSON.parse(content) as object), ...changed }))) as never;
    (await work())();
  });

  const { words, timingSource, degraded } = await speaker.say();

  expect(words.map(({ text }) => text)).toEqual(["Hello", "there"]);
  expect(timingSource).toBe("estimated");
  expect(degraded).toEqual([{ feature: "timing", reason: expect.stringContaining("estimated") }]);
});

test("a rate beyond the vendor's range is reported", async () => {
  const { degraded } = await speaker.say({ prosody: { ...PLAIN, rate: 0.5 } });

  expect(degraded).toEqual([
    { feature: "rate", reason: "elevenlabs speaks at 0.7 to 1.2 times its own rate." },
  ]);
});

test("the cost counts every character sent, in whole millionths", async () => {
  const { cost } = await speaker.say({}, { microsPerMillionChars: 150_000_000 });

  expect(cost).toEqual({ micros: 1800, currency: "USD" });
  expect((await speaker.say()).cost).toBeUndefined();
});

test("a text in a language that the model does not speak is refused without a request", async () => {
  const error = await speaker.failure({ language: "sw" });

  expect(error).toBeInstanceOf(UnspeakableError);
  expect(speaker.server.asked("POST", "/v1/text-to-speech")).toEqual([]);
});

test("a personal voice is spoken by its clone, whatever the catalogue has", async () => {
  const [clone] = PREMADE.slice(1);
  const personal = { revision: "1", model: clone?.voice_id ?? "" };

  await speaker.say({ voice: "elevenlabs:own-AAAAAAAAAAAAAAAAAAAAAA", personal });

  expect(speaker.server.asked("POST", `/v1/text-to-speech/${clone?.voice_id}`)).toHaveLength(1);
});

test("all pieces of work share the limit of texts at the same time", async () => {
  speaker.server.limits.concurrent = 2;
  const account = accountOf(speaker.server, { maxConcurrent: 2, maxAttempts: 1 });
  await account.refresh(signal);
  const [requests, jobs] = [elevenLabsSpeech(account), elevenLabsSpeech(account)];
  const request = { language: "en", voice, prosody: PLAIN };

  const said = await Promise.all(
    ["One.", "Two.", "Three.", "Four."].flatMap((text) => [
      requests.synthesize({ ...request, text }, signal),
      jobs.synthesize({ ...request, text: `Again: ${text}` }, signal),
    ]),
  );

  expect(said.map(({ words }) => words.length)).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
});
