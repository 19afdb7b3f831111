import { type GraphQLSchema, lexicographicSortSchema, printSchema } from "graphql";

/** Prints the schema for schema.graphql. Sorting keeps the order of the code out of the diff. */
export const printFabulaSchema = (schema: GraphQLSchema): string =>
  `${printSchema(lexicographicSortSchema(schema))}\n`;
