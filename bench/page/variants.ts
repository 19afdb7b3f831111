import pg from "pg";
import { CELLS, type Cell, nameOf } from "./cells.js";
import type { PageRequest } from "./client.js";
import type { Cluster } from "./cluster.js";
import { startFabula } from "./fabula.js";
import { pageStatement } from "./floor-sql.js";
import { pageQuery } from "./page-query.js";
import { type Page, fabulaPage, floorPage } from "./pages.js";
import { peerProgram } from "./peers.js";
import { startPlainServer } from "./plain.js";
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

const fabula =
  (name: string, settings: Readonly<Record<string, string>>): Start =>
  async (cluster, flags) => {
    const server = await startFabula(cluster, settings, flags);
    const headers = await Promise.all(
      Array.from({ length: READERS }, (_, index) => server.headersOf(readerOf(index))),
    );
    return {
      ...{ name, server, pageOf: fabulaPage },
      request: (cell, turn) => ({
        path: "/graphql",
        headers: cell.isSignedIn ? (headers[turn % READERS] ?? {}) : {},
        body: JSON.stringify({ query: pageQuery(cell), variables: { first: cell.stories } }),
      }),
    };
  };

const floor: Start = async (cluster, flags) => {
  const statements = new Map(CELLS.map((cell) => [pathOf(cell), pageStatement(cell)]));
  const server = await startPlainServer(cluster, statements, { flags });
  return {
    ...{ name: FLOOR, server, pageOf: floorPage },
    request: (cell, turn) => ({
      path: pathOf(cell),
      headers: cell.isSignedIn ? { viewer: readerOf(turn) } : {},
      body: "",
    }),
  };
};

const pathOf = (cell: Cell): string => `/${nameOf(cell)}`;

const postgraphile: Start = async ({ urls, superUrl }, flags) => {
  await runAs(superUrl, COMPUTED_COLUMNS);
  const server = await startServer({
    path: peerProgram("postgraphile.mjs"),
    flags,
    environment: {
      ...{ DATABASE_URL: urls.appUrl, SUPERUSER_URL: superUrl, GRAPHILE_ENV: "production" },
    },
  });
  const close = async (): Promise<void> => {
    await server.close();
    await runAs(superUrl, NO_COMPUTED_COLUMNS);
  };
  return {
    ...{ name: "PostGraphile", server: { ...server, close }, pageOf: postgraphilePage },
    request: (cell, turn) => ({
      path: "/graphql",
      headers: cell.isSignedIn ? { viewer: readerOf(turn) } : {},
      body: JSON.stringify({ query: postgraphileQuery(cell), variables: { first: cell.stories } }),
    }),
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
