import type { GraphQLFormattedError } from "graphql";

/** The maximum for all errors. A whole refusal, with headers and extensions, then has at most 2 KB. */
const MAX_REFUSAL_BYTES = 1_400;
const MAX_ERRORS = 5;
const MAX_LOCATIONS = 3;
const HEAD_BYTES = 320;
const TAIL_BYTES = 180;

/** The validation of a document ends after this number of errors. */
export const MAX_VALIDATION_ERRORS = MAX_ERRORS;
/** graphql-js prints the whole value of a variable for each error. So very many errors take seconds. */
export const EXECUTION_OPTIONS = { maxCoercionErrors: MAX_ERRORS };

/**
 * Shortens a message that repeats a caller's long input. The message keeps its beginning and its end,
 * because the end contains the reason.
 */
export function shortMessage(message: string): string {
  if (jsonBytes(message) <= HEAD_BYTES + TAIL_BYTES) return message;
  const head = cut([...message.slice(0, HEAD_BYTES)], HEAD_BYTES);
  const tail = cut([...message.slice(-TAIL_BYTES)].reverse(), TAIL_BYTES);
  return `${head.join("")}…${tail.reverse().join("")}`;
}

/** Limits the locations of an error. One error can point to every field of a document. */
export const shortLocations = <T>(locations: readonly T[]): readonly T[] =>
  locations.slice(0, MAX_LOCATIONS);

/** Returns the first errors of a refused request, and the number of the others. */
export function shortList(
  errors: readonly GraphQLFormattedError[],
): readonly GraphQLFormattedError[] {
  const kept: GraphQLFormattedError[] = [];
  let bytes = 0;
  for (const error of errors) {
    const fitting = jsonBytes(error) > MAX_REFUSAL_BYTES ? withoutPath(error) : error;
    bytes += jsonBytes(fitting);
    if (kept.length > 0 && (kept.length === MAX_ERRORS || bytes > MAX_REFUSAL_BYTES)) break;
    kept.push(fitting);
  }
  const [first] = kept;
  const left = errors.length - kept.length;
  if (left === 0 || !first) return kept;
  const code = first.extensions?.["code"];
  return [...kept, { message: `Errors that are not shown: ${left}.`, extensions: { code } }];
}

/** Removes the path, which can be long: the caller chose the names in the path. */
const withoutPath = ({ path: _path, ...error }: GraphQLFormattedError): GraphQLFormattedError =>
  error;

const jsonBytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

/** Returns the first characters whose JSON has at most `maxBytes` bytes. */
function cut(characters: readonly string[], maxBytes: number): string[] {
  let bytes = 0;
  const end = characters.findIndex((character) => {
    bytes += jsonBytes(character) - 2;
    return bytes > maxBytes;
  });
  return characters.slice(0, end < 0 ? characters.length : end);
}
