import { FabulaError, StartupError } from "../errors.js";
import { conditionOf } from "./sql-conditions.js";

/** What a log may contain about an error. No field quotes input, story text or secrets. */
export interface ErrorReport {
  readonly name: string;
  /**
   * The message of a FabulaError or StartupError. For any other error, a sentence that quotes
   * nothing.
   */
  readonly message: string;
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  /** The SQL without its literals. */
  readonly statement?: string;
  /** The operation of the system that failed, with the file or the address. */
  readonly syscall?: string;
  readonly path?: string;
  readonly address?: string;
  /**
   * The frames of the stack. The first lines of the stack are left out, because they repeat the
   * message.
   */
  readonly stack?: string;
  readonly cause?: ErrorReport;
  readonly errors?: readonly ErrorReport[];
}

const DEEPEST_CAUSE = 5;
const MAX_ERRORS = 5;
const MAX_FRAMES = 20;
const MAX_STATEMENT_CHARS = 2_000;

const WORD = /^[\w$.-]{1,100}$/;
const FRAME =
  /^ {4}at (?:[\w$.<>#[\] ]{1,200} \()?(?:file:\/\/|node:|\/|[A-Z]:\\)[^()\n]{1,300}\)?$/;
// Up to the last mark of any kind, because the quoted words may contain marks too.
const QUOTATIONS = /["“`].*["”`]|["“`].*/su;
// V8 writes these words itself. The rest of such a message may quote a value.
const V8_MESSAGE = /^Cannot (?:read|set) properties of (?:undefined|null)/;

/**
 * Describes any thrown value for a log. Copies only listed fields, because libraries put
 * parameters, rows, request bodies and connection strings into messages and other fields.
 */
export function reportOf(error: unknown, depth = 0): ErrorReport {
  if (!isError(error)) {
    return { name: typeof error, message: "Something that is not an error was thrown." };
  }
  const facts = failureFacts(error);
  const stack = framesOf(error);
  return {
    name: nameOf(error),
    message: messageOf(error, facts.code),
    ...facts,
    ...(stack === "" ? {} : { stack }),
    ...nestedReports(error, depth),
  };
}

/** Returns the report as lines of text for the person at the terminal. */
export function reportText(report: ErrorReport): string {
  const { name, message, stack, cause, errors, ...facts } = report;
  const nested = [...(errors ?? []), ...(cause ? [cause] : [])];
  return [
    `${name}: ${message}`,
    ...Object.entries(facts).map(([fact, value]) => `    ${fact}: ${value}`),
    ...(stack === undefined ? [] : [stack]),
    ...nested.map((each) => `  caused by ${reportText(each)}`),
  ].join("\n");
}

/**
 * Replaces the quotations, and the words between two quotations, by “…”. Our messages are for one
 * caller and may quote the caller's words. A log must not contain these words.
 */
export const withoutQuotations = (text: string): string => text.replace(QUOTATIONS, "“…”");

/**
 * Returns true for errors of every realm. An error from another realm is not an `instanceof` this
 * realm's Error.
 */
export const isError = (value: unknown): value is Error => Error.isError(value);

const isOurs = (error: Error): boolean =>
  error instanceof FabulaError || error instanceof StartupError;

function messageOf(error: Error, code: string | undefined): string {
  if (isOurs(error)) return withoutQuotations(error.message);
  const condition = code === undefined ? undefined : conditionOf(code);
  if (condition !== undefined) return `PostgreSQL refused the statement: ${condition}.`;
  const [written] = V8_MESSAGE.exec(error.message) ?? [];
  if (written !== undefined) return `${written}.`;
  return code === undefined
    ? "The message may quote input and is left out."
    : `Failed with ${code}.`;
}

type Facts = Pick<
  ErrorReport,
  "code" | "constraint" | "table" | "column" | "statement" | "syscall" | "path" | "address"
>;

const FACTS: Readonly<Record<string, RegExp>> = {
  code: WORD,
  constraint: WORD,
  table: WORD,
  column: WORD,
  syscall: WORD,
  path: /^[\w$./:\\ -]{1,300}$/,
  address: /^[\w.:%-]{1,100}$/,
};

function failureFacts(error: Error): Facts {
  // TypeORM wraps the driver's error, which has the names.
  const { driverError } = error as { driverError?: unknown };
  const source: Readonly<Record<string, unknown>> = {
    ...(error as object),
    ...(isError(driverError) ? (driverError as object) : {}),
  };
  const { query } = error as { query?: unknown };
  const facts = Object.entries(FACTS).flatMap(([fact, pattern]) => {
    const value = source[fact];
    return typeof value === "string" && pattern.test(value) ? [[fact, value] as const] : [];
  });
  return {
    ...Object.fromEntries(facts),
    ...(typeof query === "string" ? { statement: withoutLiterals(query) } : {}),
  };
}

/** Removes all texts in quotation marks, in dollar quotes and in comments from a statement. */
function withoutLiterals(sql: string): string {
  return sql
    .replace(/\$(\w*)\$.*?(?:\$\1\$|$)/gs, "?")
    .replace(/\/\*.*?(?:\*\/|$)|--[^\n]*/gs, "")
    .replace(/'(?:[^'\\]|''|\\.)*(?:'|$)/gs, "?")
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, MAX_STATEMENT_CHARS);
}

function nameOf(error: Error): string {
  const { name } = error.constructor;
  return WORD.test(name) && name !== "Error" ? name : WORD.test(error.name) ? error.name : "Error";
}

/**
 * Returns the frames of the stack. Skips the message at the start of the stack, because a line of a
 * message can look like a frame.
 */
function framesOf(error: Error): string {
  const { stack = "", message } = error;
  const after = message === "" ? 0 : stack.indexOf(message);
  const lines = (after < 0 ? "" : stack.slice(after + message.length)).split("\n");
  return lines
    .filter((line) => FRAME.test(line))
    .slice(0, MAX_FRAMES)
    .join("\n");
}

function nestedReports(error: Error, depth: number): Pick<ErrorReport, "cause" | "errors"> {
  if (depth >= DEEPEST_CAUSE) return {};
  const errors =
    "errors" in error && Array.isArray(error.errors) ? (error.errors as unknown[]) : [];
  return {
    ...(isError(error.cause) ? { cause: reportOf(error.cause, depth + 1) } : {}),
    ...(errors.length > 0
      ? { errors: errors.slice(0, MAX_ERRORS).map((each) => reportOf(each, depth + 1)) }
      : {}),
  };
}
