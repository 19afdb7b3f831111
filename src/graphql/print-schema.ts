import { type GraphQLSchema, lexicographicSortSchema, printSchema } from "graphql";

/** The schema as it stands in schema.graphql: sorted, so that a change is a change. */
export const printFabulaSchema = (schema: GraphQLSchema): string =>
  `${printSchema(lexicographicSortSchema(schema))}\n`;
