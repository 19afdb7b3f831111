import { type Logger as PinoLogger, pino } from "pino";

export type Logger = Pick<PinoLogger, "info" | "warn" | "error" | "debug">;

export interface LogOptions {
  readonly logLevel: string;
  /** True: JSON lines on standard output. False: lines of plain words on standard error. */
  readonly isProduction: boolean;
}

/** Creates the log of a process. The log never contains tokens, secrets or story text. */
export function createLogger({ logLevel, isProduction }: LogOptions): Logger {
  const options = {
    level: logLevel,
    base: null,
    redact: ["authorization", "token", "*.authorization"],
  };
  return isProduction ? pino(options) : pino(options, { write: writePlain });
}

interface LogRecord {
  readonly level: number;
  readonly time: number;
  readonly msg?: string;
  readonly err?: { readonly message: string; readonly stack: string };
}

/** Writes lines such as `13:05:12 Analysed text 3` for the person at the terminal. */
function writePlain(line: string): void {
  const { level, time, msg = "", err, ...facts } = JSON.parse(line) as LogRecord;
  const clock = new Date(time).toTimeString().slice(0, 8);
  const text = [msg, ...Object.entries(facts).map(([name, fact]) => `${name}=${said(fact)}`)];
  // An error needs its stack. A warning needs only its reason, because the process continues.
  if (err) text.push(level >= ERROR ? `\n${err.stack}` : `(${err.message})`);
  process.stderr.write(`${clock} ${PREFIXES[level] ?? ""}${text.join(" ")}\n`);
}

const ERROR = 50;
const PREFIXES: Readonly<Record<number, string>> = {
  20: "debug: ",
  40: "warning: ",
  [ERROR]: "error: ",
};

const said = (fact: unknown): string => (typeof fact === "string" ? fact : JSON.stringify(fact));
