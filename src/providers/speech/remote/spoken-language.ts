import { primaryLanguage } from "../../../platform/text/language-tag.js";
import type { SpeechRequest } from "../speech.port.js";

/** Returns a reason, written for people, if the voice does not speak the language of a request. */
export const explainLanguage = (
  id: string,
  { language, voice }: SpeechRequest,
  languages: readonly string[],
): string | null =>
  languages.includes(primaryLanguage(language))
    ? null
    : `${id}'s voice ${voice} speaks ${languages.join(", ")}, not ${JSON.stringify(language)}; choose another voice.`;
