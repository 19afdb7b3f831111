import { type PromptedRecording, adaptVoice } from "../../../src/audio/adaptation/train.js";
import { shapeVoice } from "../../../src/audio/delivery/voice-quality.js";
import { InvalidInputError } from "../../../src/platform/errors.js";
import { fliteEngine } from "../../../src/providers/speech/flite/flite.adaptation.js";
import { LONG_LINE } from "../../support/spoken-recording.js";

const slt = { ...fliteEngine, voices: fliteEngine.voices.filter(({ name }) => name === "slt") };
const WHISPER = { tilt: 0, breath: 0, tremor: 0, isWhispered: true };
const speak = (text: string) => fliteEngine.speak(text, "slt", { stretch: 1 });

const refusalOf = (recordings: readonly PromptedRecording[]): Promise<unknown> =>
  adaptVoice(recordings, slt).then(
    () => null,
    (error: unknown) => error,
  );

test.each([
  ["nothing", async () => []],
  ["an empty sound", async () => [{ pcm: new Float32Array(0), sampleRate: 24_000 }]],
  ["silence", async () => [{ pcm: new Float32Array(24_000 * 10), sampleRate: 24_000 }]],
  ["one word", async () => [await speak("Yes.")]],
])("a voice is not trained from %s", async (_, make) => {
  const sounds = await make();

  const refusal = await refusalOf(sounds.map((sound) => ({ sound, transcript: "Yes." })));

  expect(refusal).toBeInstanceOf(InvalidInputError);
  expect(String(refusal)).toMatch(/contain 0\.\d s of speech; record at least 3 s/u);
});

test("a voice is not trained from a whisper", async () => {
  const sound = shapeVoice(await speak(LONG_LINE), WHISPER);

  expect(String(await refusalOf([{ sound, transcript: LONG_LINE }]))).toMatch(
    /hardly any voiced speech; read the prompt aloud/u,
  );
});

test.each([
  ["one word of the prompt", "Yes.", /times as long as their transcripts/u],
  ["no word that can be said", "…", /do not fit their transcripts/u],
])("a voice is not trained from a transcript with %s", async (_, transcript, reason) => {
  const sound = await speak(LONG_LINE);

  const refusal = await refusalOf([{ sound, transcript }]);

  expect(refusal).toBeInstanceOf(InvalidInputError);
  expect(String(refusal)).toMatch(reason);
});
