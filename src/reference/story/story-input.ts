import { z } from "zod";
import { languageInput, parseInput, printableText } from "../../platform/input/parse-input.js";
import type { StoryValues } from "./story.store.js";

export const AGE_RATINGS = ["general", "teen", "mature", "adult"] as const;

/** The possible licences of a story. A licence with an SPDX name is listed by its SPDX name. */
export const LICENSES = [
  "all_rights_reserved",
  "public_domain",
  "CC0-1.0",
  "CC-BY-4.0",
  "CC-BY-SA-4.0",
  "CC-BY-NC-4.0",
] as const;

const paragraphs = (max: number) =>
  z.string().trim().min(1, "is empty").max(max, `is longer than ${max} characters`);

const storySchema = z.object({
  title: printableText(200).optional(),
  // The text is checked by storyText.
  content: z.string().optional(),
  authorName: printableText(200).nullish(),
  copyrightNotice: paragraphs(500).nullish(),
  summary: paragraphs(2_000).nullish(),
  category: printableText(60).optional(),
  genre: printableText(60).nullish(),
  tags: z
    .array(printableText(40))
    .max(20, "has more than 20 entries")
    .transform((tags) => [...new Set(tags.map((tag) => tag.toLowerCase()))])
    .nullish(),
  mood: printableText(60).nullish(),
  ageRating: z.enum(AGE_RATINGS, `is not one of ${AGE_RATINGS.join(", ")}`).optional(),
  language: languageInput().optional(),
  coverImageUrl: z
    .url({ protocol: /^https$/, error: "is not an https URL" })
    .max(2_000)
    .nullish(),
  license: z.enum(LICENSES, `is not one of ${LICENSES.join(", ")}`).optional(),
});

type StoryFields = z.input<typeof storySchema>;

/**
 * The fields that an author can change. An absent field stays unchanged. null clears a field that may be
 * empty, and is refused for the others.
 */
export type StoryChanges = { readonly [K in keyof StoryFields]: StoryFields[K] | null };

export type NewStory = Omit<StoryFields, "title"> & { readonly title: string };

/**
 * Checks an author's input and returns the values of the story's columns.
 * @throws InvalidInputError with the names of the fields
 */
export function checkStory(input: StoryChanges): StoryValues {
  const { content: _text, tags, ...fields } = parseInput(storySchema, input);
  return Object.fromEntries(
    Object.entries({
      ...fields,
      tags: tags === null ? [] : tags,
      ...(fields.ageRating ? { isAdult: fields.ageRating === "adult" } : {}),
    }).filter(([, value]) => value !== undefined),
  );
}
