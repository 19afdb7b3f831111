import { rowsWhere } from "../database/reading/columns.js";
import type { Tx } from "../database/transactions/database.js";
import { type PublicUser, UserEntity } from "./user.entity.js";

/** The facts about a user in a verified token. */
export interface UserClaims {
  readonly subject: string;
  readonly email?: string | undefined;
  readonly displayName?: string | undefined;
  readonly avatarUrl?: string | undefined;
}

export const userStore = {
  /** Finds users who are not erased. */
  byIds: (tx: Tx, ids: readonly string[]): Promise<PublicUser[]> =>
    rowsWhere(tx, UserEntity, "t.id = ANY($1) AND t.erased_at IS NULL", [ids]),

  /** Finds users who are not erased. */
  byPublicIds: (tx: Tx, publicIds: readonly string[]): Promise<PublicUser[]> =>
    rowsWhere(tx, UserEntity, "t.public_id = ANY($1) AND t.erased_at IS NULL", [publicIds]),

  /** Finds a user, erased or not. */
  evenErased: (tx: Tx, id: string): Promise<PublicUser | null> =>
    tx.findOne(UserEntity, { where: { id } }),

  /** Finds a user, erased or not. */
  evenErasedByPublicId: (tx: Tx, publicId: string): Promise<PublicUser | null> =>
    tx.findOne(UserEntity, { where: { publicId } }),

  /** The users who were erased within the last 30 days. */
  recentlyErased: async (tx: Tx): Promise<string[]> => {
    const rows = await tx.query<{ id: string }[]>(
      `SELECT u.id FROM platform.users u WHERE u.erased_at > now() - interval '30 days'`,
    );
    return rows.map(({ id }) => id);
  },

  /** The deactivated and erased users among these. */
  barredAmong: async (tx: Tx, ids: readonly string[]): Promise<string[]> => {
    const rows = await tx.query<{ id: string }[]>(
      `SELECT u.id FROM platform.users u
       WHERE u.id = ANY($1::text[]) AND (NOT u.is_active OR u.erased_at IS NOT NULL)`,
      [ids],
    );
    return rows.map(({ id }) => id);
  },

  /** Creates the viewer's user if there is none. A later token never overwrites stored values. */
  ensure: async (tx: Tx, claims: UserClaims): Promise<void> => {
    await tx.query(
      `INSERT INTO platform.users (id, email, display_name, avatar_url)
       VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`,
      [claims.subject, claims.email ?? null, claims.displayName ?? null, claims.avatarUrl ?? null],
    );
  },

  /**
   * Locks the user's row until the transaction ends. Requests that change the same facts about one
   * user then run one after another.
   */
  lock: async (tx: Tx, id: string): Promise<void> => {
    await tx.query("SELECT FROM platform.users WHERE id = $1 FOR NO KEY UPDATE", [id]);
  },

  /** Changes what the viewer says about oneself. An absent value stays as it is. */
  setProfile: async (
    tx: Tx,
    id: string,
    profile: Partial<Pick<UserEntity, "displayName" | "language">>,
  ): Promise<void> => {
    await tx.update(UserEntity, { id }, profile);
  },

  /** Returns the viewer's language. Others cannot read it. */
  ownLanguage: async (tx: Tx): Promise<string | null> => {
    const [own] = await tx.query<{ language: string }[]>(
      "SELECT u.language FROM platform.own_user() u",
    );
    return own?.language ?? null;
  },

  isEmpty: async (tx: Tx): Promise<boolean> => !(await tx.exists(UserEntity)),

  /** Returns the progress of this installation's demo data. The viewer's profile stores the progress. */
  demoProgress: async (tx: Tx): Promise<string | null> => {
    const [own] = await tx.query<{ demo: string | null }[]>(
      "SELECT profile ->> 'demo' AS demo FROM platform.own_user()",
    );
    return own?.demo ?? null;
  },

  setDemoProgress: async (tx: Tx, id: string, demo: string): Promise<void> => {
    await tx.update(UserEntity, { id }, { profile: { demo } });
  },
};
