import type { z } from "zod";
import { InvalidInputError } from "./errors.js";

/** Parses what others wrote. @throws InvalidInputError naming the first field that does not fit */
export function parsed<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = (issue?.path ?? []).map(String);
  throw new InvalidInputError(
    `${path.join(".") || "input"} ${issue?.message ?? "does not fit"}.`,
    path,
  );
}
