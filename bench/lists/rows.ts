import { decodeGlobalId } from "../../src/graphql/relay/global-id.js";

/** Returns the ids of the entries of all lists of an answer, or their total counts, in order. */
export function rowsOfGraphQL(body: string): string[] {
  const lists: string[] = [];
  collect(JSON.parse(body), lists);
  return lists;
}

interface List {
  readonly totalCount?: number;
  readonly edges?: readonly { readonly node: { readonly id: string } }[];
}

function collect(value: unknown, rows: string[]): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (key === "list") rows.push(...idsOf(member as List));
    else collect(member, rows);
  }
}

const idsOf = ({ totalCount, edges = [] }: List): string[] =>
  totalCount === undefined ? edges.map(({ node }) => rawId(node.id)) : [String(totalCount)];

const rawId = (globalId: string): string => decodeGlobalId(globalId)?.raw ?? "";

/** Returns the ids of the rows of a hand-written statement. */
export const rowsOfPlain = (body: string): string[] =>
  (JSON.parse(body) as { readonly id: number | string }[]).map(({ id }) => String(id));
