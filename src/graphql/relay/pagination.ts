import { ArgsType, Field, Int } from "type-graphql";
import type { Page, PageRequest } from "../../platform/database/reading/keyset.js";
import { EMPTY_PAGE } from "../../platform/database/reading/loaders.js";
import { InputProblems } from "../../platform/input/input-problems.js";
import { isGiven } from "../given.js";
import { type BoundList, decodeCursor, encodeCursor } from "./cursor.js";

export const DEFAULT_PAGE_SIZE = 20;
export const MAX_PAGE_SIZE = 100;

/** Arguments of every list. A list can be read from either end. */
@ArgsType()
export class ConnectionArgs {
  @Field(() => Int, {
    nullable: true,
    description: `The number of entries to return, 1 to ${MAX_PAGE_SIZE}. The default is ${DEFAULT_PAGE_SIZE}.`,
  })
  readonly first?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Return entries after this cursor. The cursor must come from this list with this order and filter.",
  })
  readonly after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `The number of entries to return from the end of the list, 1 to ${MAX_PAGE_SIZE}. The entries keep the list's order.`,
  })
  readonly last?: number | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Return entries before this cursor. The cursor must come from this list with this order and filter.",
  })
  readonly before?: string | null;
}

/**
 * The source object of a connection type. The server computes cursors and the count only if the request
 * selects these fields.
 */
export interface Connection<E extends object> {
  readonly edges: readonly E[];
  /** The nodes of the edges. */
  readonly nodes: readonly unknown[];
  readonly pageInfo: () => object;
  readonly count: () => Promise<number>;
}

export interface Listing<T> {
  readonly load: (page: PageRequest) => Promise<Page<T>>;
  readonly count: () => Promise<number>;
  /** Fields of the edge in addition to cursor and node. */
  readonly edge?: (node: T) => object;
}

/** An entry of a list. A class, because a page has thousands of entries and few cursors are read. */
class Edge<T> {
  constructor(
    private readonly listed: ListedPage<T>,
    private readonly index: number,
    readonly node: T,
  ) {}

  cursor(): string {
    return this.listed.cursorAt(this.index);
  }
}

/** A page of a list. The members that a client selects seldom are made when they are read. */
class ListedPage<T> implements Connection<object> {
  readonly edges: readonly Edge<T>[];
  readonly count: () => Promise<number>;

  constructor(
    private readonly list: BoundList,
    private readonly page: Page<T>,
    { count, edge }: Listing<T>,
  ) {
    this.count = count;
    this.edges = page.nodes.map((node, index) => {
      const listed = new Edge(this, index, node);
      return edge ? Object.assign(listed, edge(node)) : listed;
    });
  }

  get nodes(): readonly unknown[] {
    return this.edges.map(({ node }) => node);
  }

  cursorAt(index: number): string {
    return encodeCursor(this.list, this.page.placeAt(index));
  }

  pageInfo(): object {
    const { hasNextPage, hasPreviousPage } = this.page;
    return {
      ...{ hasNextPage, hasPreviousPage },
      startCursor: () => this.edges.at(0)?.cursor() ?? null,
      endCursor: () => this.edges.at(-1)?.cursor() ?? null,
    };
  }
}

/** Reads one page of a list. @throws InvalidInputError for invalid paging arguments */
export const toConnection = <T>(
  list: BoundList,
  args: ConnectionArgs,
  listing: Listing<T>,
): Promise<Connection<object>> =>
  listing.load(pageRequestOf(list, args)).then((page) => new ListedPage(list, page, listing));

/** An empty list, for a viewer or a parent without entries. toConnection still checks the arguments. */
export const EMPTY_LISTING: Omit<Listing<never>, "edge"> = {
  load: async () => EMPTY_PAGE,
  count: async () => 0,
};

export function pageRequestOf(
  list: BoundList,
  { first, after, last, before }: ConnectionArgs,
): PageRequest {
  const problems = new InputProblems();
  if (isGiven(first) && isGiven(last)) {
    problems.add("Send either first or last, not both.", ["last"]);
  }
  refusePageSize("first", first, problems);
  refusePageSize("last", last, problems);
  const placeOf = (name: "after" | "before", cursor: string | null | undefined) => {
    if (!isGiven(cursor)) return {};
    const place = problems.check(() => decodeCursor(list, cursor, name), undefined);
    return place && { [name]: place };
  };
  const request = {
    limit: first ?? last ?? DEFAULT_PAGE_SIZE,
    ...placeOf("after", after),
    ...placeOf("before", before),
    ...(isGiven(last) ? { fromEnd: true } : {}),
  };
  problems.refuse();
  return request;
}

function refusePageSize(
  argument: string,
  size: number | null | undefined,
  problems: InputProblems,
): void {
  if (!isGiven(size) || (size >= 1 && size <= MAX_PAGE_SIZE)) return;
  problems.add(`${argument} must be between 1 and ${MAX_PAGE_SIZE}.`, [argument]);
}
