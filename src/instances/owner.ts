declare const verified: unique symbol;

/** A person whose token was verified. Every call into the instances names an owner. */
export interface Owner {
  readonly userId: string;
  readonly [verified]: true;
}

/**
 * Returns an owner. Call this only after verifying a token, or in a job that read the owner from the
 * job's row.
 */
export const ownerOf = (userId: string): Owner => ({ userId }) as Owner;
