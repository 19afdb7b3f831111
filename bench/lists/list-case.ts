import { toGlobalId } from "../../src/graphql/relay/global-id.js";

/** A list of the schema with one filter or order, and a hand-written statement for the same rows. */
export interface ListCase {
  /** `Type.field`, or `Type.field(argument)`, and what else is special about the case. */
  readonly name: string;
  /** The subject of the user who asks. Without a user, the request is anonymous. */
  readonly viewer?: string;
  /** The list has the alias `list`. */
  readonly query: string;
  readonly ids?: readonly string[];
  /**
   * The first column is the id of an entry, or the number of entries of a list. `$1` is the viewer, if there is
   * one.
   */
  readonly sql: string;
  /**
   * True if the statement runs as the superuser. Row-level security keeps PostgreSQL from using an index for the
   * condition, so this is the cost that a plain table would have. The statement itself selects public rows.
   */
  readonly isUnsecured?: true;
  /** False for voices: the catalogue is in the memory of the server, and not in the database. */
  readonly hasRowsOfDatabase?: false;
}

/** The user whose own lists are asked for. */
export const READER = "reader-1";
/** The author of ten stories. */
export const AUTHOR = "user-5";

export const globalIds = (
  type: Parameters<typeof toGlobalId>[0],
  ids: readonly (number | string)[],
): string[] => ids.map((id) => toGlobalId(type, id));

/** The selection of a list with these fields of each entry. */
export const pageOf = (fields: string): string =>
  `{ edges { cursor node { ${fields} } } pageInfo { hasNextPage endCursor } }`;

/** Selects a list of several parents, which `$ids` names. */
export const listsOf = (type: string, list: string): string =>
  `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ${type} { list: ${list} } } }`;

const numbersFrom = (first: number, count: number, step: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index * step);

/** The parents of the lists: rows that the seed makes for every size. */
export const PARENTS = {
  /** The newest stories, which readers narrate. */
  stories: numbersFrom(20_000, 20, -1),
  analyses: numbersFrom(20_000, 20, -1),
  templates: numbersFrom(1, 20, 1),
  /** The first narrations of the reader. */
  ownNarrations: numbersFrom(1, 20, 20),
  publicNarrations: numbersFrom(20_002, 20, 20),
} as const;
