// Joins the code of each process and of its packages into few files. Node needs about 0.3 ms for each
// file that it loads, and a process would load 2,000 files. The files of threads and benches stay apart.
// A stack names a line of a bundle. The name of the original file stands in the bundle, above its code.
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import esbuild from "esbuild";

const PROCESSES = ["main.js", "worker.js", "cli.js"];
/** Packages that start threads or load data from their own folder, and what only they need. */
const APART = [
  ...["piscina", "opusscript", "mpg123-decoder", "mediabunny", "wasm-media-encoders"],
  ...["@wasm-audio-decoders/*", "@bjorn3/browser_wasi_shim", "@audio/decode-aac"],
];
/** Packages that a package of ours loads only if they are installed. We do not install them. */
export const NOT_INSTALLED = [
  ...["class-validator", "pg-native", "pg-query-stream", "bufferutil", "utf-8-validate"],
];

/** Packages in the format of CommonJS call require. */
export const REQUIRE =
  'import { createRequire as requireFor } from "node:module"; const require = requireFor(import.meta.url);';

/** @param dist the folder with the compiled files. The bundles replace the files of the processes. */
export async function bundle(dist) {
  const out = resolve(dist, "src");
  const { metafile } = await esbuild.build({
    metafile: true,
    entryPoints: PROCESSES.map((file) => join(out, file)),
    absWorkingDir: resolve(dist),
    outdir: out,
    allowOverwrite: true,
    bundle: true,
    splitting: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    platform: "node",
    format: "esm",
    target: "node24",
    logLevel: "warning",
    external: [...APART, ...NOT_INSTALLED],
    banner: { js: REQUIRE },
    plugins: [ownPlaces(out)],
  });
  const files = Object.keys(metafile.outputs).filter((file) => file.endsWith(".js"));
  await Promise.all(files.map((file) => lighten(resolve(dist, file))));
}

export async function lighten(file) {
  const text = await readFile(file, "utf8");
  const lighter = inAscii(nameClassesOnly(text));
  if (lighter !== text) await writeFile(file, lighter);
}

const NAMING = /var __name ?= ?\(target, ?value\) ?=> ?__defProp\(/;
const NAMING_CLASSES = "var __name = (target, value, isClass) => !isClass ? target : __defProp(";

/**
 * esbuild names each class and function again, because it may rename them. Type-graphql and TypeORM need
 * the names of classes. Functions have their names, and naming a function costs more than most of them.
 */
const nameClassesOnly = (text) =>
  text
    .replace(NAMING, NAMING_CLASSES)
    .replaceAll(/\b__name\(this, ?("[^"]*")\)/g, "__name(this, $1, true)");

const RAW_TEXT = /(?<!new RegExp\(\s*)String\.raw`[^`]*[\u0080-\uffff]/;

/**
 * V8 keeps the text of each loaded file, with two bytes for every character if one character needs them. The
 * heap of every process would be 9 MB larger. esbuild leaves such characters only in comments, in regular
 * expressions, and in the String.raw of regular expressions. There, the escape means the same.
 */
function inAscii(text) {
  const [found] = RAW_TEXT.exec(text) ?? [];
  if (found) throw new Error(`Write the last character without String.raw: ${found}`);
  return text.replaceAll(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Lets `import.meta.url` of our files stay the file's own address, beside which its data is. */
const ownPlaces = (out) => ({
  name: "own-places",
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.js$/ }, async ({ path }) => {
      if (path.includes("node_modules")) return undefined;
      const text = await readFile(path, "utf8");
      const place = JSON.stringify(`./${relative(out, path)}`);
      return {
        contents: text.replaceAll("import.meta.url", `new URL(${place}, import.meta.url).href`),
        resolveDir: dirname(path),
        loader: "js",
      };
    });
  },
});
