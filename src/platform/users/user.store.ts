import { In } from "typeorm";
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
  byIds: (tx: Tx, ids: readonly string[]): Promise<PublicUser[]> =>
    tx.find(UserEntity, { where: { id: In([...ids]) } }),

  byPublicIds: (tx: Tx, publicIds: readonly string[]): Promise<PublicUser[]> =>
    tx.find(UserEntity, { where: { publicId: In([...publicIds]) } }),

  /** Creates the viewer's user if there is none. A later token never overwrites stored values. */
  ensure: async (tx: Tx, claims: UserClaims): Promise<void> => {
    await tx.query(
      `INSERT INTO platform.users (id, email, display_name, avatar_url)
       VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`,
      [claims.subject, claims.email ?? null, claims.displayName ?? null, claims.avatarUrl ?? null],
    );
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
