import { type GraphQLSchema, type ResponsePath, isObjectType } from "graphql";
import { type SqlMeter, meterClient } from "../platform/database/metered-client.js";
import type { FabulaContext } from "./context.js";

/** What a request cost in SQL, as `extensions.sql` shows it in development. */
export interface SqlReport {
  /** Statements that touch tables. */
  readonly count: number;
  /** Times a connection waited for PostgreSQL; BEGIN and the scope travel with the first statement. */
  readonly roundTrips: number;
  readonly statements: readonly {
    readonly path: string | null;
    readonly rows: number;
    readonly timeMs: number;
    readonly sql: string;
  }[];
}

/** Makes every resolver of `schema` count its statements under its path, where the context has a meter. */
export function meterResolvers(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    for (const field of Object.values(type.getFields())) {
      const { resolve } = field;
      if (!resolve) continue;
      field.resolve = (source, args, context: FabulaContext, info): unknown =>
        context.sqlMeter
          ? meterClient(context.sqlMeter, dotted(info.path), () =>
              resolve(source, args, context, info),
            )
          : resolve(source, args, context, info);
    }
  }
  return schema;
}

export const sqlReport = ({ statements, roundTrips }: SqlMeter): SqlReport => ({
  count: statements.length,
  roundTrips,
  // By path: those that run side by side end in any order.
  statements: statements
    .map(({ path, rows, timeMs, sql }) => ({
      path,
      rows,
      timeMs,
      sql: sql.replace(/\s+/g, " ").trim(),
    }))
    .sort((a, b) => ((a.path ?? "") < (b.path ?? "") ? -1 : 1)),
});

/** The path by response names, without list positions: one batch serves them all. */
function dotted(path: ResponsePath): string {
  const names: string[] = [];
  for (let at: ResponsePath | undefined = path; at; at = at.prev) {
    if (typeof at.key === "string") names.unshift(at.key);
  }
  return names.join(".");
}
