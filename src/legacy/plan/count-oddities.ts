import type pg from "pg";
import type { LegacyTable } from "../legacy-database.js";
import { ODDITIES, ODDITY_SOURCES, type Oddity } from "./oddities.js";

const MOST_EXAMPLES = 3;

/** The rows of a kind of oddity. */
export interface FoundOddity {
  readonly table: LegacyTable;
  readonly name: string;
  readonly outcome: string;
  readonly rows: number;
  /** The ids of up to three of the rows. */
  readonly examples: readonly string[];
}

/** Counts the oddities of some tables, with one scan of each table. Leaves out what does not occur. */
export async function countOddities(
  client: pg.Client,
  tables: readonly LegacyTable[],
): Promise<FoundOddity[]> {
  const found: FoundOddity[] = [];
  for (const table of tables) {
    const oddities = ODDITIES.filter((oddity) => oddity.table === table);
    if (oddities.length > 0) found.push(...(await countIn(client, table, oddities)));
  }
  return found;
}

type Counted = Readonly<Record<string, number | readonly string[]>>;

async function countIn(
  client: pg.Client,
  table: LegacyTable,
  oddities: readonly Oddity[],
): Promise<FoundOddity[]> {
  const columns = oddities.flatMap(({ sql }, index) => [
    `count(*) FILTER (WHERE ${sql})::int AS rows${index}`,
    `coalesce((array_agg(r.id::text) FILTER (WHERE ${sql}))[1:${MOST_EXAMPLES}], '{}') AS examples${index}`,
  ]);
  const { rows } = await client.query<Counted>(
    `SELECT ${columns.join(", ")} FROM ${ODDITY_SOURCES[table] ?? `public.${table}`} r`,
  );
  const counted = rows[0] ?? {};
  return oddities
    .map(({ name, outcome }, index) => ({
      ...{ table, name, outcome },
      rows: Number(counted[`rows${index}`]),
      examples: counted[`examples${index}`] as readonly string[],
    }))
    .filter(({ rows: count }) => count > 0);
}
