// Bundles the packages of the app into few files for the tests. Jest loads every module again for
// each test file. The app needs 1,500 modules of packages, and jest needs half a second for them.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import esbuild from "esbuild";
import { NOT_INSTALLED, REQUIRE, lighten } from "./bundle.mjs";

/** The packages that have many modules, and the packages that these share with the app. */
const PACKAGES = [
  ...["@apollo/server", "@apollo/server/plugin/disabled", "@as-integrations/fastify"],
  ...["@fastify/compress", "@fastify/cors", "@fastify/websocket", "dataloader", "domhandler"],
  ...["entities", "fastify", "graphql", "graphql/jsutils/inspect.js", "graphql-scalars"],
  ...["htmlparser2", "jose", "n2words/en-US", "negotiator", "pg", "pg-boss"],
  ...["reflect-metadata", "type-graphql", "typeorm", "ws", "zod"],
];

const root = resolve(import.meta.dirname, "..");
// Jest leaves files in a folder node_modules out of stacks.
const FOLDER = ".fabula/test-packages/node_modules";
const STAMP = "stamp";

/** For jest's moduleNameMapper. */
export const bundledPackages = Object.fromEntries(
  PACKAGES.map((name) => [`^${name}$`, `<rootDir>/${FOLDER}/${name}/index.mjs`]),
);

/** Makes the bundles, if they are not up to date. A folder of whole bundles replaces the old folder. */
export async function bundlePackages() {
  const folder = join(root, FOLDER);
  const stamp = stampOf(["package-lock.json", ".config/bundle.mjs", ".config/test-packages.mjs"]);
  const old = join(folder, STAMP);
  if (existsSync(old) && readFileSync(old, "utf8") === stamp) return;
  const fresh = `${folder}.${process.pid}`;
  await writeBundles(fresh);
  writeFileSync(join(fresh, STAMP), stamp);
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}

function stampOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(readFileSync(join(root, file)));
  return hash.digest("hex");
}

async function writeBundles(folder) {
  await esbuild.build({
    entryPoints: Object.fromEntries(PACKAGES.map((name) => [`${name}/index`, `entry:${name}`])),
    absWorkingDir: root,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    keepNames: true,
    minifyWhitespace: true,
    legalComments: "none",
    platform: "node",
    format: "esm",
    target: "node24",
    logLevel: "warning",
    external: NOT_INSTALLED,
    banner: { js: REQUIRE },
    plugins: [namedExports],
  });
  const files = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith(".mjs"));
  await Promise.all(files.map((file) => lighten(join(folder, file))));
}

/** Without these entries, a CommonJS package would export only its default. */
const namedExports = {
  name: "named-exports",
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^entry:/ }, ({ path }) => ({
      path: path.slice("entry:".length),
      namespace: "entry",
    }));
    onLoad({ filter: /./, namespace: "entry" }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => /^\w+$/.test(name));
      return {
        contents: `export { ${names.join(", ")} } from ${JSON.stringify(path)};`,
        resolveDir: root,
      };
    });
  },
};
