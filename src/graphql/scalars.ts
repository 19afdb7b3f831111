import { GraphQLScalarType } from "graphql";

/** Moments only leave the server; no input takes one. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: "DateTime",
  description:
    "A moment in UTC, written as in ISO 8601 with milliseconds: 2026-03-14T09:26:53.589Z.",
  specifiedByURL: "https://scalars.graphql.org/andimarek/date-time.html",
  serialize: (value) => {
    const date = value instanceof Date ? value : new Date(String(value));
    return date.toISOString();
  },
});
