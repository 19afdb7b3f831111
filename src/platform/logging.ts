import { type Logger as PinoLogger, pino } from "pino";

export type Logger = Pick<PinoLogger, "info" | "warn" | "error" | "debug">;

/** JSON lines on standard output; never tokens, secrets or story text. */
export const createLogger = (level: string): Logger =>
  pino({ level, base: null, redact: ["authorization", "token", "*.authorization"] });
