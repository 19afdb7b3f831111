import { z } from "zod";
import { InvalidInputError } from "./errors.js";

/** A schema for one line of text: trimmed, NFC, not empty, no control characters. */
export const printableText = (max: number) =>
  z
    .string()
    .trim()
    .min(1, "is empty")
    .max(max, `is longer than ${max} characters`)
    .regex(/^\P{Cc}*$/u, "contains a control character; remove it")
    .transform((text) => text.normalize("NFC"));

/** Parses input from outside the process. @throws InvalidInputError that names the first invalid field */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map(String);
  throw new InvalidInputError(
    `${path.join(".") || "input"} ${issue?.message ?? "is not valid"}.`,
    path,
  );
}
