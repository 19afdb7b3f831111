import { findPauses } from "../../../../src/audio/signal/silence.js";
import { encodeWav } from "../../../../src/audio/signal/wav.js";
import { ProviderError } from "../../../../src/platform/errors.js";
import { estimateWords } from "../../../../src/providers/speech/remote/estimated-words.js";
import { fliteSpeech } from "../../../../src/providers/speech/flite/flite.js";
import { speak } from "../../../../src/providers/speech/flite/flite.worker.js";
import {
  type OpenAiSpeechOptions,
  openAiSpeech,
} from "../../../../src/providers/speech/openai/openai-speech.js";
import type {
  Speech,
  SpokenProsody,
  SpokenWord,
} from "../../../../src/providers/speech/speech.port.js";
import { measurePitch } from "../../../audio/pitch-measure.js";
import { PLAIN, describeSpeechProvider } from "../contract.js";
import { type Mishap, type SpeechServer, startSpeechServer } from "./speech-server.js";

let server: SpeechServer;
let waits: number[] = [];

beforeAll(async () => {
  server = await startSpeechServer();
});
afterAll(() => server.close());
beforeEach(() => {
  waits = [];
  server.requests.length = 0;
  server.mishaps.length = 0;
});

function provider(options: Partial<OpenAiSpeechOptions> = {}) {
  return openAiSpeech({
    id: "cloud",
    baseUrl: server.baseUrl,
    apiKey: "secret",
    model: "tts-1",
    voices: [
      {
        name: "alloy",
        displayName: "Alloy",
        gender: "neutral",
        ageGroup: "adult",
        languages: ["en"],
      },
    ],
    clock: { now: () => new Date("2026-01-01T00:00:00Z") },
    wait: async (ms) => {
      waits.push(ms);
    },
    ...options,
  });
}

function say(text: string, options: Partial<OpenAiSpeechOptions> = {}): Promise<Speech> {
  const request = { text, language: "en", voice: "cloud:alloy", prosody: PLAIN };
  return provider(options).synthesize(request, new AbortController().signal);
}

const refuse =
  (status: number, headers: Record<string, string> = {}): Mishap =>
  (response) =>
    response
      .writeHead(status, headers)
      .end('{"error":{"message":"Try later.","type":"overloaded","code":null}}');

const SENTENCE = "She opened the door, and there was nobody in the garden any more.";

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;
}

describeSpeechProvider(() => provider({ maxChars: 200 }));

test("a request has the format of the endpoint", async () => {
  await say("Hello.");

  expect(server.requests).toEqual([
    { model: "tts-1", voice: "alloy", input: "Hello.", response_format: "wav", speed: 1 },
  ]);
});

test("a word of the lexicon is sent as it is said, and its times belong to the written word", async () => {
  const request = { text: "Hermione slept.", language: "en", voice: "cloud:alloy", prosody: PLAIN };
  const lexicon = [{ word: "hermione", saidAs: "her my oh nee" }];

  const { words } = await provider().synthesize(
    { ...request, lexicon },
    new AbortController().signal,
  );

  expect(server.requests[0]?.input).toBe("her my oh nee slept.");
  expect(words.map(({ text }) => text)).toEqual(["Hermione", "slept"]);
});

test.each([
  ["tts-1", undefined, 0.7],
  [
    "gpt-4o-mini-tts",
    "Read as the narrator of an audiobook. Speak with strong sadness. Speak very slowly.",
    1,
  ],
])(
  "%s gets the emotion and the rate in the form that it supports",
  async (model, instructions, speed) => {
    const emotion = { name: "sadness", intensity: 1 };
    const request = { text: "Hello.", language: "en", voice: "cloud:alloy", emotion };
    const prosody = { ...PLAIN, rate: 0.7 };

    const speaker = provider({ model });
    const { degraded } = await speaker.synthesize(
      { ...request, prosody },
      new AbortController().signal,
    );

    const isInstructed = instructions !== undefined;
    expect(server.requests[0]).toMatchObject({ model, speed });
    expect(server.requests[0]?.instructions).toBe(instructions);
    expect(speaker.capabilities().emotion).toBe(isInstructed ? "instruction" : "prosody");
    expect(degraded.map(({ feature }) => feature)).toEqual(isInstructed ? ["rate"] : []);
  },
);

test("delivery changes that the endpoint cannot make are applied to its sound", async () => {
  const { signal } = new AbortController();
  const spoken = { text: SENTENCE, language: "en", voice: "flite:slt", prosody: PLAIN };
  const wav = encodeWav(await fliteSpeech(speak).synthesize(spoken, signal));
  const measured = async (prosody: Partial<SpokenProsody>) => {
    server.mishaps.push((response) => response.end(wav));
    const request = { text: SENTENCE, language: "en", voice: "cloud:alloy" };
    const speech = await provider().synthesize(
      { ...request, prosody: { ...PLAIN, ...prosody } },
      signal,
    );
    return { ...speech, ...measurePitch(speech.pcm, speech.sampleRate) };
  };
  const plain = await measured({});
  const semitones = ({ medianHz }: { medianHz: number }) =>
    12 * Math.log2(medianHz / plain.medianHz);

  for (const pitch of [4, -3]) {
    expect(semitones(await measured({ pitch })) / pitch).toBeCloseTo(1, 0.4);
  }
  for (const range of [1.6, 0.6]) {
    const { spreadSt, degraded } = await measured({ range });
    expect(spreadSt / plain.spreadSt / range).toBeCloseTo(1, 0.4);
    expect(degraded).toEqual([]);
  }
  expect((await measured({ isWhispered: true })).voicedShare).toBeLessThan(0.03);
  const bright = await measured({ tilt: 4, breath: 0.3, tremor: 0.5 });
  expect(bright.pcm).toHaveLength(plain.pcm.length);
  expect(bright.degraded).toEqual([]);
});

test("words are placed between the pauses of the sound, which is more exact than by letters alone", async () => {
  const text =
    "He rowed out early, before the sun had risen. Nobody saw him go; nobody asked. When he came home again, at last, his wife was waiting by the door.";
  const request = { text, language: "en", voice: "flite:slt", prosody: PLAIN };
  const truth = await fliteSpeech(speak).synthesize(request, new AbortController().signal);
  server.mishaps.push((response) => response.end(encodeWav(truth)));

  const { words, pcm, sampleRate, timingSource } = await say(text);

  const durationMs = (pcm.length / sampleRate) * 1000;
  const pauses = findPauses({ pcm, sampleRate });
  expect(pauses.length).toBeGreaterThanOrEqual(4);
  for (const [from, to] of pauses) {
    expect(words.filter(({ startMs, endMs }) => startMs < to - 1 && endMs > from + 1)).toEqual([]);
  }
  const distance = (timed: readonly SpokenWord[]) =>
    median(
      timed.map(({ startMs }, word) => Math.abs(startMs - (truth.words[word]?.startMs ?? NaN))),
    );
  expect(distance(words)).toBeLessThan(80);
  expect(distance(words)).toBeLessThan(distance(estimateWords(text, durationMs)));
  expect(timingSource).toBe("estimated");
});

test("the cost counts every character sent, in whole millionths", async () => {
  const { cost } = await say("Hello there.", { microsPerMillionChars: 15_000_000 });

  expect(cost).toEqual({ micros: 180, currency: "USD" });
  expect((await say("Hello there.")).cost).toBeUndefined();
});

test("after a rate limit or an outage, the provider waits as long as the server asks", async () => {
  server.mishaps.push(
    refuse(429, { "retry-after": "7" }),
    refuse(503, { "retry-after": "Thu, 01 Jan 2026 00:00:09 GMT" }),
    refuse(500),
  );

  const speech = await say("Hello.");

  expect(speech.words).toHaveLength(1);
  expect(waits).toEqual([7000, 9000, 2000]);
});

test("after the last attempt, the error has the server's code and is retryable", async () => {
  server.mishaps.push(refuse(503), refuse(503));

  await expect(say("Hello.", { maxAttempts: 2 })).rejects.toMatchObject({
    retryable: true,
    message: "cloud answered 503 (overloaded).",
  });
});

test("a refused request or key is not tried again, and the error does not contain the key", async () => {
  server.mishaps.push(refuse(400));

  await expect(say("Hello.")).rejects.toMatchObject({ retryable: false });
  const error: unknown = await say("Hello.", { apiKey: "wrong-key" }).catch(
    (reason: unknown) => reason,
  );

  expect(error).toMatchObject({
    retryable: false,
    message: "cloud answered 401 (invalid_api_key). Check its key.",
  });
  expect(waits).toEqual([]);
});

const half = (wav: Uint8Array) => wav.subarray(0, wav.length / 2);
const BROKEN: readonly (readonly [string, Mishap])[] = [
  ["half a file", (response, wav) => response.end(half(wav))],
  [
    "half of the announced bytes",
    (response, wav) => {
      response.writeHead(200, { "content-length": wav.length });
      response.write(half(wav), () => response.destroy());
    },
  ],
  [
    "a streamed file that is much too short",
    (response, wav) => {
      const cut = wav.slice(0, 12_000);
      new DataView(cut.buffer).setUint32(40, 0xffffffff, true);
      response.end(cut);
    },
  ],
  ["an HTML page", (response) => response.end("<html>We will be back soon.</html>")],
  [
    "a page with the content type text/html",
    (response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<html>Sign in.</html>"),
  ],
  ["an empty reply", (response) => response.end()],
  ["silence", (response, wav) => response.end(new Uint8Array(wav).fill(0, 44))],
  ["a broken connection", (response) => response.destroy()],
];

test.each(BROKEN)("the provider asks again after %s instead of speech", async (_, mishap) => {
  server.mishaps.push(mishap);

  const speech = await say(SENTENCE);

  expect(speech.words.at(-1)?.text).toBe("more");
  expect(server.requests).toHaveLength(2);
});

test.each(BROKEN)("%s on the last attempt fails with a retryable error", async (_, mishap) => {
  server.mishaps.push(mishap);

  const failure = say(SENTENCE, { maxAttempts: 1 });

  await expect(failure).rejects.toThrow(ProviderError);
  await expect(failure).rejects.toMatchObject({ retryable: true });
});

test("a reply above the size limit is refused", async () => {
  await expect(say(SENTENCE, { maxBytes: 10_000 })).rejects.toMatchObject({
    retryable: false,
    message: "cloud answered with more than 10000 bytes.",
  });
});

test("a server that never answers fails after the timeout", async () => {
  server.mishaps.push(() => undefined);

  await expect(say("Hello.", { timeoutMs: 50, maxAttempts: 1 })).rejects.toMatchObject({
    retryable: true,
    message: "cloud did not answer within 50 ms.",
  });
});

test("a redirect is not followed, because a redirect would send the key to another server", async () => {
  server.mishaps.push(refuse(307, { location: server.baseUrl }));

  await expect(say("Hello.", { maxAttempts: 1 })).rejects.toThrow(ProviderError);
  expect(server.requests).toHaveLength(1);
});

test("a host name in a private network is refused unless allowed", async () => {
  const baseUrl = server.baseUrl.replace("127.0.0.1", "localhost");

  await expect(say("Hello.", { baseUrl })).rejects.toMatchObject({
    retryable: false,
    message: expect.stringContaining("is in a private network; set SPEECH_ALLOW_PRIVATE=true"),
  });
  expect(server.requests).toEqual([]);
  expect((await say("Hello.", { baseUrl, allowsPrivateHost: true })).words).toHaveLength(1);
});

test("at most maxConcurrent requests run at the same time", async () => {
  const open: (() => void)[] = [];
  let most = 0;
  server.mishaps.push(
    ...Array.from({ length: 5 }, (): Mishap => (response, wav) => {
      open.push(() => response.end(wav));
      most = Math.max(most, open.length);
      // The two allowed requests are open, so no other request can come. Answer the two requests.
      if (open.length === 2) for (const answer of open.splice(0)) answer();
    }),
  );
  const speaker = provider({ maxConcurrent: 2 });
  const request = { language: "en", voice: "cloud:alloy", prosody: PLAIN };
  const { signal } = new AbortController();

  const said = ["One.", "Two.", "Three.", "Four."].map((text) =>
    speaker.synthesize({ ...request, text }, signal),
  );

  expect((await Promise.all(said)).map(({ words }) => words.length)).toEqual([1, 1, 1, 1]);
  expect(most).toBe(2);
});

test("a server that is down fails with a retryable error", async () => {
  const down = { baseUrl: "http://127.0.0.1:9/v1", maxAttempts: 2 };

  await expect(say("Hello.", down)).rejects.toMatchObject({ retryable: true });
  expect(waits).toEqual([500]);
});

test("an abort during the wait for a reply fails with the signal's reason", async () => {
  const controller = new AbortController();
  server.mishaps.push(() => controller.abort(new Error("The narration was cancelled.")));
  const request = { text: "Hello.", language: "en", voice: "cloud:alloy", prosody: PLAIN };

  await expect(provider().synthesize(request, controller.signal)).rejects.toThrow("cancelled");
});

test("sound without a header is read as 24 kHz", async () => {
  server.mishaps.push((response, wav) => response.end(wav.subarray(44)));

  const speech = await say(SENTENCE, { format: "pcm" });

  expect(speech.sampleRate).toBe(24_000);
  expect(server.requests[0]?.response_format).toBe("pcm");
});
