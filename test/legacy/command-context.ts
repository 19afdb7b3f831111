import type { CommandContext, OurServices } from "../../src/legacy/commands/command.js";
import { runCommand } from "../../src/legacy/commands/run-command.js";
import type { Cleanup } from "../../src/platform/process/process.js";
import type { TestApp } from "../support/app.js";
import type { LegacyTestDatabase } from "./legacy-database.js";

/** The commands of the migration, in this process. */
export interface Commands {
  /** Runs a command and returns its text. */
  text(...words: string[]): Promise<string>;
  /** Runs a command and returns its JSON document. */
  json<T>(...words: string[]): Promise<T>;
  /** What the commands told the person at the terminal. */
  readonly said: readonly string[];
  /** What the process does when a person stops the command. */
  readonly cleanups: readonly Cleanup[];
}

/**
 * @param openServices opens our services. Default: refuses, because most commands need none
 * @param openStorage opens our storage. Default: the same
 */
export function commandsOf(
  { operator, superUrl }: Pick<LegacyTestDatabase, "operator" | "superUrl">,
  openServices: CommandContext["openServices"] = () => Promise.reject(new Error("No services.")),
  openStorage: CommandContext["openStorage"] = () => Promise.reject(new Error("No storage.")),
): Commands {
  const said: string[] = [];
  const cleanups: Cleanup[] = [];
  const text = (...words: string[]): Promise<string> =>
    runCommand(words, () =>
      Promise.resolve({
        client: operator,
        url: superUrl,
        // The template of the test databases has our schemas already.
        prepare: () => Promise.resolve(),
        ...{ openServices, openStorage },
        say: (line) => {
          said.push(line);
        },
        stopping: (cleanup) => {
          cleanups.push(cleanup);
        },
      }),
    );
  return {
    ...{ said, cleanups, text },
    json: async <T>(...words: string[]) => JSON.parse(await text(...words, "--json")) as T,
  };
}

/** Our services of a test app, as a command opens them. */
export const ourServices = ({ database, requeueLost, services }: TestApp): OurServices => ({
  ...{ database, queueLostWork: requeueLost, graphql: services },
});
