import { declareCommand } from "../src/platform/command-line/command-line.js";
import { readScriptWords } from "./script-words.js";
import { availableParallelism } from "node:os";
import { WorkerPool } from "../src/platform/threads/worker-pool.js";
import { analyseText } from "../src/reference/index.js";
import { cpuSeconds } from "./cpu-seconds.js";
import { scratchApp, textOf } from "./scratch-app.js";
import type { Measured, Speeds } from "./speed.worker.js";

/*
 * Measures rendering: `npm run bench:render`. `-- --hour` renders an hour of speech instead of ten
 * minutes. `-- --speed` prints only the first table. CPU seconds are the user and system time of all
 * threads of this process, without PostgreSQL.
 */

const SPEED_TEXT_SECONDS = 400;
/** The number of rounds is odd, so that the median is a measured value. */
const ROUNDS = 5;
/** The bars: the values that the results must reach. */
const LEAST_SHARE = 0.8;
const LEAST_ADAPTED_SHARE = 0.5;
const HOUR_SECONDS = 3600;
const MOST_MB = 700;
const MOST_AGAIN = 0.02;

interface Moment {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

function now(): Moment {
  return { wallSeconds: performance.now() / 1000, cpuSeconds: cpuSeconds() };
}

const since = (start: Moment, end = now()): Moment => ({
  wallSeconds: end.wallSeconds - start.wallSeconds,
  cpuSeconds: end.cpuSeconds - start.cpuSeconds,
});

async function speed(): Promise<void> {
  const story = await textOf(SPEED_TEXT_SECONDS);
  const texts = analyseText(story)
    .segments.map(({ start, end }) => story.slice(start, end).trim())
    .filter((text) => /[a-z]/iu.test(text));
  const rounds: Speeds[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const pool = new WorkerPool(new URL("./", import.meta.url), 1);
    rounds.push((await pool.run("speed.worker.js", "measureSpeeds", texts)) as Speeds);
    await pool.close();
  }
  console.log(
    `\nOne thread renders ${texts.length} segments of neutral text to mp3, Opus and WAV with word timings. Raw flite`,
  );
  console.log(
    `speaks the same texts before and after, with a new engine for each call, no timings and no files. ${ROUNDS} rounds,`,
  );
  console.log("each in a new thread, because the load of the machine varies.\n");
  line("", columns(["sound", "CPU", "a CPU second", "of raw flite"]), "bar");
  row("raw flite", rounds, ({ raw }) => [sumOf(raw), sumOf(raw)]);
  row("our engine alone, kept", rounds, ({ raw, engine }) => [engine, sumOf(raw)]);
  row(
    "render, words to learn",
    rounds,
    ({ raw, cold }) => [cold, sumOf(raw.slice(0, 2))],
    LEAST_SHARE,
  );
  row("render, words known", rounds, ({ raw, warm }) => [warm, sumOf(raw.slice(1))], LEAST_SHARE);
  line("", columns(["", "", "", "of the last line"]));
  row(
    "render, a personal voice",
    rounds,
    ({ warm, adapted }) => [adapted, warm],
    LEAST_ADAPTED_SHARE,
  );
}

/**
 * Prints one line: the total of all rounds, and the speed as a share of another speed. Each round
 * gives a share. The line has the median share, and with a bar also the smallest and the largest share.
 */
function row(
  name: string,
  rounds: readonly Speeds[],
  of: (round: Speeds) => readonly [measured: Measured, floor: Measured],
  leastShare?: number,
): void {
  const all = sumOf(rounds.map((round) => of(round)[0]));
  const shares = rounds
    .map((round) => of(round).map(speedOf))
    .map(([own = 0, floor = 0]) => own / floor)
    .sort((one, other) => one - other);
  const [least = 0, median = 0, most = 0] = [0, (shares.length - 1) / 2, -1].map((at) =>
    shares.at(at),
  );
  const cells = columns([
    `${all.audioSeconds.toFixed(0)} s`,
    `${all.cpuSeconds.toFixed(1)} s`,
    `${speedOf(all).toFixed(1)} s`,
    percent(median),
  ]);
  if (leastShare === undefined) {
    line(name, cells);
    return;
  }
  const held = bar(`at least ${percent(leastShare)}`, median >= leastShare);
  line(name, cells, `${held} (${percent(least)} to ${percent(most)})`);
}

const speedOf = ({ audioSeconds, cpuSeconds }: Measured) => audioSeconds / cpuSeconds;

const sumOf = (parts: readonly Measured[]): Measured => ({
  audioSeconds: parts.reduce((sum, part) => sum + part.audioSeconds, 0),
  cpuSeconds: parts.reduce((sum, part) => sum + part.cpuSeconds, 0),
});

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const bar = (text: string, holds: boolean) => `${text}: ${holds ? "holds" : "MISSED"}`;
const columns = (cells: readonly string[]) => cells.map((cell) => cell.padStart(14)).join("");
const line = (name: string, measured: string, held = ""): void =>
  console.log(`  ${name.padEnd(30)}${measured.padEnd(60)}${held}`.trimEnd());

/** Measures the whole app: real services, jobs, threads and blobs. */
async function whole(seconds: number): Promise<void> {
  const threads = availableParallelism();
  const scratch = await scratchApp(threads);
  const story = await scratch.analysedStory("A long evening", await textOf(seconds));
  const narration = await scratch.narrated(story);
  const start = now();
  let spoken: Moment | undefined;
  const first = await scratch.rendered(narration, ({ rendered: made, reused, total }) => {
    if (made + reused === total) spoken ??= now();
  });
  const end = now();
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const again = await costOf(() => scratch.rendered(first));
  const other = await scratch.narrated(story);
  const rejoined = await costOf(() => scratch.rendered(other));
  await scratch.close();
  const audio = (first.durationMs ?? 0) / 1000;
  const { cpuSeconds, wallSeconds } = since(start, end);
  const used = (from: Moment, to: Moment): string => {
    const part = since(from, to);
    const cores = (part.cpuSeconds / part.wallSeconds).toFixed(2);
    return `${part.cpuSeconds.toFixed(1)} s CPU in ${part.wallSeconds.toFixed(1)} s: ${cores} of ${threads} cores`;
  };
  const share = ({ cpuSeconds: part }: Moment): string =>
    `${part.toFixed(2)} s CPU, ${percent(part / cpuSeconds)} of the first`;
  console.log(
    `\n${(audio / 60).toFixed(1)} minutes of speech (${first.segmentCount} segments) through the app, as \`npm run worker\` renders.\n`,
  );
  line("", "measured", "bar");
  line("first render", used(start, end), bar("more than one core", cpuSeconds > wallSeconds));
  line("  speaking", used(start, spoken ?? end));
  line("  joining and encoding", used(spoken ?? end, end));
  line("  speed", `${(audio / wallSeconds).toFixed(0)} x real time`);
  line("  sound a CPU second", `${(audio / cpuSeconds).toFixed(1)} s`);
  line(
    "peak memory",
    `${peakMb.toFixed(0)} MB RSS`,
    seconds >= HOUR_SECONDS
      ? bar(`below ${MOST_MB} MB`, peakMb < MOST_MB)
      : "an hour has a bar: -- --hour",
  );
  line(
    "again, unchanged",
    share(again),
    bar(`below ${percent(MOST_AGAIN)}`, again.cpuSeconds / cpuSeconds < MOST_AGAIN),
  );
  line("the same script, joined anew", share(rejoined));
}

async function costOf(work: () => Promise<unknown>): Promise<Moment> {
  const start = now();
  await work();
  return since(start);
}

const { values } = readScriptWords(
  declareCommand({
    call: "npm run bench:render --",
    summary: "measures rendering",
    options: {
      hour: { about: "renders an hour of speech instead of ten minutes" },
      speed: { about: "prints only the first table" },
    },
    examples: ["npm run bench:render", "npm run bench:render -- --hour"],
  }),
);
await speed();
if (!values.speed) await whole(values.hour ? HOUR_SECONDS : 600);
