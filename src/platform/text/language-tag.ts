import { InvalidInputError } from "../errors.js";

/** Tags that name no language: undetermined, several, none, and one without a code. */
const NO_LANGUAGE: ReadonlySet<string> = new Set(["und", "mul", "zxx", "mis"]);
const MAX_LENGTH = 40;

/** What is wrong with a text that is no language tag. Follows the name of a field. */
export const NO_LANGUAGE_TAG = "is not a language tag such as en or pt-BR";

/**
 * Returns a BCP 47 tag in its canonical form: pt-BR for pt_br, and en for eng. Returns null for what is no tag, and for
 * the tags that name no language.
 */
export function languageTag(text: string): string | null {
  const tag = text.trim().replaceAll("_", "-");
  if (tag.length > MAX_LENGTH || !/^[a-z]{2,3}(?:-[a-z0-9]{1,8})*$/i.test(tag)) return null;
  if (NO_LANGUAGE.has(primaryLanguage(tag))) return null;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}

/** Returns the language of a tag, without script and region: `en` for `en-GB`. */
export const primaryLanguage = (tag: string): string => tag.split(/[-_]/)[0]?.toLowerCase() ?? "";

/**
 * Returns the language that a filter names, without script and region: a filter finds a language in every region.
 * @throws InvalidInputError if the text is no language tag
 */
export function filteredLanguage(text: string, path: readonly string[]): string {
  const tag = languageTag(text);
  if (tag !== null) return primaryLanguage(tag);
  throw new InvalidInputError(`${path.join(".")} ${NO_LANGUAGE_TAG}.`, path);
}
