import { StartupError } from "../errors.js";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { z } from "zod";
import { writeWhole } from "../files/whole-files.js";
import type { Location } from "./location.js";

const secret = z.string().regex(/^[0-9a-f]{48,}$/);
const stateShape = z.object({
  superPassword: secret,
  ownerPassword: secret,
  appPassword: secret,
  tokenSecret: secret,
  /** The port of the last start. The next start uses the same port again if the port is free. */
  port: z.number().int().min(0).max(65_535),
});

/** Values that every start needs: made once, stored next to the data, readable only by the owner. */
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
 * Returns the stored state. Returns null if no state is stored yet.
 * @throws StartupError when the file cannot be read or is damaged
 */
export function readState(location: Location): State | null {
  let text: string;
  try {
    text = readFileSync(location.stateFile, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new StartupError(
      `${location.stateFile} cannot be read; run as the user who created it.`,
      {
        cause: error,
      },
    );
  }
  const parsed = stateShape.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new StartupError(
    `${location.stateFile} is damaged. It contains the passwords of the database in this folder. ` +
      `Restore the file, or move ${location.home} away to begin with an empty database.`,
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
