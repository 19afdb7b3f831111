import type pg from "pg";
import {
  type CommandLine,
  type OptionLine,
  declareCommand,
} from "../../platform/command-line/command-line.js";
import type { GraphQLServices } from "../../graphql/context.js";
import type { Database } from "../../platform/database/transactions/database.js";
import type { Stopping } from "../../platform/process/process.js";
import type { BlobStorage } from "../../providers/storage/storage.port.js";

/** Our own services on the migrated database. */
export interface OurServices {
  /** Transactions with the rights of a request. */
  readonly database: Database;
  /** Queues jobs for work that has none. */
  readonly queueLostWork: () => Promise<unknown>;
  /** What the API answers with. */
  readonly graphql: GraphQLServices;
}

/** The blob storage of the server's settings. */
export interface OpenStorage {
  readonly storage: BlobStorage;
  /** For a person: the folder, or the bucket. */
  readonly place: string;
}

/** What a command of the migration works with. */
export interface CommandContext {
  /** A connection of the login of MIGRATION_DATABASE_URL. */
  readonly client: pg.Client;
  /** The address of that connection. */
  readonly url: string;
  /** Brings our own schemas up to date. */
  readonly prepare: () => Promise<unknown>;
  /** Opens our services. @throws UnavailableError unless the backfill has ended */
  readonly openServices: () => Promise<OurServices>;
  readonly openStorage: () => Promise<OpenStorage>;
  /** Tells the person at the terminal what happens. */
  readonly say: (line: string) => void;
  readonly stopping: Stopping;
}

/** The result of a command, for a person and for a program. */
export interface Report {
  readonly lines: readonly string[];
  /** One JSON document with the same content. */
  readonly data: object;
  /** True if the process ends with an error code, for example because a check has failed. */
  readonly hasFailed?: boolean;
}

/** What a command line asks for. @throws StartupError that says what to do */
export type Work = (context: CommandContext) => Promise<Report>;

export interface Command {
  readonly line: CommandLine;
  /** Reads the words after the command, before a database is opened. @throws UsageError */
  readonly read: (words: readonly string[]) => Work;
}

/** `runCommand` reads this option for all commands. */
const JSON_OPTION = { json: { about: "prints the result or the error as one JSON document" } };

/** Declares a command of the migration. */
export const declareMigration = <const O extends Readonly<Record<string, OptionLine>>>(
  name: string,
  about: Omit<CommandLine<O>, "call" | "examples"> & { readonly examples?: readonly string[] },
): CommandLine<O & typeof JSON_OPTION> =>
  declareCommand({
    ...about,
    call: `npm run migrate -- ${name}`,
    options: { ...about.options, ...JSON_OPTION },
    examples: [
      ...(about.examples ?? [`npm run migrate -- ${name}`]),
      `npm run -s migrate -- ${name} --json`,
    ],
  });
