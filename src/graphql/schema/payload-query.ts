import { GraphQLNonNull, type GraphQLSchema, isObjectType } from "graphql";

const DESCRIPTION =
  "Everything that you can read, read after the change. Select the lists of the root here that the change altered, for example `stories` after publishStory.";

/**
 * Adds the field `query` to the payload of every mutation. So one request changes an object and reads the
 * lists of the root again. type-graphql has no class for the type Query, so a decorator cannot name it.
 */
export function addQueryToPayloads(schema: GraphQLSchema): void {
  const query = schema.getQueryType();
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
  for (const { type: payload } of mutations) {
    if (!query || !isObjectType(payload)) continue;
    payload.getFields()["query"] = {
      name: "query",
      description: DESCRIPTION,
      type: new GraphQLNonNull(query),
      args: [],
      resolve: () => ({}),
      deprecationReason: undefined,
      extensions: {},
      astNode: undefined,
    };
  }
}
