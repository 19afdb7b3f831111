import { type ClassType, Field, Int, ObjectType, Root } from "type-graphql";

@ObjectType({ description: "The position of a page in its list." })
export class PageInfo {
  @Field(() => Boolean, {
    simple: true,
    description: "True if the list has entries after this page.",
  })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, {
    simple: true,
    description: "True if the list has entries before this page.",
  })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The cursor of the page's first entry; null if the page is empty.",
  })
  readonly startCursor!: string | null;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The cursor of the page's last entry; null if the page is empty.",
  })
  readonly endCursor!: string | null;
}

interface Counted {
  readonly count: () => Promise<number>;
}

/** Creates the connection and edge types of one node type. Resolvers may add fields to `Edge`. */
export function connectionTypes(node: ClassType, nodeName: string) {
  @ObjectType(`${nodeName}Edge`, { description: `One entry of a list of ${nodeName}.` })
  class Edge {
    @Field(() => String, {
      simple: true,
      description: "The cursor of this entry. Send the cursor as `after` or `before`.",
    })
    readonly cursor!: string;

    @Field(() => node, { simple: true, description: `The ${nodeName} of this entry.` })
    readonly node!: object;
  }

  @ObjectType(`${nodeName}Connection`, { description: `One page of a list of ${nodeName}.` })
  class ConnectionType {
    @Field(() => [Edge], { simple: true, description: "The entries of this page, in list order." })
    readonly edges!: readonly Edge[];

    @Field(() => [node], {
      simple: true,
      description: "The nodes of this page, in list order: the `node` of each edge.",
    })
    readonly nodes!: readonly object[];

    @Field(() => PageInfo, { simple: true, description: "The position of the page in its list." })
    readonly pageInfo!: PageInfo;

    @Field(() => Int, {
      description:
        "The number of entries in the whole list. The server counts the entries only if you select this field.",
    })
    totalCount(@Root() { count }: Counted): Promise<number> {
      return count();
    }
  }

  return { Edge, Connection: ConnectionType };
}
