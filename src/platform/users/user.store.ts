import { In } from "typeorm";
import type { Tx } from "../database/database.js";
import { UserEntity } from "./user.entity.js";

/** The facts about a user in a verified token. */
export interface UserClaims {
  readonly subject: string;
  readonly email?: string | undefined;
  readonly displayName?: string | undefined;
  readonly avatarUrl?: string | undefined;
}

export const userStore = {
  byIds: (tx: Tx, ids: readonly string[]): Promise<UserEntity[]> =>
    tx.find(UserEntity, { where: { id: In([...ids]) } }),

  byPublicIds: (tx: Tx, publicIds: readonly string[]): Promise<UserEntity[]> =>
    tx.find(UserEntity, { where: { publicId: In([...publicIds]) } }),

  /** Creates the user if there is none. A later token never overwrites stored values. */
  ensure: async (tx: Tx, claims: UserClaims): Promise<void> => {
    await tx.query(
      `INSERT INTO platform.users (id, email, display_name, avatar_url)
       VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`,
      [claims.subject, claims.email ?? null, claims.displayName ?? null, claims.avatarUrl ?? null],
    );
  },

  isEmpty: async (tx: Tx): Promise<boolean> => !(await tx.exists(UserEntity)),

  /** Returns the progress of this installation's demo data. A demo user's profile stores the progress. */
  demoProgress: async (tx: Tx, id: string): Promise<string | null> => {
    const [user] = await userStore.byIds(tx, [id]);
    return (user?.profile as { demo?: string } | undefined)?.demo ?? null;
  },

  setDemoProgress: async (tx: Tx, id: string, demo: string): Promise<void> => {
    await tx.update(UserEntity, { id }, { profile: { demo } });
  },
};
