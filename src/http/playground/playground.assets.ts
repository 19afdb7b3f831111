import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(import.meta.url);

/**
 * Returns the URL of `file`, relative to the file `exported` of the same package. Packages do not export
 * the files for browsers, so require.resolve cannot find them.
 */
const beside = (exported: string, file: string): URL => new URL(file, pathToFileURL(exported));

/**
 * The styles and libraries. The browser runs the libraries in this order. The versions must stay
 * GraphiQL 3 and React 18, because later versions have no plain scripts and need a bundler.
 */
const FILES: Readonly<Record<string, () => URL>> = {
  "graphiql.css": () => beside(require.resolve("graphiql/package.json"), "graphiql.min.css"),
  "playground.css": () => new URL("./assets/playground.css", import.meta.url),
  "panel.css": () => new URL("./assets/voice/panel.css", import.meta.url),
  "react.js": () => beside(require.resolve("react/package.json"), "umd/react.production.min.js"),
  "react-dom.js": () =>
    beside(require.resolve("react-dom/package.json"), "umd/react-dom.production.min.js"),
  "graphql-ws.js": () => beside(require.resolve("graphql-ws"), "../umd/graphql-ws.min.js"),
  "graphiql.js": () => beside(require.resolve("graphiql/package.json"), "graphiql.min.js"),
};

/** The modules that the page names. They import the other modules. */
const ENTRY_MODULES = [
  "player.client.js",
  "measures.client.js",
  "playground.client.js",
  "voice/panel.client.js",
];
const IMPORTED_MODULES = [
  "api.client.js",
  "operations.client.js",
  "voice/buttons.client.js",
  "voice/casting.client.js",
  "voice/consent.client.js",
  "voice/documents.client.js",
  "voice/hearing.client.js",
  "voice/microphone.client.js",
  "voice/narrating.client.js",
  "voice/own-voice.client.js",
  "voice/own-voice.documents.client.js",
  "voice/own-voice.words.client.js",
  "voice/progress.client.js",
  "voice/prompt.client.js",
  "voice/recording.client.js",
  "voice/requests.client.js",
  "voice/revoking.client.js",
  "voice/sending.client.js",
  "voice/stories.client.js",
  "voice/takes.client.js",
  "voice/templates.client.js",
  "voice/training.client.js",
  "voice/words.client.js",
];

export type PlaygroundAssetKind = "style" | "script" | "entry-module" | "imported-module";

export interface PlaygroundAsset {
  /** The path in the page's URLs. */
  readonly name: string;
  readonly kind: PlaygroundAssetKind;
  /** The hash of the bytes. The URL contains the hash, so that browsers may keep the file forever. */
  readonly hash: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** Reads the page's scripts and styles from node_modules and from the `assets` folder next to this file. */
export async function loadPlaygroundAssets(): Promise<readonly PlaygroundAsset[]> {
  const [files, modules] = await Promise.all([loadFiles(), loadModules()]);
  return [...files, ...modules];
}

const loadFiles = (): Promise<PlaygroundAsset[]> =>
  Promise.all(
    Object.entries(FILES).map(async ([name, urlOf]) => {
      const bytes = await readFile(urlOf());
      const kind = name.endsWith(".css") ? "style" : "script";
      return { name, kind, hash: hashOf(bytes), contentType: CONTENT_TYPES[kind], bytes };
    }),
  );

/**
 * Reads the modules. A module imports another module by its relative path, so all of them need one
 * hash: of the bytes of all.
 */
async function loadModules(): Promise<PlaygroundAsset[]> {
  const names = [...ENTRY_MODULES, ...IMPORTED_MODULES];
  const contents = await Promise.all(
    names.map((name) => readFile(new URL(`./assets/${name}`, import.meta.url))),
  );
  const hash = hashOf(Buffer.concat(contents));
  return names.map((name, index) => ({
    name,
    kind: ENTRY_MODULES.includes(name) ? "entry-module" : "imported-module",
    hash,
    contentType: CONTENT_TYPES.script,
    bytes: contents[index] ?? Buffer.alloc(0),
  }));
}

const CONTENT_TYPES = {
  style: "text/css; charset=utf-8",
  script: "text/javascript; charset=utf-8",
};

const hashOf = (bytes: Buffer): string =>
  createHash("sha256").update(bytes).digest("hex").slice(0, 16);
