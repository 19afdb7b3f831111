import { elevenLabsSpeech } from "../../../../src/providers/speech/elevenlabs/elevenlabs-speech.js";
import type { SpeechProvider } from "../../../../src/providers/speech/speech.port.js";
import { describeSpeechProvider } from "../contract.js";
import { type Target, openTarget } from "./target.js";

let target: Target;
let speech: SpeechProvider;
beforeAll(async () => {
  target = await openTarget();
  speech = elevenLabsSpeech(target.account, { maxChars: 200 });
});
afterAll(() => target.close());

describeSpeechProvider(() => speech);
