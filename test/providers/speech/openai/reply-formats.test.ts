import { ProviderError } from "../../../../src/platform/errors.js";
import { openAiSpeech } from "../../../../src/providers/speech/openai/openai-speech.js";
import type { Speech } from "../../../../src/providers/speech/speech.port.js";
import { PLAIN } from "../contract.js";
import { type Mishap, type SpeechServer, startSpeechServer } from "./speech-server.js";

let server: SpeechServer;
beforeAll(async () => {
  server = await startSpeechServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
  server.mishaps.length = 0;
});

const SENTENCE = "She opened the door, and there was nobody in the garden any more.";
const ALLOY = {
  ...{ name: "alloy", displayName: "Alloy", languages: ["en"] },
  ...({ gender: "neutral", ageGroup: "adult" } as const),
};

function say(text: string): Promise<Speech> {
  const provider = openAiSpeech({
    ...{ id: "cloud", baseUrl: server.baseUrl, apiKey: "secret", model: "tts-1" },
    voices: [ALLOY],
    wait: () => Promise.resolve(),
  });
  const request = { text, language: "en", voice: "cloud:alloy", prosody: PLAIN };
  return provider.synthesize(request, new AbortController().signal);
}

const tagged =
  (...bytes: readonly number[]): Mishap =>
  (response, wav) =>
    response.end(Buffer.concat([Buffer.from(bytes), wav.subarray(64)]));
const WRONG: readonly (readonly [string, Mishap])[] = [
  ["MP3 with a tag", tagged(0x49, 0x44, 0x33, 4, 0, 0)],
  ["MP3 without a tag", tagged(0xff, 0xf3, 0x64, 0xc4)],
  ["Ogg", tagged(...Buffer.from("OggS"), 0)],
  ["FLAC", tagged(...Buffer.from("fLaC"), 0)],
  ["samples without a header", (response, wav) => response.end(wav.subarray(44))],
  [
    "a WAV in a compressed coding",
    (response, wav) => response.end(Buffer.from(wav).fill(0x55, 20, 21)),
  ],
];

test.each(WRONG)("%s is refused once, because each attempt is paid for", async (_, mishap) => {
  server.mishaps.push(mishap);

  await expect(say(SENTENCE)).rejects.toMatchObject({ retryable: false });
  expect(server.requests).toHaveLength(1);
});

test("two WAVs in one reply are spoken as one whole sound", async () => {
  const once = await say(SENTENCE);
  server.mishaps.push((response, wav) => response.end(Buffer.concat([wav, wav])));
  const twice = await say(SENTENCE);

  expect(twice.pcm.length).toBeGreaterThan(once.pcm.length * 1.8);
});

const CANARY = "canary_phrase";
const ECHOES: readonly (readonly [string, Mishap])[] = [
  ["content type", (response) => response.setHeader("content-type", `text/${CANARY}`).end("Hi")],
  [
    "error code",
    (response) => response.writeHead(400).end(JSON.stringify({ error: { code: CANARY } })),
  ],
  [
    "error type",
    (response) =>
      response.writeHead(500).end(JSON.stringify({ error: { type: CANARY, message: CANARY } })),
  ],
  [
    "WAV",
    (response) =>
      response.end(Buffer.from(`RIFF____WAVEfmt \x10\0\0\0${CANARY} andata\x04\0\0\0more`)),
  ],
];

test.each(ECHOES)(
  "the words of a text are not in the error if the %s repeats them",
  async (_, mishap) => {
    server.mishaps.push(...Array.from({ length: 4 }, () => mishap));

    const error: unknown = await say("He said the canary phrase.").catch(
      (reason: unknown) => reason,
    );

    expect(error).toBeInstanceOf(ProviderError);
    expect(String(error)).not.toMatch(/canary/i);
    expect(String(error)).not.toMatch(/\d{4}/);
  },
);
