import { openAiSpeech } from "../../../../src/providers/speech/openai/openai-speech.js";

test.each([
  { apiKey: "k", isPaid: true },
  { apiKey: "", isPaid: false },
  { apiKey: "", microsPerMillionChars: 1, isPaid: true },
  { apiKey: "k", microsPerMillionChars: 0, isPaid: false },
])(
  "a price decides if speech is paid, and without a price the key decides: $apiKey $microsPerMillionChars",
  ({ isPaid, ...options }) => {
    const provider = openAiSpeech({
      ...{ id: "openai", baseUrl: "http://127.0.0.1:1/v1", model: "tts-1", voices: [] },
      ...options,
    });

    expect(provider.capabilities().isPaid).toBe(isPaid);
  },
);
