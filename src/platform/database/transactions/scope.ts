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

const SET_SHARE_TOKENS = "SELECT set_config('app.share_token_hashes', $1, true)";

/**
 * Looks in the same statement whether the user may act. If the user may not, PostgreSQL ends the
 * transaction. So the first statement of a read does not run either, although it is sent before the
 * answer.
 */
const SET_USER_SCOPE = `${SET_SCOPE}, access.require_active($1)`;

/**
 * Sets the scope of a transaction that has begun.
 * @throws an error that `translateError` knows, if the user is deactivated or erased
 */
export async function setScope(
  client: PooledClient,
  { viewer, shareTokenHashes = [], admitsBarred = false }: ReadScope,
  statementTimeoutMs: number,
): Promise<RunningTransaction | null> {
  const statement = viewer && !admitsBarred ? SET_USER_SCOPE : SET_SCOPE;
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
