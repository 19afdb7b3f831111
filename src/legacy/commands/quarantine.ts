import { readWords, wrong } from "../../platform/command-line/read-words.js";
import { StartupError, type UsageError } from "../../platform/errors.js";
import type { LegacyDatabase } from "../legacy-database.js";
import { type Pair, installedPairs } from "../pairs.js";
import { type QuarantinedRow, readLegacyRow, readQuarantine, retryRow } from "../quarantine.js";
import { requireAttached } from "../transition.js";
import { rowsText } from "../row-counts.js";
import { type Command, type CommandContext, type Report, declareMigration } from "./command.js";

/** A list for a person. The JSON document has all rows. */
const MOST_LINES = 100;

const LINE = declareMigration("quarantine", {
  summary: "lists the legacy rows that have no place in the new model, and maps them again",
  words: {
    form: "list | show ID | retry ID",
    about: "what to do; default list",
    ...{ least: 0, most: 2 },
  },
  options: { all: { about: "with retry: maps all rows again" } },
  notes: [
    "list         the rows and the reasons; with --json all of them",
    "show ID      one row with its legacy values; the ID is TABLE/ID, for example stories/7",
    "retry ID     maps the row again, for example after a correction in the old application",
    "retry --all  maps all rows again",
  ],
  examples: ["npm run migrate -- quarantine show stories/7"],
});

export const quarantineCommand: Command = {
  line: LINE,
  read: (given) => {
    const { words, values } = readWords(LINE, given);
    const action = actionOf(words, values.all);
    return async (context) => {
      const { legacy } = await requireAttached(context.client);
      return action(context, legacy);
    };
  },
};

type Action = (context: CommandContext, legacy: LegacyDatabase) => Promise<Report>;

/** @throws UsageError */
function actionOf([name = "list", id, ...others]: readonly string[], isAll: boolean): Action {
  const words = [name, id === undefined ? "" : "ID", isAll ? "--all" : "", ...others];
  switch (words.filter(Boolean).join(" ")) {
    case "list":
      return list;
    case "show ID":
      return (context, legacy) => show(context, legacy, id ?? "");
    case "retry ID":
    case "retry --all":
      return (context, legacy) => retry(context, legacy, id ?? null);
    default:
      throw wrongWords();
  }
}

const wrongWords = (): UsageError =>
  wrong(LINE, "The words are none of: list, show ID, retry ID, retry --all.");

async function list({ client }: CommandContext): Promise<Report> {
  const rows = await readQuarantine(client, null);
  const refused = rows.filter(({ waits }) => !waits);
  const waiting = rows.length - refused.length;
  const more = refused.length - MOST_LINES;
  return {
    data: { rows },
    lines: [
      ...(rows.length === 0 ? ["The quarantine is empty."] : []),
      ...refused.slice(0, MOST_LINES).map(lineOf),
      ...(more > 0 ? [`and ${rowsText(more)} more; --json lists all`] : []),
      ...(waiting > 0 ? [waitingLine(waiting)] : []),
    ],
  };
}

const waitingLine = (count: number): string =>
  `${rowsText(count)} ${count === 1 ? "waits" : "wait"} for the backfill, which maps what can be mapped.`;

/** Strange values have characters that a terminal obeys. */
const lineOf = ({ id, reason, detail }: QuarantinedRow): string =>
  `${id}  ${reason}${detail === null ? "" : `  ${detail}`}`.replaceAll(/\p{Cc}+/gu, " ");

async function found(
  { client }: CommandContext,
  id: string | null,
): Promise<readonly QuarantinedRow[]> {
  const rows = await readQuarantine(client, id);
  if (rows.length > 0 || id === null) return rows;
  throw new StartupError(
    `The row ${id} is not in quarantine; \`npm run migrate -- quarantine list\` lists the rows that are.`,
  );
}

async function show(context: CommandContext, legacy: LegacyDatabase, id: string): Promise<Report> {
  const [row] = await found(context, id);
  if (!row) throw wrongWords();
  const values = await readLegacyRow(context.client, legacy, row);
  return {
    data: { ...row, values },
    lines: [
      lineOf(row),
      `since ${row.since}${row.userId === null ? "" : `, user ${row.userId}`}`,
      values === null ? "The legacy row does not exist any more." : JSON.stringify(values, null, 2),
    ],
  };
}

async function retry(
  context: CommandContext,
  legacy: LegacyDatabase,
  id: string | null,
): Promise<Report> {
  const { client } = context;
  const pairs = new Map(
    (await installedPairs(client, legacy.tables)).map((pair) => [pair.table as string, pair]),
  );
  const released: string[] = [];
  const rows = await found(context, id);
  for (const row of rows) {
    if (await retryRow(client, pairOf(pairs, row), row)) released.push(row.id);
  }
  const remaining = await readQuarantine(client, id);
  return {
    data: { released, remaining },
    lines: [
      `${released.length} of ${rowsText(rows.length)} left the quarantine.`,
      ...remaining.slice(0, MOST_LINES).map(lineOf),
    ],
  };
}

function pairOf(pairs: ReadonlyMap<string, Pair>, { id, table }: QuarantinedRow): Pair {
  const pair = pairs.get(table);
  if (pair) return pair;
  throw new StartupError(`The row ${id} cannot be mapped again: nothing maps the table ${table}.`);
}
