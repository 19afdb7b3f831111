import { introspectionFromSchema } from "graphql";
import { printFabulaSchema } from "../graphql/schema/print-schema.js";
import { buildFabulaSchema } from "../graphql/schema/schema.js";
import { readWords } from "../platform/command-line/read-words.js";
import { print } from "../platform/process/process.js";
import { INTROSPECTION } from "./lines.js";

/** Prints the schema for tools that generate types: the answer to the introspection query, or SDL. */
export function runIntrospection(given: readonly string[]): Promise<void> {
  const { values } = readWords(INTROSPECTION, given);
  const schema = buildFabulaSchema();
  const json = JSON.stringify({ data: introspectionFromSchema(schema) }, null, 2);
  print(values.sdl ? printFabulaSchema(schema).trimEnd() : json);
  return Promise.resolve();
}
