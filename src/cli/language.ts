import { UsageError } from "../platform/errors.js";
import { nearestTo } from "../platform/text/nearest.js";

const NAMES = new Intl.DisplayNames("en", { type: "language", fallback: "none" });

/**
 * Returns the language in the form that stories have: pt-BR for "PT-br", and de for "German".
 * @throws UsageError if there is no such language
 */
export function readLanguage(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const tag = canonical(text.replaceAll("_", "-"));
  if (tag !== null && NAMES.of(tag.split("-")[0] ?? "") !== undefined) return tag;
  const tags = languageTags();
  const named = [...tags.keys()].find((name) => name.toLowerCase() === text.toLowerCase());
  const found = named === undefined ? undefined : tags.get(named);
  if (found !== undefined) return found;
  const near = nearestTo(text, [...tags.keys()]).map((name) => `${name} (${tags.get(name) ?? ""})`);
  const advice =
    near.length > 0
      ? `do you mean ${near.join(" or ")}?`
      : "write a tag such as en, de, fr, es or pt-BR.";
  throw new UsageError(`There is no language "${text}"; ${advice}`);
}

function canonical(tag: string): string | null {
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}

const LETTERS = Array.from("abcdefghijklmnopqrstuvwxyz");

/** The languages with a tag of two letters, by their English names. */
function languageTags(): ReadonlyMap<string, string> {
  const tags = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
  return new Map(
    tags.flatMap((tag) => {
      const name = NAMES.of(tag);
      return name === undefined || canonical(tag) !== tag ? [] : [[name, tag] as const];
    }),
  );
}
