import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveProsody } from "../src/audio/delivery/prosody.js";
import { encodeWav } from "../src/audio/signal/wav.js";
import { parseWav } from "../src/audio/signal/wav-reader.js";
import { type JoinInput, joinInSteps } from "../src/instances/rendering/join/join-steps.js";
import { runFlite } from "../src/providers/speech/flite/flite.engine.js";
import { fliteSpeech } from "../src/providers/speech/flite/flite.js";
import { speak } from "../src/providers/speech/flite/flite.worker.js";
import { lineOf, prepareSpokenText } from "../src/providers/speech/spoken-text.js";
import { DiskStorage } from "../src/providers/storage/disk.js";
import { encodeNarration, planNarration } from "../src/worker/join.worker.js";
import { cpuSeconds } from "./cpu-seconds.js";
import { type RawFlite, rawFlite } from "./raw-flite.js";
import { modelOf } from "./voice/synthetic-model.js";

const WARM_UP = "The quick brown fox jumps over the lazy dog, and nobody minds it.";
const WARM_UP_CALLS = 12;
const OWN_VOICE = "flite:own-bench";
const NEUTRAL = resolveProsody({ emotion: "neutral", intensity: 0 });

export interface Measured {
  readonly audioSeconds: number;
  readonly cpuSeconds: number;
}

export interface Speeds {
  /**
   * Raw flite, measured before, between and after the renders, because the load of the machine
   * varies.
   */
  readonly raw: readonly Measured[];
  readonly engine: Measured;
  /** A render before flite's cache contains the words of the text. */
  readonly cold: Measured;
  /** A render after flite's cache contains the words of the text. */
  readonly warm: Measured;
  /** The same render in a personal voice, which is an adapted voice of the engine. */
  readonly adapted: Measured;
}

async function timed(work: () => Promise<number>): Promise<Measured> {
  const start = cpuSeconds();
  const audioSeconds = await work();
  return { audioSeconds, cpuSeconds: cpuSeconds() - start };
}

/** Returns the text that our pipeline gives to the engine. The engine reads only ASCII. */
const asRead = (text: string) => lineOf(prepareSpokenText(text).units);

/** Speaks every segment with `say`. Returns the seconds of sound. */
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

/**
 * Does the work of a render in this thread and without the database: renders each segment, then
 * joins all segments.
 */
async function rendered(
  texts: readonly string[],
  root: string,
  voice = "flite:slt",
): Promise<number> {
  const provider = fliteSpeech(speak, {
    readModel: () => Promise.resolve(Buffer.from(JSON.stringify(modelOf()))),
  });
  const personal = voice === OWN_VOICE ? { personal: { revision: "1", model: "bench" } } : {};
  const storage = new DiskStorage({ root });
  const segments = [];
  for (const [index, text] of texts.entries()) {
    const request = { text, language: "en", voice, prosody: NEUTRAL, ...personal };
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

/** Joins and encodes with one thread. */
const joined = (input: JoinInput) =>
  joinInSteps(
    input,
    { plan: planNarration, encode: encodeNarration, threads: 1 },
    new AbortController().signal,
  );

/**
 * Calls raw flite and our engine until V8 has compiled both. All calls speak one sentence, so that
 * flite's cache learns only the words of this sentence.
 */
async function warmUp(raw: RawFlite, root: string): Promise<void> {
  const texts = Array<string>(WARM_UP_CALLS).fill(WARM_UP);
  await saidBy(raw, texts);
  for (const text of texts) await runFlite(text, { voice: "kal16" });
  await rendered(texts, root);
  await rendered(texts, root, OWN_VOICE);
}

/** Runs all measurements. This function runs in a worker thread, like renders. */
export async function measureSpeeds(texts: readonly string[]): Promise<Speeds> {
  const root = await mkdtemp(join(tmpdir(), "fabula-bench-"));
  return speedsOf(texts, root).finally(() => rm(root, { recursive: true }));
}

async function speedsOf(texts: readonly string[], root: string): Promise<Speeds> {
  const say = await rawFlite();
  await warmUp(say, root);
  const raw = [await timed(() => saidBy(say, texts))];
  const cold = await timed(() => rendered(texts, root));
  raw.push(await timed(() => saidBy(say, texts)));
  const warm = await timed(() => rendered(texts, root));
  raw.push(await timed(() => saidBy(say, texts)));
  const adapted = await timed(() => rendered(texts, root, OWN_VOICE));
  const engine = await timed(() =>
    saidBy(async (text) => encodeWav(await runFlite(text, { voice: "slt" })), texts),
  );
  return { raw, engine, cold, warm, adapted };
}
