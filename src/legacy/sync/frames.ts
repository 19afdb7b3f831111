import { readFileSync } from "node:fs";

/** A request for a frame: `-- frame: NAME`, and below it a line `-- FACT: VALUE` for each fact. */
const REQUEST = /^-- frame: ([\w-]+)\n((?:-- \w+: .*\n?)*)/gm;
const FACT = /^-- (\w+): (.*)$/gm;

/** The facts that a pair may leave out, and what they are then. */
const DEFAULTS: Readonly<Record<string, string>> = {
  user: "",
  lock: "NO KEY UPDATE",
  most: "size",
  settings: "SET lock_timeout = '200ms'",
  before: "",
  after: "",
  forget: "",
};

/** Puts the SQL of a frame in place of each request. `frames/one-way.sql` explains the facts. */
export const withFrames = (sql: string): string =>
  sql.replaceAll(REQUEST, (_request, name: string, facts: string) =>
    filled(
      readFileSync(new URL(`frames/${name}.sql`, import.meta.url), "utf8"),
      Object.fromEntries(
        [...facts.matchAll(FACT)].map(([, fact = "", value = ""]) => [fact, value]),
      ),
    ),
  );

function filled(frame: string, given: Readonly<Record<string, string>>): string {
  const facts = { ...DEFAULTS, ...given };
  return frame.replaceAll(/\{(\w+)\}/g, (_name, fact: string) => {
    const value = facts[fact];
    if (value === undefined)
      throw new Error(`A frame of ${given["rows"] ?? "a pair"} lacks ${fact}.`);
    return value;
  });
}
