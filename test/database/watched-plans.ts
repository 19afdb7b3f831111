import { once } from "node:events";
import type pg from "pg";
import type { TestDatabase } from "../support/test-database.js";

/** A node of a plan, as EXPLAIN (ANALYZE, FORMAT JSON) prints it. */
interface PlanNode {
  readonly "Node Type": string;
  readonly "Parent Relationship"?: string;
  readonly "Relation Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly PlanNode[];
}

/** A statement that PostgreSQL ran, with its plan. A statement of a function is a statement of its own. */
export interface WatchedStatement {
  readonly sql: string;
  readonly plan: PlanNode;
}

/**
 * Makes PostgreSQL send the plan of each statement as a notice. A statement has a plan for its values, unless
 * the app itself wants another plan. Applies to later connections.
 */
export async function explainEverything({ name, superuser }: TestDatabase): Promise<void> {
  const settings = {
    session_preload_libraries: "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_format": "json",
    "auto_explain.log_level": "notice",
    plan_cache_mode: "force_custom_plan",
  };
  for (const [setting, value] of Object.entries(settings)) {
    await superuser(`ALTER DATABASE ${name} SET ${setting} = '${value}'`);
  }
}

/**
 * Returns a function that returns the plans of all statements since its last call. PostgreSQL sends the plan of
 * a statement by the end of the transaction, so the function waits until no connection of the pool is in use.
 */
export function watchPlans(pool: pg.Pool): () => Promise<WatchedStatement[]> {
  let seen: WatchedStatement[] = [];
  const watched = new WeakSet<pg.PoolClient>();
  pool.on("acquire", (client) => {
    if (watched.has(client)) return;
    watched.add(client);
    client.on("notice", ({ message = "" }) => {
      if (message.includes("plan:")) seen.push(statementIn(message.slice(message.indexOf("{"))));
    });
  });
  return async () => {
    while (pool.idleCount < pool.totalCount) await once(pool, "release");
    const taken = seen.filter(({ sql }) => /\b(reference|instances|platform)\./.test(sql));
    seen = [];
    return taken;
  };
}

function statementIn(text: string): WatchedStatement {
  const { "Query Text": sql, Plan: plan } = JSON.parse(text) as {
    readonly "Query Text": string;
    readonly Plan: PlanNode;
  };
  return { sql, plan };
}

/** A table with more rows is large. */
const LARGE = 10_000;
/** The most rows that a plan may sort, skip in a large table, or look up one by one. */
const MANY = 1_000;

/** Returns the large tables of a database, by their names without a schema. */
export async function largeTables({ superuser }: TestDatabase): Promise<ReadonlySet<string>> {
  const rows = await superuser<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND reltuples > $1",
    [LARGE],
  );
  return new Set(rows.map(({ name }) => name));
}

/** Returns why the plan is wrong, one line for each reason. Returns [] for a plan that is right. */
export function faultsOf({ plan }: WatchedStatement, large: ReadonlySet<string>): string[] {
  return nodesOf(plan).flatMap((node) =>
    node["Actual Loops"] === 0 ? [] : RULES.flatMap((rule) => rule(node, large) ?? []),
  );
}

type Rule = (node: PlanNode, large: ReadonlySet<string>) => string | null;

const RULES: readonly Rule[] = [
  ({ "Node Type": type, "Relation Name": table = "" }, large) =>
    type === "Seq Scan" && large.has(table) ? `reads the whole table ${table}` : null,
  ({ "Node Type": type, Plans = [] }) => {
    const rows = Math.max(0, ...Plans.map((child) => child["Actual Rows"]));
    return type.endsWith("Sort") && rows > MANY ? `sorts ${rows} rows` : null;
  },
  (node, large) => {
    const rows = (node["Rows Removed by Filter"] ?? 0) * node["Actual Loops"];
    const { "Relation Name": table = "" } = node;
    return rows > MANY && large.has(table) ? `skips ${rows} rows of ${table}` : null;
  },
  (node) =>
    node["Parent Relationship"] === "SubPlan" && node["Actual Loops"] > MANY
      ? `runs a subplan for each of ${node["Actual Loops"]} rows`
      : null,
];

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
