import { createHash } from "node:crypto";
import type { Scope } from "../platform/database/transactions/database.js";

declare const verified: unique symbol;

/** A person whose token was verified. Every function of the user instances takes an owner. */
export interface Owner {
  readonly userId: string;
  readonly [verified]: true;
}

/**
 * Returns an owner. Call this only with the subject of a verified token, or with a user id that the
 * server itself stored.
 */
export const ownerOf = (userId: string): Owner => ({ userId }) as Owner;

/**
 * Returns the scope of work that the server does itself with an owner's rows, for example ending a
 * render. An operator may have deactivated or erased the owner.
 */
export const serverScope = ({ userId }: Owner): Scope => ({ viewer: userId, admitsBarred: true });

/**
 * Returns the owner's topic in notifications: a hash of users.id. Not users.id itself, which never leaves
 * the server, not even in a notification.
 */
export const ownerTopic = (owner: Owner): string =>
  createHash("sha256").update(owner.userId).digest("base64url");
