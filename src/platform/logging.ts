import { type LoggerOptions, type Logger as PinoLogger, pino } from "pino";
import {
  type ErrorReport,
  isError,
  reportOf,
  reportText,
  withoutQuotations,
} from "./error-report.js";

export type Logger = Pick<PinoLogger, "info" | "warn" | "error" | "debug">;

export interface LogOptions {
  readonly logLevel: string;
  /**
   * True if the log is JSON lines on standard output. False for lines of plain words on standard
   * error.
   */
  readonly isProduction: boolean;
  /** Receives the lines. Default: standard output in production, standard error in development. */
  readonly write?: (line: string) => void;
}

/** Names of fields that may identify a person or contain a secret. */
const SECRET =
  /authorization|token|secret|password|cookie|e-?mail|signature|api_?key|params|variables/i;
const REMOVED = "[removed]";
const DEEPEST_FACT = 5;

/** Creates the log of a process. The log never contains tokens, secrets or story text. */
export function createLogger({ logLevel, isProduction, write }: LogOptions): Logger {
  const options: LoggerOptions = {
    level: logLevel,
    base: null,
    // Pino's default serialiser would copy every field of an error. `formatters.log` has already
    // replaced the error by a report.
    serializers: { err: (report: unknown) => report },
    formatters: { log: (facts) => factsOf(facts) as Record<string, unknown> },
    hooks: {
      // If the caller gives no message, pino would log the message of the error, which may quote
      // story text.
      logMethod(args, write) {
        const [first, second] = args as unknown[];
        const facts = isError(first) ? { err: first } : first;
        if (typeof facts === "object") write.apply(this, [facts, messageIn(second)]);
        else write.apply(this, [messageIn(first)]);
      },
    },
  };
  if (isProduction) return write ? pino(options, { write }) : pino(options);
  const writeText = write ?? ((text: string) => void process.stderr.write(text));
  const writePlain = (line: string): void => {
    writeText(plainLine(line));
  };
  return pino(options, { write: writePlain });
}

const messageIn = (text: unknown): string =>
  typeof text === "string" ? withoutQuotations(text) : "An error";

/** Copies the fields of a log line. Errors become reports, and secrets are removed. */
function factsOf(fact: unknown, depth = 0): unknown {
  if (isError(fact)) return reportOf(fact);
  if (typeof fact === "string") return withoutQuotations(fact);
  if (typeof fact !== "object" || fact === null) return fact;
  if (depth >= DEEPEST_FACT) return REMOVED;
  if (Array.isArray(fact)) return fact.map((each) => factsOf(each, depth + 1));
  return Object.fromEntries(
    Object.entries(fact).map(([name, value]) => [
      name,
      SECRET.test(name) ? REMOVED : factsOf(value, depth + 1),
    ]),
  );
}

interface LogRecord {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly err?: ErrorReport;
}

/**
 * Returns a line such as `13:05:12 Finished the job of analysis 3` for the person at the terminal.
 */
function plainLine(line: string): string {
  const { level, time, msg = "", err, ...facts } = JSON.parse(line) as LogRecord;
  const clock = new Date(time).toTimeString().slice(0, 8);
  const text = [msg, ...Object.entries(facts).map(([name, fact]) => `${name}=${said(fact)}`)];
  // An error needs its stack. A warning needs only its reason, because the process continues.
  if (err) text.push(level >= ERROR ? `\n${reportText(err)}` : `(${err.message})`);
  return `${clock} ${PREFIXES[level] ?? ""}${text.join(" ")}\n`;
}

const ERROR = 50;
const PREFIXES: Readonly<Record<number, string>> = {
  20: "debug: ",
  40: "warning: ",
  [ERROR]: "error: ",
};

const said = (fact: unknown): string => (typeof fact === "string" ? fact : JSON.stringify(fact));
