import { readWords } from "../../platform/command-line/read-words.js";
import { ProgressBar } from "../../platform/command-line/progress-bar.js";
import { type AnalysisCounts, requestAnalyses } from "../backfill/request-analyses.js";
import { requireAttached } from "../transition.js";
import { wholeNumber } from "./arguments.js";
import { type Command, type CommandContext, type Report, declareMigration } from "./command.js";

const MOST_WAITING = "20";

const LINE = declareMigration("analyses", {
  summary: "asks for the analyses of the published texts, a few at a time",
  options: {
    "most-waiting": {
      value: "NUMBER",
      about: "asks for no more while so many analyses wait",
      default: MOST_WAITING,
    },
  },
  notes: [
    "A server or a worker must run: it makes the analyses. An author who publishes meanwhile waits for few others.",
    "Ctrl-C stops the requests. The next run goes on. Narrations of a story do not need this command.",
  ],
});

export const analysesCommand: Command = {
  line: LINE,
  read: (words) => {
    const { values } = readWords(LINE, words);
    const mostWaiting = wholeNumber("--most-waiting", values["most-waiting"]);
    return async (context) => {
      await requireAttached(context.client);
      return analyse(context, mostWaiting);
    };
  },
};

async function analyse(context: CommandContext, mostWaiting: number): Promise<Report> {
  const { client, say, stopping } = context;
  const services = await context.openServices();
  const stop = new AbortController();
  const lines = { isTTY: false, write: (text: string) => (say(text.trimEnd()), true) };
  const terminal = process.stderr.isTTY ? process.stderr : lines;
  const bar = new ProgressBar("analyses", { unit: "texts", terminal });
  const working = requestAnalyses(client, {
    ...services,
    mostWaiting,
    onProgress: ({ ended, texts }) => {
      bar.show(ended, texts);
    },
    shouldStop: () => stop.signal.aborted,
  });
  stopping(async () => {
    stop.abort();
    await working.catch(() => undefined);
  });
  const counts = await working;
  return { data: counts, lines: linesOf(counts) };
}

const linesOf = ({ texts, ended, waiting }: AnalysisCounts): string[] => [
  `${ended} of ${texts} published texts have an analysis, ${waiting} analyses wait.`,
  ...(ended < texts ? ["Go on with: npm run migrate -- analyses"] : []),
];
