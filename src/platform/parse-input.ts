import { z } from "zod";
import { InvalidInputError } from "./errors.js";

/** One line of words: trimmed, NFC, not empty, no control characters. */
export const printableText = (max: number) =>
  z
    .string()
    .trim()
    .min(1, "is empty")
    .max(max, `is longer than ${max} characters`)
    .regex(/^\P{Cc}*$/u, "holds a control character; leave it out")
    .transform((text) => text.normalize("NFC"));

/** Parses what others wrote. @throws InvalidInputError naming the first field that does not fit */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map(String);
  throw new InvalidInputError(
    `${path.join(".") || "input"} ${issue?.message ?? "does not fit"}.`,
    path,
  );
}
