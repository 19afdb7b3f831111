declare const verified: unique symbol;

/** A person whose token was verified. Every call into the instances names an owner. */
export interface Owner {
  readonly userId: string;
  readonly [verified]: true;
}

/** Call this only where a token was verified, or in a job that read the owner from its row. */
export const ownerOf = (userId: string): Owner => ({ userId }) as Owner;
