import { randomBytes } from "node:crypto";

const MAX_SLUG_LENGTH = 80;

/**
 * Returns a title as lower-case ASCII words joined by hyphens. Returns "story" if no word is left.
 */
export function slugOf(title: string): string {
  const words = title
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .replace(/['’]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, MAX_SLUG_LENGTH)
    .replace(/^-+|-+$/g, "");
  return words || "story";
}

/**
 * Returns the slug of a draft, which always ends with random characters. Without them, an author
 * could find out that another author has a draft with this title, because the slug would be taken.
 */
export const draftSlugOf = (title: string): string =>
  `${slugOf(title)}-${randomBytes(5).toString("hex")}`;
