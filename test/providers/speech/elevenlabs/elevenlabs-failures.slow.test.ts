import { ProviderError } from "../../../../src/platform/errors.js";
import type { SpeechRequest } from "../../../../src/providers/speech/speech.port.js";
import type { Mishap } from "./elevenlabs-server.js";
import { SPEAK, Speaker, refuse, refuseAs, reply, voice } from "./speaker.js";

let speaker: Speaker;
beforeAll(async () => {
  speaker = await Speaker.start();
});
afterAll(() => speaker.server.close());
beforeEach(() => {
  speaker.reset();
});

const KEY_REFUSED = "ElevenLabs refused the key; check ELEVENLABS_API_KEY.";
const PERSONAL = {
  voice: "elevenlabs:own-AAAAAAAAAAAAAAAAAAAAAA",
  personal: { revision: "1", model: "gone" },
};

test.each<[string, Mishap | null, Partial<SpeechRequest>, string]>([
  [
    "the characters are used up",
    refuseAs(401, "quota_exceeded"),
    {},
    "ElevenLabs has no characters left for this account; wait for the account's next period, or choose a larger plan.",
  ],
  ["the key is wrong", refuseAs(401, "invalid_api_key"), {}, KEY_REFUSED],
  [
    "the key lacks a permission",
    refuse(401, { code: "missing_permissions" }),
    {},
    "ElevenLabs says that the key lacks a permission; allow the key to read and write voices, to read models and to speak text.",
  ],
  [
    "the clone is lost",
    null,
    PERSONAL,
    "ElevenLabs no longer has the clone of this voice; train the voice again.",
  ],
  [
    "a voice of the catalogue is lost",
    refuseAs(404, "voice_not_found"),
    {},
    `ElevenLabs no longer has the voice ${voice}; choose another voice.`,
  ],
  [
    "the text is too long",
    refuseAs(400, "max_character_limit_exceeded"),
    {},
    "ElevenLabs takes no text of this length; split the segment.",
  ],
  [
    "the plan is too small",
    refuseAs(403, "only_for_creator+"),
    {},
    "ElevenLabs does not allow this with the account's plan; choose a larger plan.",
  ],
  [
    "the reason is unknown",
    refuseAs(403, "blocked_today"),
    {},
    "ElevenLabs answered 403 (blocked_today); check ELEVENLABS_API_KEY and the account's plan.",
  ],
  ["the reason is hidden", refuse(400, [{ loc: ["body"] }]), {}, "ElevenLabs answered 400."],
])(
  "%s: the failure says what to do, and is not tried again",
  async (_, mishap, request, message) => {
    if (mishap) speaker.server.mishap(SPEAK, mishap);

    const error = await speaker.failure(request);

    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ retryable: false, message });
    expect(speaker.waits).toEqual([]);
  },
);

test("the server's own limits give the same words", async () => {
  speaker.server.limits.characters = 5;

  expect(await speaker.failure()).toMatchObject({
    message: expect.stringContaining("no characters left"),
  });
  expect(await speaker.failure({}, { apiKey: "wrong" })).toMatchObject({ message: KEY_REFUSED });
  expect(await speaker.failure({}, { model: "eleven_flash_v2_5" })).toMatchObject({
    message: "ElevenLabs cannot speak with this model; set ELEVENLABS_MODEL to a model that can.",
  });
});

test("after a limit of requests, the provider waits as long as ElevenLabs asks", async () => {
  speaker.server.mishap(
    SPEAK,
    refuseAs(429, "too_many_concurrent_requests", { "retry-after": "7" }),
    refuseAs(429, "system_busy"),
    refuseAs(503, "unavailable"),
  );

  const speech = await speaker.say();

  expect(speech.words).toHaveLength(2);
  expect(speaker.waits).toEqual([7000, 1000, 2000]);
});

test.each<[string, Mishap, string]>([
  [
    "limits every request",
    refuseAs(429, "too_many_concurrent_requests"),
    "ElevenLabs takes no more requests at the moment; try again in a minute.",
  ],
  ["is broken", refuseAs(500, "oops"), "ElevenLabs answered 500 (oops)."],
  ["is slow", () => undefined, "ElevenLabs did not answer within 300 ms."],
  [
    "breaks the connection",
    (response) => response.destroy(),
    "ElevenLabs closed the connection or cannot be reached.",
  ],
  [
    "answers with a page",
    (response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<html>Soon.</html>"),
    "ElevenLabs answered with text instead of JSON.",
  ],
  [
    "answers with half a reply",
    (response) => response.writeHead(200).end('{"audio_base64": "AAA'),
    "ElevenLabs answered with something other than JSON.",
  ],
  [
    "answers with silence",
    reply({ audio_base64: Buffer.alloc(4800).toString("base64") }),
    "ElevenLabs answered with silence.",
  ],
  [
    "answers with half a sample",
    reply({ audio_base64: "AAAA" }),
    "ElevenLabs answered with half a sample.",
  ],
])("a vendor that %s fails with a retryable error", async (_, mishap, message) => {
  speaker.server.mishap(SPEAK, mishap, mishap);

  const error = await speaker.failure({}, { maxAttempts: 2, timeoutMs: 300 });

  expect(error).toBeInstanceOf(ProviderError);
  expect(error).toMatchObject({ retryable: true, message });
  expect(speaker.waits).toEqual([500]);
});

test("a reply of an unknown form is asked for only once, because each attempt is paid for", async () => {
  speaker.server.mishap(SPEAK, reply({ sound: "AAAA" }));

  expect(await speaker.failure()).toMatchObject({
    retryable: false,
    message: "ElevenLabs answered in a form that Fabula does not know.",
  });
});

test("a vendor that is down fails with a retryable error", async () => {
  expect(
    await speaker.failure({}, { baseUrl: "http://127.0.0.1:9", maxAttempts: 2 }),
  ).toMatchObject({
    retryable: true,
    message: "ElevenLabs closed the connection or cannot be reached.",
  });
});
