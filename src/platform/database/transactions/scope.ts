import { type RunningTransaction, THIS_TRANSACTION } from "../connection/cancel-request.js";
import type { PooledClient } from "../connection/pooled-client.js";
import { transactionSettings } from "../connection/settings.js";

/** The user whose rows a transaction can see. If null, the transaction sees only reference data. */
export type Viewer = string | null;

/** The settings that row-level security reads. The server sets them at the start of a transaction. */
export interface Scope {
  readonly viewer: Viewer;
  /**
   * True for work of the server itself with the rows of a user, such as deleting files. The default is
   * false: a deactivated or erased user has no transactions.
   */
  readonly admitsBarred?: boolean;
}

export interface ReadScope extends Scope {
  /**
   * Hashes of the share links in the request. With a hash, the transaction may read the one
   * unlisted edition that stores this hash.
   */
  readonly shareTokenHashes?: readonly string[];
}

export const SET_VIEWER =
  "SELECT set_config('app.user_id', $1, true), set_config('app.share_token_hashes', $2, true)";

const SET_SCOPE = `${SET_VIEWER}, set_config('statement_timeout', $3, true),
  ${transactionSettings({ idleInTransactionMs: 10_000 })}, ${THIS_TRANSACTION}`;

/**
 * Lets PostgreSQL plan a prepared statement once. Otherwise it plans a page again at nearly every call,
 * because a plan that does not know the size of the page looks dear: 80 µs against 20 µs for a list of
 * stories. For the same reason it would compile such a plan.
 */
const KEEP_PLANS =
  "set_config('plan_cache_mode', 'force_generic_plan', true), set_config('jit', 'off', true)";

/**
 * Looks in the same statement whether the user may act. If the user may not, PostgreSQL ends the
 * transaction. So the first statement of a read does not run either, although it is sent before the
 * answer.
 */
const requiringActive = (statement: string): string => `${statement}, access.require_active($1)`;

const SET_KEPT_SCOPE = `${SET_SCOPE}, ${KEEP_PLANS}`;
const STATEMENTS = {
  planned: { anyone: SET_SCOPE, active: requiringActive(SET_SCOPE) },
  kept: { anyone: SET_KEPT_SCOPE, active: requiringActive(SET_KEPT_SCOPE) },
} as const;

const SET_SHARE_TOKENS = "SELECT set_config('app.share_token_hashes', $1, true)";

/** How a transaction runs its statements. */
export interface StatementOptions {
  readonly statementTimeoutMs: number;
  /** True if the statements are prepared, and have a good plan for all values. Default false. */
  readonly keepsPlans?: boolean;
}

/**
 * Sets the scope of a transaction that has begun.
 * @throws an error that `translateError` knows, if the user is deactivated or erased
 */
export async function setScope(
  client: PooledClient,
  { viewer, shareTokenHashes = [], admitsBarred = false }: ReadScope,
  { statementTimeoutMs, keepsPlans = false }: StatementOptions,
): Promise<RunningTransaction | null> {
  const statements = STATEMENTS[keepsPlans ? "kept" : "planned"];
  const statement = viewer && !admitsBarred ? statements.active : statements.anyone;
  const values = [viewer ?? "", shareTokenHashes.join(","), String(statementTimeoutMs)];
  const { rows } = await client.query<RunningTransaction>(statement, values);
  return rows[0] ?? null;
}

/** Replaces the share tokens of a transaction that has its scope. */
export async function presentShareTokens(
  client: PooledClient,
  hashes: readonly string[],
): Promise<void> {
  await client.query(SET_SHARE_TOKENS, [hashes.join(",")]);
}
