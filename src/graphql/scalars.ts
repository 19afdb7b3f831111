import { GraphQLError, GraphQLScalarType, Kind } from "graphql";

/** RFC 3339: a date, a time and an offset from UTC. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/i;

function parseTime(value: unknown): Date {
  const time = typeof value === "string" && TIME.test(value) ? new Date(value) : null;
  if (time && isRealDay(String(value)) && !Number.isNaN(time.getTime())) return time;
  throw new GraphQLError(
    "A DateTime is a time in ISO 8601 with an offset from UTC, for example 2026-03-14T09:26:53.589Z.",
  );
}

/** JavaScript takes the 31st of June for the 1st of July. */
function isRealDay(time: string): boolean {
  const day = time.slice(0, 10);
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

export const DateTime = new GraphQLScalarType<Date, string>({
  name: "DateTime",
  description: "A time in UTC in ISO 8601 with milliseconds, for example 2026-03-14T09:26:53.589Z.",
  specifiedByURL: "https://scalars.graphql.org/andimarek/date-time.html",
  serialize: (value) => {
    const date = value instanceof Date ? value : new Date(String(value));
    return date.toISOString();
  },
  parseValue: parseTime,
  parseLiteral: (node) => parseTime(node.kind === Kind.STRING ? node.value : null),
});
