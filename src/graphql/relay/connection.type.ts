import { type ClassType, Field, Int, ObjectType, Root } from "type-graphql";

@ObjectType({ description: "Where a page lies in its list." })
export class PageInfo {
  @Field(() => Boolean, { simple: true, description: "Whether entries follow this page." })
  readonly hasNextPage!: boolean;

  @Field(() => Boolean, { simple: true, description: "Whether entries precede this page." })
  readonly hasPreviousPage!: boolean;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The cursor of the page's first entry; null where the page is empty.",
  })
  readonly startCursor!: string | null;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The cursor of the page's last entry; null where the page is empty.",
  })
  readonly endCursor!: string | null;
}

interface Counted {
  readonly count: () => Promise<number>;
}

/** The connection and edge types of one node type. `Edge` may be extended with fields of its own. */
export function connectionTypes(node: ClassType, nodeName: string) {
  @ObjectType(`${nodeName}Edge`, { description: `A ${nodeName} in its place in a list.` })
  class Edge {
    @Field(() => String, { simple: true, description: "This place, for after and before." })
    readonly cursor!: string;

    @Field(() => node, { simple: true, description: `The ${nodeName} itself.` })
    readonly node!: object;
  }

  @ObjectType(`${nodeName}Connection`, { description: `A page of a list of ${nodeName}.` })
  class ConnectionType {
    @Field(() => [Edge], { simple: true, description: "The entries of this page, in list order." })
    readonly edges!: readonly Edge[];

    @Field(() => PageInfo, { simple: true, description: "Where the page lies in its list." })
    readonly pageInfo!: PageInfo;

    @Field(() => Int, {
      description: "How many entries the whole list has; counted only when selected.",
    })
    totalCount(@Root() { count }: Counted): Promise<number> {
      return count();
    }
  }

  return { Edge, Connection: ConnectionType };
}
