import { VoiceAge, VoiceGender } from "../speech.port.js";
import type { OpenAiSpeechOptions } from "./openai-speech.js";

/**
 * Returns the options of an endpoint that offers the voices with these names. The endpoint does not
 * describe its voices, so each voice is listed as a neutral, adult voice for English.
 */
export const speechEndpoint = ({
  voices,
  ...endpoint
}: Omit<OpenAiSpeechOptions, "id" | "voices"> & {
  readonly voices: readonly string[];
}): OpenAiSpeechOptions => ({
  ...endpoint,
  id: "openai",
  voices: voices.map((name) => ({
    name,
    displayName: name.charAt(0).toUpperCase() + name.slice(1),
    gender: VoiceGender.Neutral,
    ageGroup: VoiceAge.Adult,
    languages: ["en"],
  })),
});
