import { type GraphQLSchema, lexicographicSortSchema, printSchema } from "graphql";

/**
 * Prints the schema for schema.graphql. The types are sorted, so moving code does not change the file.
 */
export const printFabulaSchema = (schema: GraphQLSchema): string =>
  `${printSchema(lexicographicSortSchema(schema))}\n`;
