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
 * Every file that the page loads. The browser runs the libraries in this order. The versions must stay
 * GraphiQL 3 and React 18, because later versions have no plain scripts and need a bundler.
 */
const FILES = {
  "graphiql.css": () => beside(require.resolve("graphiql/package.json"), "graphiql.min.css"),
  "playground.css": () => new URL("./assets/playground.css", import.meta.url),
  "react.js": () => beside(require.resolve("react/package.json"), "umd/react.production.min.js"),
  "react-dom.js": () =>
    beside(require.resolve("react-dom/package.json"), "umd/react-dom.production.min.js"),
  "graphql-ws.js": () => beside(require.resolve("graphql-ws"), "../umd/graphql-ws.min.js"),
  "graphiql.js": () => beside(require.resolve("graphiql/package.json"), "graphiql.min.js"),
  "player.mjs": () => new URL("./assets/player.client.js", import.meta.url),
  "playground.mjs": () => new URL("./assets/playground.client.js", import.meta.url),
} as const;

export type PlaygroundAssetName = keyof typeof FILES;

export interface PlaygroundAsset {
  readonly name: PlaygroundAssetName;
  /** The hash of the bytes. The URL contains the hash, so that browsers may keep the file forever. */
  readonly hash: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** Reads the page's scripts and styles from node_modules and from the `assets` folder next to this file. */
export async function loadPlaygroundAssets(): Promise<readonly PlaygroundAsset[]> {
  const names = Object.keys(FILES) as PlaygroundAssetName[];
  return Promise.all(
    names.map(async (name) => {
      const bytes = await readFile(FILES[name]());
      return {
        name,
        hash: createHash("sha256").update(bytes).digest("hex").slice(0, 16),
        contentType: name.endsWith(".css")
          ? "text/css; charset=utf-8"
          : "text/javascript; charset=utf-8",
        bytes,
      };
    }),
  );
}
