declare const verified: unique symbol;

/** A person whose token was verified. Every call into the instances names one. */
export interface Owner {
  readonly userId: string;
  readonly [verified]: true;
}

/** Only the edge that checked a token, and a job that read its row's owner, may say this. */
export const ownerOf = (userId: string): Owner => ({ userId }) as Owner;
