import { withoutQuotations } from "../../../src/platform/process/error-report.js";
import { ProviderError } from "../../../src/platform/errors.js";
import { levelDb } from "../../../src/audio/signal/silence.js";
import type {
  Speech,
  SpeechProvider,
  SpeechRequest,
} from "../../../src/providers/speech/speech.port.js";

export const PLAIN = {
  rate: 1,
  pitch: 0,
  range: 1,
  rise: 0,
  tilt: 0,
  breath: 0,
  tremor: 0,
  isWhispered: false,
};

const SENTENCE =
  "The old man walked slowly down to the river, and the children followed him without a word.";

type Provider = () => SpeechProvider;

/** Tests that every speech provider must pass. The tests call `provider` to get the provider. */
export function describeSpeechProvider(provider: Provider): void {
  describeWords(provider);
  describeRefusals(provider);
  describeDelivery(provider);
}

function say(provider: Provider, text: string, more: Partial<SpeechRequest> = {}): Promise<Speech> {
  const [voice] = provider().listVoices();
  const defaults = { language: "en", voice: voice?.id ?? "", prosody: PLAIN };
  return provider().synthesize({ ...defaults, text, ...more }, new AbortController().signal);
}

const failureOf = (request: Promise<Speech>): Promise<unknown> =>
  request.then(
    () => null,
    (error: unknown) => error,
  );

function describeWords(provider: Provider): void {
  test("every voice has its provider's id, a supported language and a unique id", () => {
    const voices = provider().listVoices();

    expect(voices.length).toBeGreaterThan(0);
    expect(new Set(voices.map(({ id }) => id)).size).toBe(voices.length);
    for (const voice of voices) {
      expect(voice.id.startsWith(`${provider().id}:`)).toBe(true);
      expect(voice.provider).toBe(provider().id);
      expect(provider().capabilities().languages).toEqual(
        expect.arrayContaining([...voice.languages]),
      );
    }
  });

  test("a sentence becomes sound that contains every word in order", async () => {
    const speech = await say(provider, SENTENCE);

    expect(speech.pcm.length / speech.sampleRate).toBeGreaterThan(3);
    expect(levelDb(speech.pcm)).toBeGreaterThan(-40);
    expect(speech.words.map(({ text }) => text)).toEqual(SENTENCE.match(/\w+/g));
    expectInOrder(speech, SENTENCE);
    expect(speech.degraded).toEqual([]);
  });

  test.each([
    ["numbers and dates", "On 12/05/1999 at 10:30 he owed 1,000 pounds."],
    ["an address", "See www.example.com/a?b=c or https://example.org."],
    ["capitals", "STOP! I AM THE KING OF NASA AND THE BBC."],
    ["quotes, dashes and ellipses", "“No—never,” he said… ‘not I!’"],
    ["emoji between words", "Well 😀 then"],
    ["one word", "No!"],
  ])("every word has a duration: %s", async (_, text) => {
    const speech = await say(provider, text);

    expect(speech.words.length).toBeGreaterThan(0);
    expect(speech.words.every(({ startMs, endMs }) => endMs > startMs)).toBe(true);
    expectInOrder(speech, text);
  });

  test.each(["… !!! —", "😀🎉", "***"])(
    "a text without words is silent and reports the reason: %s",
    async (text) => {
      const speech = await say(provider, text);

      expect(speech.words).toEqual([]);
      expect(levelDb(speech.pcm)).toBe(-Infinity);
      expect(speech.degraded).toEqual([{ feature: "text", reason: expect.any(String) }]);
    },
  );

  test("a text longer than the engine's limit is said to its last word", async () => {
    const { maxChars } = provider().capabilities();
    const text = `${"A lamp burned in the window ".repeat(Math.ceil(maxChars / 28) + 1)}until dawn.`;

    const speech = await say(provider, text);

    expect(speech.words).toHaveLength(text.split(" ").length);
    expectInOrder(speech, text);
  });
}

function describeRefusals(provider: Provider): void {
  test("an unsupported language fails without retry, and the error lists the supported languages", async () => {
    const error = await failureOf(say(provider, "Bonjour.", { language: "xx-nobody" }));

    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ retryable: false, message: expect.stringContaining("en") });
    // The language is the caller's own word, which a log must not contain.
    expect(withoutQuotations(String(error))).not.toContain("nobody");
  });

  test("an unknown voice fails without retry, and the error names the voice", async () => {
    const voice = `${provider().id}:nobody`;

    const error = await failureOf(say(provider, "Hello.", { voice }));

    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ retryable: false, message: expect.stringContaining(voice) });
  });
}

function describeDelivery(provider: Provider): void {
  test("every requested prosody feature is applied or reported as degraded", async () => {
    const prosody = {
      ...PLAIN,
      rate: 1.3,
      pitch: 3,
      range: 1.4,
      tilt: 3,
      breath: 0.3,
      tremor: 0.5,
    };
    const plain = await say(provider, SENTENCE);

    const speech = await say(provider, SENTENCE, { prosody: { ...prosody, isWhispered: true } });

    const done = provider().capabilities().prosody;
    const lost = speech.degraded.map(({ feature }) => feature);
    const asked = ["rate", "pitch", "range", "tilt", "breath", "tremor", "whisper"] as const;
    expect(asked.filter((feature) => !done.includes(feature) && !lost.includes(feature))).toEqual(
      [],
    );
    const faster = seconds(plain) / seconds(speech);
    if (done.includes("rate")) expect(Math.abs(faster / 1.3 - 1)).toBeLessThan(0.1);
  });

  test("a deterministic provider gives the same bytes for the same request", async () => {
    const [one, other] = [await say(provider, SENTENCE), await say(provider, SENTENCE)];

    if (provider().capabilities().isDeterministic) expect(other).toEqual(one);
    else expect(other.words.length).toBe(one.words.length);
  });

  test("an aborted request fails with the signal's reason", async () => {
    const controller = new AbortController();
    controller.abort(new Error("The narration was cancelled."));
    const [voice] = provider().listVoices();
    const request = { text: "Hello.", language: "en", voice: voice?.id ?? "", prosody: PLAIN };

    await expect(provider().synthesize(request, controller.signal)).rejects.toThrow("cancelled");
  });
}

const seconds = ({ pcm, sampleRate }: Speech) => pcm.length / sampleRate;

function expectInOrder({ words, pcm, sampleRate }: Speech, text: string): void {
  let [lastMs, lastChar] = [0, 0];
  for (const word of words) {
    expect(word.text).toBe(text.slice(word.start, word.end));
    expect(word.start).toBeGreaterThanOrEqual(lastChar);
    expect(word.startMs).toBeGreaterThanOrEqual(lastMs);
    expect(word.endMs).toBeGreaterThanOrEqual(word.startMs);
    [lastMs, lastChar] = [word.endMs, word.end];
  }
  expect(lastMs).toBeLessThanOrEqual((pcm.length / sampleRate) * 1000 + 1e-6);
}
