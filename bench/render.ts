import { mkdtemp, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { resolveProsody } from "../src/audio/prosody.js";
import { encodeWav, parseWav } from "../src/audio/wav.js";
import { type JoinInput, joinInSteps } from "../src/instances/rendering/join-steps.js";
import { runFlite } from "../src/providers/speech/flite.engine.js";
import { fliteSpeech } from "../src/providers/speech/flite.js";
import { speak } from "../src/providers/speech/flite.worker.js";
import { lineOf, spokenText } from "../src/providers/speech/spoken-text.js";
import { DiskStorage } from "../src/providers/storage/disk.js";
import { analyseText } from "../src/reference/index.js";
import { encodeNarration, planNarration } from "../src/worker/join.worker.js";
import { type RawFlite, rawFlite } from "./raw-flite.js";
import { scratchApp, textOf } from "./scratch-app.js";

/*
 * Measures rendering: `npm run bench:render`, with `-- --hour` an hour of speech instead of ten
 * minutes, with `-- --speed` the first table alone. CPU seconds are user and system time of this
 * process, all its threads together, without PostgreSQL's.
 */

const SPEED_TEXT_SECONDS = 400;
const WARM_UP = "The quick brown fox jumps over the lazy dog, and nobody minds it.";
const WARM_UP_CALLS = 12;
/** The bars. */
const LEAST_SHARE = 0.8;
const MOST_MB = 700;
const MOST_AGAIN = 0.02;
const NEUTRAL = resolveProsody({ emotion: "neutral", intensity: 0 });

interface Moment {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

function now(): Moment {
  const { user, system } = process.cpuUsage();
  return { wallSeconds: performance.now() / 1000, cpuSeconds: (user + system) / 1e6 };
}

const since = (start: Moment, end = now()): Moment => ({
  wallSeconds: end.wallSeconds - start.wallSeconds,
  cpuSeconds: end.cpuSeconds - start.cpuSeconds,
});

interface Measured {
  readonly audioSeconds: number;
  readonly cpuSeconds: number;
}

async function timed(work: () => Promise<number>): Promise<Measured> {
  const start = now();
  const audioSeconds = await work();
  return { audioSeconds, cpuSeconds: since(start).cpuSeconds };
}

/** What our pipeline has the engine read: it takes ASCII only. */
const asRead = (text: string) => lineOf(spokenText(text).units);

/** Every segment through the engine as `say` calls it; returns the seconds of sound. */
async function saidBy(
  say: (text: string) => Promise<Uint8Array>,
  texts: readonly string[],
): Promise<number> {
  let seconds = 0;
  for (const text of texts) {
    const { pcm, sampleRate } = parseWav(await say(asRead(text)));
    seconds += pcm.length / sampleRate;
  }
  return seconds;
}

/** What a render does of every segment and of the whole, in this thread and without the database. */
async function rendered(texts: readonly string[], root: string): Promise<number> {
  const provider = fliteSpeech(speak);
  const storage = new DiskStorage({ root });
  const segments = [];
  for (const [index, text] of texts.entries()) {
    const request = { text, language: "en", voice: "flite:slt", prosody: NEUTRAL };
    const sound = await provider.synthesize(request, new AbortController().signal);
    const { key } = await storage.put(encodeWav(sound), { contentType: "audio/wav" });
    segments.push({
      ...{ id: String(index), text, speaker: null, story: null, words: sound.words },
      ...{ blobKey: key, gainDb: 0, pauseAfterMs: 300 },
    });
  }
  const settings = { kind: "disk", root } as const;
  const { durationMs } = await joined({
    storage: settings,
    owner: "bench",
    title: "",
    chapters: [],
    segments,
  });
  return durationMs / 1000;
}

/** As one thread does it. */
const joined = (input: JoinInput) =>
  joinInSteps(
    input,
    { plan: planNarration, encode: encodeNarration, threads: 1 },
    new AbortController().signal,
  );

/** Lets both sides compile; teaches the pipeline no more words than the sentence has. */
async function warmUp(raw: RawFlite, root: string): Promise<void> {
  const texts = Array<string>(WARM_UP_CALLS).fill(WARM_UP);
  await saidBy(raw, texts);
  for (const text of texts) await runFlite(text, { voice: "kal16" });
  await rendered(texts, root);
}

async function speed(): Promise<void> {
  const story = await textOf(SPEED_TEXT_SECONDS);
  const texts = analyseText(story)
    .segments.map(({ start, end }) => story.slice(start, end).trim())
    .filter((text) => /[a-z]/iu.test(text));
  const root = await mkdtemp(join(tmpdir(), "fabula-bench-"));
  const raw = await rawFlite();
  await warmUp(raw, root);
  const before = await timed(() => saidBy(raw, texts));
  const cold = await timed(() => rendered(texts, root));
  const warm = await timed(() => rendered(texts, root));
  const after = await timed(() => saidBy(raw, texts));
  const engine = await timed(() =>
    saidBy(async (text) => encodeWav(await runFlite(text, { voice: "slt" })), texts),
  );
  await rm(root, { recursive: true });
  const floor = {
    audioSeconds: before.audioSeconds + after.audioSeconds,
    cpuSeconds: before.cpuSeconds + after.cpuSeconds,
  };
  console.log(
    `\nOne thread renders ${texts.length} segments of neutral text to mp3, Opus and WAV with word timings.`,
  );
  console.log("Raw flite says the same texts: an engine for each call, no timings, no files.\n");
  line("", columns(["sound", "CPU", "a CPU second", "of raw flite"]), "bar");
  const row = (name: string, { audioSeconds, cpuSeconds }: Measured, hasBar: boolean): void => {
    const share = audioSeconds / cpuSeconds / (floor.audioSeconds / floor.cpuSeconds);
    const measured = columns([
      `${audioSeconds.toFixed(0)} s`,
      `${cpuSeconds.toFixed(1)} s`,
      `${(audioSeconds / cpuSeconds).toFixed(1)} s`,
      percent(share),
    ]);
    const held = bar(`at least ${percent(LEAST_SHARE)}`, share >= LEAST_SHARE);
    line(name, measured, hasBar ? held : "");
  };
  row("raw flite, twice", floor, false);
  row("our engine alone, kept", engine, false);
  row("render, words to learn", cold, true);
  row("render, words known", warm, true);
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const bar = (text: string, holds: boolean) => `${text}: ${holds ? "holds" : "MISSED"}`;
const columns = (cells: readonly string[]) => cells.map((cell) => cell.padStart(14)).join("");
const line = (name: string, measured: string, held = ""): void =>
  console.log(`  ${name.padEnd(30)}${measured.padEnd(60)}${held}`.trimEnd());

/** The real services, jobs, threads and blobs. */
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
  line(
    "peak memory",
    `${peakMb.toFixed(0)} MB RSS`,
    bar(`an hour below ${MOST_MB} MB`, peakMb < MOST_MB),
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

const { values } = parseArgs({
  options: { hour: { type: "boolean" }, speed: { type: "boolean" } },
});
await speed();
if (values.speed !== true) await whole(values.hour ? 3600 : 600);
