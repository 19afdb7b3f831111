import { type GraphQLSchema, type ResponsePath, isObjectType } from "graphql";
import { type SqlMeter, meterClient } from "../platform/database/connection/metered-client.js";
import type { FabulaContext } from "./context.js";

/** The SQL statements of one request. In development, `extensions.sql` contains this report. */
export interface SqlReport {
  /** The number of statements that use tables. */
  readonly count: number;
  /**
   * How often a connection waited for PostgreSQL. BEGIN and the settings of a transaction add no round
   * trip, because they are sent together with the first statement.
   */
  readonly roundTrips: number;
  readonly statements: readonly {
    readonly path: string | null;
    readonly rows: number;
    readonly timeMs: number;
    readonly sql: string;
    /** The URL of the statement's plan. Absent if the server has no playground. */
    readonly plan?: string;
  }[];
}

/**
 * Makes every resolver of `schema` count its SQL statements under its path. Counts only if the context
 * has a meter.
 */
export function meterResolvers(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve) continue;
      field.resolve = (source, args, context: FabulaContext, info): unknown =>
        context.sqlMeter
          ? meterClient(context.sqlMeter, dottedPathOf(info.path), () =>
              resolve(source, args, context, info),
            )
          : resolve(source, args, context, info);
    }
  }
  return schema;
}

export type MakeSqlReport = (meter: SqlMeter) => SqlReport;

/** @param planUrlOf keeps a statement and returns the URL of its plan; null if there are no plans */
export const sqlReport = (
  { statements, roundTrips }: SqlMeter,
  planUrlOf: ((sql: string) => string) | null = null,
): SqlReport => ({
  count: statements.length,
  roundTrips,
  // Sorted by path, because parallel statements end in any order.
  statements: statements
    .map(({ path, rows, timeMs, sql }) => ({
      path,
      rows,
      timeMs,
      sql: sql.replace(/\s+/g, " ").trim(),
      ...(planUrlOf && { plan: planUrlOf(sql) }),
    }))
    .sort((a, b) => ((a.path ?? "") < (b.path ?? "") ? -1 : 1)),
});

/**
 * Returns the path of response names. Leaves out list positions, because one batch serves all
 * positions.
 */
function dottedPathOf(path: ResponsePath): string {
  const names: string[] = [];
  for (let at: ResponsePath | undefined = path; at; at = at.prev) {
    if (typeof at.key === "string") names.unshift(at.key);
  }
  return names.join(".");
}
