import { In } from "typeorm";
import type { Tx } from "../database/database.js";
import { UserEntity } from "./user.entity.js";

/** What a verified token says of its subject. */
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

  /** Makes the user on first sight; a later token never overwrites what is there. */
  ensure: async (tx: Tx, claims: UserClaims): Promise<void> => {
    await tx.query(
      `INSERT INTO platform.users (id, email, display_name, avatar_url)
       VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING`,
      [claims.subject, claims.email ?? null, claims.displayName ?? null, claims.avatarUrl ?? null],
    );
  },

  isEmpty: async (tx: Tx): Promise<boolean> => !(await tx.exists(UserEntity)),

  /** How far the demo data of this installation is, kept in a demo user's profile. */
  demoProgress: async (tx: Tx, id: string): Promise<string | null> => {
    const [user] = await userStore.byIds(tx, [id]);
    return (user?.profile as { demo?: string } | undefined)?.demo ?? null;
  },

  setDemoProgress: async (tx: Tx, id: string, demo: string): Promise<void> => {
    await tx.update(UserEntity, { id }, { profile: { demo } });
  },
};
