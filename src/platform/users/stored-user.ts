import { openClient } from "../database/start/sessions.js";

const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Tells whether a database has a user, without the rest of the app. A new database has none.
 * @throws DatabaseSetupError that names the database that does not answer
 */
export async function isStoredUser(url: string, id: string): Promise<boolean> {
  const client = await openClient(url, ANSWER_TIMEOUT_MS);
  try {
    const { rows } = await client.query<{ users: string | null }>(
      "SELECT to_regclass('platform.users') AS users",
    );
    if (rows[0]?.users === null) return false;
    const found = await client.query("SELECT FROM platform.users u WHERE u.id = $1", [id]);
    return found.rows.length > 0;
  } finally {
    await client.end().catch(() => undefined);
  }
}
