import { readFileSync } from "node:fs";
import type pg from "pg";
import { inTransaction, quoted } from "../connection.js";

const file = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");

export interface GeneratedData {
  /** The same seed gives the same rows. */
  readonly seed: string;
  /** How many narrations of about ten segments. The other tables have a tenth of that, or less. */
  readonly narrations: number;
}

/** Creates the empty legacy tables in the schema public, owned by `owner`. */
export async function createLegacyTables(client: pg.Client, owner: string): Promise<void> {
  await asOwner(client, owner, () => client.query(file("baseline.sql")));
}

/** Fills the legacy tables with rows as the running platform has them, oddities included. */
export async function generateLegacyData(
  client: pg.Client,
  owner: string,
  { seed, narrations }: GeneratedData,
): Promise<void> {
  await asOwner(client, owner, async () => {
    await client.query(
      "SELECT set_config('demo.seed', $1, true), set_config('demo.narrations', $2, true)",
      [seed, String(narrations)],
    );
    await client.query(file("generator.sql"));
    await client.query("SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)");
  });
  await client.query("ANALYZE");
}

const asOwner = (
  client: pg.Client,
  owner: string,
  work: () => Promise<unknown>,
): Promise<unknown> =>
  inTransaction(client, async () => {
    await client.query(`SET LOCAL ROLE ${quoted(owner)}; SET LOCAL search_path = public, pg_temp`);
    await work();
  });
