import { z } from "zod";
import { InvalidInputError } from "../errors.js";
import { NO_LANGUAGE_TAG, languageTag } from "../text/language-tag.js";

/** A schema for one line of text: trimmed, NFC, not empty, no control characters. */
export const printableText = (max: number) =>
  z
    .string()
    .trim()
    .min(1, "is empty")
    .max(max, `is longer than ${max} characters`)
    .regex(/^\P{Cc}*$/u, "contains a control character; remove it")
    .transform((text) => text.normalize("NFC"));

/** A schema for a language tag in any case, with hyphens or underscores. The value is the canonical tag. */
export const languageInput = () =>
  z.string().transform((text, context) => {
    const tag = languageTag(text);
    if (tag !== null) return tag;
    context.addIssue({ code: "custom", message: NO_LANGUAGE_TAG });
    return z.NEVER;
  });

/**
 * Parses input from outside the process. @throws InvalidInputError that names every invalid field. A field
 * of the schema that may be absent and not null refuses null.
 */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw InvalidInputError.of(
    result.error.issues.map((issue) => {
      const path = issue.path.map(String);
      const what = valueAt(input, path) === null ? IS_NULL : issue.message;
      return { message: `${path.join(".") || "input"} ${what}.`, path };
    }),
  );
}

const IS_NULL = "cannot be null; leave the field out";

const valueAt = (input: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, name) =>
      typeof value === "object" && value !== null
        ? (value as Readonly<Record<string, unknown>>)[name]
        : undefined,
    input,
  );
