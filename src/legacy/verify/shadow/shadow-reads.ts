import { isDeepStrictEqual } from "node:util";
import type pg from "pg";
import type { GraphQLServices } from "../../../graphql/context.js";
import { PAIRS, type Pair } from "../../pairs.js";
import type { Difference } from "../compare.js";
import { ApiReader } from "./api-reader.js";
import {
  type Counts,
  type ExpectedRow,
  OWNER_COLUMNS,
  type ReadPair,
  expectedCounts,
  expectedRows,
  sampleKeys,
} from "./legacy-sample.js";
import { type Checked, type Readers, readNarration, readStory, readUser } from "./read-rows.js";

/** What the reads of one pair found. */
export interface ShadowReport {
  readonly pair: ReadPair;
  readonly rows: number;
  /** Rows that are not in the new model, and that the API does not show. */
  readonly hidden: number;
  readonly differences: readonly Difference[];
}

export interface ShadowReads {
  /** Legacy rows of each pair. */
  readonly size: number;
  /** The same seed reads the same rows. */
  readonly seed: string;
  readonly services: GraphQLServices;
}

/** So often, a row that changes all the while is read again. Then the row is left out. */
const MOST_TRIES = 10;
const LONGEST_VALUE = 300;

/** A legacy row, and what belongs to it. */
interface Sampled {
  readonly row: ExpectedRow;
  readonly counts: Counts;
}

type SampledPair = Pair & { readonly name: ReadPair };

/**
 * Reads some legacy users, stories and narrations through the API: as the owner, as someone else, and without a
 * token. Compares the answers with the legacy rows. Both applications may write meanwhile.
 */
export async function readShadows(
  client: pg.Client,
  { services, ...sample }: ShadowReads,
): Promise<ShadowReport[]> {
  const api = new ApiReader(services);
  const people = await sampleKeys(client, pairNamed("users"), sample);
  const users = await expectedRows(client, pairNamed("users"), people);
  const active = people.filter((key) => users.get(key)?.isOwnerBarred === false);
  const reports: ShadowReport[] = [];
  for (const name of Object.keys(OWNER_COLUMNS) as ReadPair[]) {
    const pair = pairNamed(name);
    const keys = name === "users" ? people : await sampleKeys(client, pair, sample);
    reports.push(await readPair(client, { pair, keys, readers: { api, active } }));
  }
  return reports;
}

interface PairToRead {
  readonly pair: SampledPair;
  readonly keys: readonly string[];
  readonly readers: { readonly api: ApiReader; readonly active: readonly string[] };
}

async function readPair(client: pg.Client, about: PairToRead): Promise<ShadowReport> {
  const { pair, keys, readers } = about;
  const sampled = await sampledRows(client, pair, keys);
  const differences: Difference[] = [];
  let hidden = 0;
  for (const first of sampled.values()) {
    const { row } = first;
    const other = readers.active.find((person) => person !== row.ownerId) ?? null;
    const read = (now: Sampled) => readRow(pair.name, now, { api: readers.api, other });
    const wrong = wrongIn(await read(first));
    const columns = wrong.length === 0 ? wrong : await settle(client, { pair, row, read });
    if (columns.length > 0) differences.push(differenceOf(row.key, columns));
    else if (!row.isHere) hidden += 1;
  }
  return { pair: pair.name, rows: sampled.size, hidden, differences };
}

const readRow = (
  pair: ReadPair,
  { row, counts }: Sampled,
  readers: Readers,
): Promise<Checked[]> => {
  if (pair === "users") return readUser(row, readers, counts);
  return pair === "stories" ? readStory(row, readers) : readNarration(row, readers);
};

interface Unsettled {
  readonly pair: SampledPair;
  readonly row: ExpectedRow;
  readonly read: (now: Sampled) => Promise<Checked[]>;
}

/**
 * Reads the row again, between two looks at the legacy row that find the same. A difference counts if it is found
 * twice in a row, because a row may also change there and back between two looks.
 */
async function settle(client: pg.Client, { pair, row, read }: Unsettled): Promise<Checked[]> {
  const { key } = row;
  const look = async () => (await sampledRows(client, pair, [key])).get(key);
  let last: Checked[] | null = null;
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const before = await look();
    if (!before) return [];
    const wrong = wrongIn(await read(before));
    if (wrong.length === 0 || isDeepStrictEqual(wrong, last)) return wrong;
    last = isDeepStrictEqual(before, await look()) ? wrong : null;
  }
  return [];
}

const NONE: Counts = { stories: 0, narrations: 0 };

async function sampledRows(
  client: pg.Client,
  pair: SampledPair,
  keys: readonly string[],
): Promise<ReadonlyMap<string, Sampled>> {
  const rows = await expectedRows(client, pair, keys);
  const counts =
    pair.name === "users" ? await expectedCounts(client, keys) : new Map<string, Counts>();
  return new Map([...rows].map(([key, row]) => [key, { row, counts: counts.get(key) ?? NONE }]));
}

const wrongIn = (checked: readonly Checked[]): Checked[] =>
  checked.filter(({ expected, found }) => !isDeepStrictEqual(expected ?? null, found ?? null));

const differenceOf = (key: string, wrong: readonly Checked[]): Difference => ({
  ...{ key, kind: "different" },
  columns: Object.fromEntries(
    wrong.map(({ name, expected, found }) => [
      name,
      { expected: shortened(expected), found: shortened(found) },
    ]),
  ),
});

const shortened = (value: unknown): string => JSON.stringify(value ?? null).slice(0, LONGEST_VALUE);

function pairNamed(name: ReadPair): SampledPair {
  const pair = PAIRS.find((each) => each.name === name);
  if (!pair) throw new Error(`There is no pair ${name}.`);
  return { ...pair, name };
}
