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
import { rawFlite } from "./raw-flite.js";
import { scratchApp, textOf } from "./scratch-app.js";

/*
 * Measures rendering, in CPU time of this process (user and system, all its threads, PostgreSQL's
 * apart): `npm run bench:render` (10 minutes of speech), with `-- --hour` an hour, with `-- --speed` the table alone.
 */

const SPEED_TEXT_SECONDS = 400;
const WARM_UP = "The quick brown fox jumps over the lazy dog, and nobody minds it.";
const NEUTRAL = resolveProsody({ emotion: "neutral", intensity: 0 });

interface Measured {
  readonly audioSeconds: number;
  readonly cpuSeconds: number;
}

async function cpuOf<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1e6];
}

async function timed(work: () => Promise<number>): Promise<Measured> {
  const [audioSeconds, cpuSeconds] = await cpuOf(work);
  return { audioSeconds, cpuSeconds };
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

/** Compiles what joins and encodes, without a word for the cache. */
async function warmUpJoin(root: string): Promise<void> {
  const storage = new DiskStorage({ root });
  const wav = encodeWav(await runFlite(WARM_UP, { voice: "slt" }));
  const { key: blobKey } = await storage.put(wav, { contentType: "audio/wav" });
  const segment = { id: "0", text: "", speaker: null, story: null, words: [] };
  const segments = Array.from({ length: 10 }, () => ({
    ...segment,
    ...{ blobKey, gainDb: 0, pauseAfterMs: 300 },
  }));
  const settings = { kind: "disk", root } as const;
  await joined({ storage: settings, owner: "bench", title: "", chapters: [], segments });
}

/** As one thread does it. */
const joined = (input: JoinInput) =>
  joinInSteps(
    input,
    { plan: planNarration, encode: encodeNarration, threads: 1 },
    new AbortController().signal,
  );

async function speed(): Promise<void> {
  const story = await textOf(SPEED_TEXT_SECONDS);
  const texts = analyseText(story)
    .segments.map(({ start, end }) => story.slice(start, end).trim())
    .filter((text) => /[a-z]/iu.test(text));
  const root = await mkdtemp(join(tmpdir(), "fabula-bench-"));
  const raw = await rawFlite();
  for (let call = 0; call < 10; call++) {
    await raw(WARM_UP);
    for (const voice of ["slt", "kal16"]) await runFlite(WARM_UP, { voice });
  }
  await warmUpJoin(root);
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
    `\n${texts.length} segments of neutral text, one thread; mp3, Opus and WAV are written.`,
  );
  console.log("Raw flite: the same texts, a call each with an instance of its own, no timings.");
  console.log("audio s | CPU s | audio s a CPU s | of raw flite | of raw flite on our kept engine");
  row("raw flite", floor, floor, engine);
  row("raw, kept engine", engine, floor, engine);
  row("pipeline, cold words", cold, floor, engine);
  row("pipeline, warm words", warm, floor, engine);
}

const speedOf = ({ audioSeconds, cpuSeconds }: Measured) => audioSeconds / cpuSeconds;
const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

function row(name: string, one: Measured, floor: Measured, engine: Measured): void {
  const cells = [
    one.audioSeconds.toFixed(1),
    one.cpuSeconds.toFixed(2),
    speedOf(one).toFixed(1),
    percent(speedOf(one) / speedOf(floor)),
    percent(speedOf(one) / speedOf(engine)),
  ];
  console.log(`${name.padEnd(22)} ${cells.map((cell) => cell.padStart(9)).join(" ")}`);
}

/** The real services, jobs, threads and blobs. */
async function whole(seconds: number): Promise<void> {
  const threads = availableParallelism();
  const scratch = await scratchApp(threads);
  const story = await scratch.analysedStory("A long evening", await textOf(seconds));
  const narration = await scratch.narrated(story);
  const started = performance.now();
  const [first, cpu] = await cpuOf(() => scratch.rendered(narration));
  const wall = (performance.now() - started) / 1000;
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const [, again] = await cpuOf(() => scratch.rendered(first));
  const other = await scratch.narrated(story);
  const [, rejoined] = await cpuOf(() => scratch.rendered(other));
  await scratch.close();
  const audio = (first.durationMs ?? 0) / 1000;
  console.log(
    `\n${(audio / 60).toFixed(1)} minutes of speech (${first.segmentCount} segments) through the app, ${threads} threads`,
  );
  console.log(
    `  first render         ${cpu.toFixed(1)} s CPU, ${wall.toFixed(1)} s, ${(audio / wall).toFixed(0)} x real time`,
  );
  console.log(`  cores used           ${(cpu / wall).toFixed(2)} of ${threads}`);
  console.log(`  peak RSS             ${peakMb.toFixed(0)} MB`);
  console.log(`  unchanged, again     ${again.toFixed(3)} s CPU, ${percent(again / cpu)}`);
  console.log(
    `  same script, a new narration: joined only, ${rejoined.toFixed(1)} s CPU, ${percent(rejoined / cpu)}`,
  );
}

const { values } = parseArgs({
  options: { hour: { type: "boolean" }, speed: { type: "boolean" } },
});
await speed();
if (values.speed !== true) await whole(values.hour ? 3600 : 600);
