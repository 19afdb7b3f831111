import type { CloningProvider } from "../cloning.port.js";
import type { SpeechProvider } from "../speech.port.js";
import type { ElevenLabsAccount } from "./elevenlabs-account.js";
import { type ReadSample, elevenLabsCloning } from "./elevenlabs-cloning.js";
import { type ElevenLabsSpeechOptions, elevenLabsSpeech } from "./elevenlabs-speech.js";

/** The two providers of one account: one speaks, and one makes the voices of persons. */
export const elevenLabs = (
  account: ElevenLabsAccount,
  { readSample, ...options }: ElevenLabsSpeechOptions & { readonly readSample: ReadSample },
): { readonly speech: SpeechProvider; readonly cloning: CloningProvider } => ({
  speech: elevenLabsSpeech(account, options),
  cloning: elevenLabsCloning(account, readSample),
});
