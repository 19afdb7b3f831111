import { GraphQLScalarType } from "graphql";

/** Only outputs use this scalar. No input takes a time. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: "DateTime",
  description: "A time in UTC in ISO 8601 with milliseconds, for example 2026-03-14T09:26:53.589Z.",
  specifiedByURL: "https://scalars.graphql.org/andimarek/date-time.html",
  serialize: (value) => {
    const date = value instanceof Date ? value : new Date(String(value));
    return date.toISOString();
  },
});
