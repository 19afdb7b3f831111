import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { issueDevelopmentToken } from "../../src/http/tokens.js";
import { type Cell, nameOf } from "./cells.js";
import type { PageRequest } from "./client.js";
import type { Cluster } from "./cluster.js";
import { pageQuery } from "./page-query.js";
import { type Page, fabulaPage, floorPage } from "./pages.js";
import { peerProgram } from "./peers.js";
import {
  COMPUTED_COLUMNS,
  NO_COMPUTED_COLUMNS,
  postgraphilePage,
  postgraphileQuery,
} from "./postgraphile-page.js";
import { type ServerProcess, startServer } from "./processes.js";
import { READERS, readerOf } from "./seed.js";

/** One of the servers that the bench compares. */
export interface Variant {
  readonly name: string;
  readonly server: ServerProcess;
  /** Returns the request of a page. `turn` chooses the reader. */
  request(cell: Cell, turn: number): PageRequest;
  pageOf(body: string): Page;
  close(): Promise<void>;
}

/** Starts a variant. `flags` are flags of node. */
type Start = (cluster: Cluster, flags: readonly string[]) => Promise<Variant>;

/** @throws Error if no variant has the name */
export function startVariant(
  name: string,
  cluster: Cluster,
  flags: readonly string[] = [],
): Promise<Variant> {
  const start = VARIANTS[name];
  if (start) return start(cluster, flags);
  throw new Error(
    `There is no variant ${name}. The variants are: ${Object.keys(VARIANTS).join(", ")}.`,
  );
}

const programAt = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
// A bench sends all its requests as few users, so it needs a larger budget than a real user has.
const BUDGET = { COST_BUCKET: "1000000000", COST_PER_SECOND: "1000000" };

const fabula =
  (name: string, settings: Readonly<Record<string, string>>): Start =>
  async ({ urls }, flags) => {
    const dataDir = await mkdtemp(join(tmpdir(), "fabula-page-"));
    const tokens = await Promise.all(
      Array.from({ length: READERS }, (_, index) =>
        issueDevelopmentToken(urls.tokenSecret, {
          subject: readerOf(index),
          displayName: `Reader ${index + 1}`,
        }),
      ),
    );
    const server = await startServer({
      path: programAt("../../src/main.js"),
      flags,
      environment: {
        ...{ DATABASE_URL: urls.appUrl, MIGRATION_DATABASE_URL: urls.ownerUrl },
        ...{ AUTH_SECRET: urls.tokenSecret, INLINE_WORKER: "false", LOG_LEVEL: "warn" },
        ...{ HOST: "127.0.0.1", DATA_DIR: dataDir, ...BUDGET, ...settings },
      },
    });
    return {
      name,
      server,
      request: (cell, turn) => ({
        path: "/graphql",
        headers: cell.isSignedIn ? { authorization: `Bearer ${tokens[turn % READERS] ?? ""}` } : {},
        body: JSON.stringify({ query: pageQuery(cell), variables: { first: cell.stories } }),
      }),
      pageOf: fabulaPage,
      close: async () => {
        await server.close();
        await rm(dataDir, { recursive: true, force: true });
      },
    };
  };

const floor: Start = async ({ urls }, flags) => {
  const server = await startServer({
    path: programAt("../page-floor.js"),
    flags,
    environment: { DATABASE_URL: urls.appUrl },
  });
  return {
    name: FLOOR,
    server,
    request: (cell, turn) => ({
      path: `/${nameOf(cell)}`,
      headers: cell.isSignedIn ? { viewer: readerOf(turn) } : {},
      body: "",
    }),
    pageOf: floorPage,
    close: () => server.close(),
  };
};

const postgraphile: Start = async ({ urls, superUrl }, flags) => {
  await runAs(superUrl, COMPUTED_COLUMNS);
  const server = await startServer({
    path: peerProgram("postgraphile.mjs"),
    flags,
    environment: {
      ...{ DATABASE_URL: urls.appUrl, SUPERUSER_URL: superUrl, GRAPHILE_ENV: "production" },
    },
  });
  return {
    name: "PostGraphile",
    server,
    request: (cell, turn) => ({
      path: "/graphql",
      headers: cell.isSignedIn ? { viewer: readerOf(turn) } : {},
      body: JSON.stringify({ query: postgraphileQuery(cell), variables: { first: cell.stories } }),
    }),
    pageOf: postgraphilePage,
    close: async () => {
      await server.close();
      await runAs(superUrl, NO_COMPUTED_COLUMNS);
    },
  };
};

async function runAs(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query(sql);
  await client.end();
}

/** The variant that is the measure of the others. */
export const FLOOR = "floor";

/** All variants by the name that `--only` takes. */
export const VARIANTS: Readonly<Record<string, Start>> = {
  [FLOOR]: floor,
  ours: fabula("Fabula", {}),
  postgraphile,
  "ours-uncached": fabula("Fabula, no cache", { REFERENCE_CACHE_MB: "0" }),
};
