import type { SpeechRequest } from "../speech.port.js";

/** Returns the primary language of a BCP 47 tag: `en` for `en-GB`. */
export const primaryLanguage = (tag: string): string => tag.split("-")[0]?.toLowerCase() ?? "";

/** Returns a reason, written for people, if the voice does not speak the language of a request. */
export const explainLanguage = (
  id: string,
  { language, voice }: SpeechRequest,
  languages: readonly string[],
): string | null =>
  languages.includes(primaryLanguage(language))
    ? null
    : `${id}'s voice ${voice} speaks ${languages.join(", ")}, not ${JSON.stringify(language)}; choose another voice.`;
