import { StartupError } from "../errors.js";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { writeWhole } from "./files.js";
import type { Location } from "./location.js";

const secret = z.string().regex(/^[0-9a-f]{48,}$/);
const stateShape = z.object({
  superPassword: secret,
  ownerPassword: secret,
  appPassword: secret,
  tokenSecret: secret,
  /** Where the server listened last; the next start takes it again when it is free. */
  port: z.number().int().min(0).max(65_535),
});

/** What has to outlive a start: made once, kept beside the data, readable by its owner only. */
export type State = z.infer<typeof stateShape>;

export function newState(): State {
  return {
    superPassword: randomBytes(24).toString("hex"),
    ownerPassword: randomBytes(24).toString("hex"),
    appPassword: randomBytes(24).toString("hex"),
    tokenSecret: randomBytes(32).toString("hex"),
    port: 0,
  };
}

/**
 * The stored state, or null where none was stored yet.
 * @throws Error when there is one that cannot be read or understood.
 */
export function readState(location: Location): State | null {
  let text: string;
  try {
    text = readFileSync(location.stateFile, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new StartupError(
      `${location.stateFile} cannot be read; run as the user who started it.`,
      {
        cause: error,
      },
    );
  }
  const parsed = stateShape.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new StartupError(
    `${location.stateFile} is damaged, and with it the passwords of the data beside it. ` +
      `Restore it, or move ${location.home} away to begin with an empty database.`,
  );
}

export function writeState(location: Location, state: State): void {
  writeWhole(location.stateFile, `${JSON.stringify(state, null, 2)}\n`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
