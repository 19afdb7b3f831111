import { languageTag as canonicalTag } from "../../platform/text/language-tag.js";

/**
 * Returns the language that a file names, as a canonical tag. Of a tag that is wrong after its language, returns the
 * language alone. Returns null if the file names no language.
 */
export const languageTag = (text: string | null | undefined): string | null =>
  canonicalTag(text ?? "") ?? canonicalTag(/^\s*[a-z]+(?=[-_])/i.exec(text ?? "")?.[0] ?? "");
