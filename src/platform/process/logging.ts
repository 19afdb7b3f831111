import { type LoggerOptions, pino } from "pino";
import {
  type ErrorReport,
  isError,
  reportOf,
  reportText,
  withoutQuotations,
} from "./error-report.js";

export interface LogOptions {
  readonly logLevel: string;
  /**
   * True if the log is JSON lines on standard output. False if the log is lines of plain words on
   * standard error.
   */
  readonly isProduction: boolean;
  /** Receives the lines. Default: standard output in production, standard error in development. */
  readonly write?: (line: string) => void;
}

const NUMBER = /^\d{1,20}$/;

/**
 * The fields that a log line may have, with the form of their values. A job's payload has some of
 * these fields too. All other fields are left out, because they may identify a person or contain a
 * secret. The name of such a field may be somebody's text too.
 */
const FACTS = {
  job: /^[a-z-]{1,60}$/,
  try: NUMBER,
  code: /^[A-Z_]{1,40}$/,
  errorId: /^[\da-f-]{36}$/,
  analysisId: NUMBER,
  narrationId: NUMBER,
  sampleId: NUMBER,
  voiceId: NUMBER,
  attempt: NUMBER,
  analyses: NUMBER,
  renders: NUMBER,
  recordings: NUMBER,
  trainings: NUMBER,
  samples: NUMBER,
  voices: NUMBER,
  clones: NUMBER,
  consents: NUMBER,
} as const satisfies Readonly<Record<string, RegExp>>;

/** What a log line may say besides its message. The compiler refuses facts that the log would leave out. */
export type LogFacts = {
  readonly [name in keyof typeof FACTS]?: string | number | undefined;
} & {
  readonly err?: unknown;
  readonly message?: string | null;
  /** The payload of a job. Only its members with the name of a fact are logged. */
  readonly payload?: unknown;
};

interface Log {
  (facts: LogFacts, message: string): void;
  (message: string): void;
}

export interface Logger {
  readonly debug: Log;
  readonly info: Log;
  readonly warn: Log;
  readonly error: Log;
}

/** Creates the log of a process. The log never contains tokens, secrets or story text. */
export function createLogger({ logLevel, isProduction, write }: LogOptions): Logger {
  const options: LoggerOptions = {
    level: logLevel,
    base: null,
    // Pino's default serialiser would copy every field of an error. `formatters.log` has already
    // replaced the error by a report.
    serializers: { err: (report: unknown) => report },
    formatters: { log: factsOf },
    hooks: {
      // If the caller gives no message, pino would log the message of the error, which may quote
      // story text.
      logMethod(args, write) {
        const [first, second] = args as unknown[];
        const facts = isError(first) ? { err: first } : first;
        if (isObject(facts)) write.apply(this, [facts, messageIn(second)]);
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

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

/** Copies the allowed fields of a log line. Errors become reports. */
function factsOf(facts: object): Record<string, unknown> {
  const { err, message, payload } = facts as Readonly<Record<string, unknown>>;
  return {
    ...scalarsIn(facts),
    ...(isObject(payload) ? { payload: scalarsIn(payload) } : {}),
    ...(typeof message === "string" ? { message: withoutQuotations(message) } : {}),
    ...(err === undefined ? {} : { err: reportOf(err) }),
  };
}

const scalarsIn = (facts: object): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(facts).filter(
      ([name, value]) =>
        (typeof value === "string" || typeof value === "number") &&
        Object.hasOwn(FACTS, name) &&
        FACTS[name as keyof typeof FACTS].test(String(value)),
    ),
  );

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
