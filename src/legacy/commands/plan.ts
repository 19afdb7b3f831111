import { readWords } from "../../platform/command-line/read-words.js";
import { describeTransaction } from "../old-transactions.js";
import { ADD_MISSING_PARTS } from "../legacy-columns.js";
import { PHASES } from "../plan/phases.js";
import { type Plan, makePlan } from "../plan/plan.js";
import { rowsText } from "../row-counts.js";
import { requireLegacyDatabase } from "../transition.js";
import { type Command, declareMigration } from "./command.js";
import { sizeText } from "./sizes.js";

const LINE = declareMigration("plan", {
  summary: "says what is there and what each phase will do; changes nothing",
  options: {},
  notes: [
    "Counts the rows and the oddities of the legacy tables in one read-only transaction.",
    "Lists the rights that the login lacks, with the statements that grant them.",
  ],
});

export const planCommand: Command = {
  line: LINE,
  read: (words) => {
    readWords(LINE, words);
    return async ({ client }) => {
      const plan = await makePlan(client);
      if (plan) return { data: { ...plan, phases: PHASES }, lines: linesOf(plan) };
      await requireLegacyDatabase(client);
      throw new Error("The legacy tables appeared while the plan was made; run the command again.");
    };
  },
};

const PHASE_WIDTH = 18;

const linesOf = (plan: Plan): string[] => [
  `The legacy tables of ${plan.owner}. Nothing was changed.`,
  ...tableLines(plan),
  "",
  ...oddityLines(plan),
  "",
  ...objectLines(plan),
  "",
  ...rightsLines(plan),
  "",
  ...transactionLines(plan),
  "What each phase does:",
  ...PHASES.flatMap(({ phase, does, locks }) => [
    `  ${phase.padEnd(PHASE_WIDTH)}${does}.`,
    `  ${" ".repeat(PHASE_WIDTH)}Locks: ${locks}.`,
  ]),
  "",
  ...estimateLines(plan),
  ...soundLines(plan),
  nextLine(plan),
];

function nextLine({ isExpanded, missingParts, rights }: Plan): string {
  if (isExpanded) return "The database is expanded already. Next: npm run migrate -- status";
  if (missingParts.length > 0)
    return "Next: add the missing parts above, then npm run migrate -- plan";
  return rights.missing.length > 0
    ? "Next: grant the rights above, then npm run migrate -- plan"
    : "Next: npm run migrate -- expand";
}

function tableLines({ tables, missingParts, rights }: Plan): string[] {
  const rowsOf = (rows: number | null): string => {
    if (rows === null) return "rows not counted";
    return rights.actsAsOwner ? rowsText(rows) : `about ${rowsText(rows)}`;
  };
  const width = Math.max(...tables.map(({ table }) => table.length));
  return [
    ...tables.map(
      ({ table, rows, bytes }) => `  ${table.padEnd(width)}  ${rowsOf(rows)}, ${megabytes(bytes)}`,
    ),
    ...(missingParts.length === 0
      ? []
      : [
          `Missing: ${missingParts.join(", ")}. expand refuses until they exist.`,
          ADD_MISSING_PARTS,
        ]),
  ];
}

function oddityLines({ oddities }: Plan): string[] {
  if (!oddities) return ["Oddities: not counted, because the login may not read the tables"];
  if (oddities.length === 0) return ["Oddities: none"];
  return [
    "Oddities, and what happens to them:",
    ...oddities.map(
      ({ table, name, rows, examples, outcome }) =>
        `  ${table}: ${rows} × ${name} (${examples.join(", ")}${rows > examples.length ? ", …" : ""}): ${outcome}`,
    ),
  ];
}

function objectLines({ ownObjects, bystanders }: Plan): string[] {
  const own =
    ownObjects.length === 0
      ? ["Objects of this database's own: none"]
      : [
          "Objects of this database's own. They stay as they are; contract refuses until they are gone:",
          ...ownObjects.map(({ kind, name }) => `  ${kind} ${name}`),
        ];
  if (bystanders.length === 0) return own;
  const others = "Other tables and functions of the schema public, which no command touches:";
  return [...own, others, ...bystanders.map((name) => `  ${name}`)];
}

function rightsLines({ rights: { login, missing } }: Plan): string[] {
  if (missing.length === 0) return [`Rights: the login ${login} has all rights that it needs`];
  return [
    `Rights: the login ${login} lacks some. Run these once as a superuser:`,
    ...missing.map((statement) => `  ${statement}`),
  ];
}

function transactionLines({ oldTransactions }: Plan): string[] {
  if (oldTransactions.length === 0) return [];
  return [
    "Old transactions, for which expand may have to wait:",
    ...oldTransactions.map((transaction) => `  ${describeTransaction(transaction)}`),
    "",
  ];
}

function soundLines({ sounds }: Plan): string[] {
  if (!sounds || sounds.files === 0) return [];
  const { files, bytes, copies, copiedBytes, seconds } = sounds;
  const { unreferenced, undecodable, dangling, wrongSizes } = sounds;
  const odd = [
    `${unreferenced} to which nothing refers: they are not moved, and contract saves them`,
    `${undecodable} without base64: quarantine`,
    `${wrongSizes} with a wrong file_size: counted anew`,
    `${dangling} links to files that do not exist: no sound`,
  ];
  return [
    `Sound: ${files} files, about ${sizeText(bytes)}. backfill --audio makes ${copies} blobs, about ${sizeText(copiedBytes)}, in about ${timeText(seconds)}.`,
    ...odd.map((line) => `  ${line}`),
  ];
}

function estimateLines({ backfill: { bytes, seconds } }: Plan): string[] {
  return [
    `Disk: about ${megabytes(bytes)} for our tables, and for a while as much for the write-ahead log.`,
    seconds === null
      ? "Backfill: no estimate, because the rows are not counted."
      : `Backfill: about ${timeText(seconds)} at the present speed of this server, from a short measurement. Under load it gives way.`,
  ];
}

const timeText = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.round(seconds / 60)} min`;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
