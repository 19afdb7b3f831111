import { BoundedCache } from "../platform/bounded-cache.js";
import type { Clock } from "../platform/clock.js";

/** A token is verified again after this time, whatever its expiry is. */
const MAX_AGE_SECONDS = 300;
/** The maximum memory of the kept tokens, for some thousand users. */
const MAX_CHARS = 4_000_000;
/** What an entry needs in addition to its token. */
const CHARS_PER_ENTRY = 1_000;

/** A token that was verified. The times are in seconds since 1970. */
interface Verification<T> {
  readonly facts: T;
  /** The current keys before the verification. */
  readonly keys: unknown;
  readonly exp: number;
  readonly nbf: number;
}

interface Entry<T> {
  readonly facts: T;
  readonly keys: unknown;
  /** The times at which the entry is valid: from the first, and before the second. */
  readonly from: number;
  readonly until: number;
}

export interface VerifiedTokensOptions {
  readonly clock: Clock;
  readonly toleranceSeconds: number;
  /** Returns the keys that verify tokens now, as one value. undefined if the keys must be read again. */
  readonly currentKeys: () => unknown;
}

/**
 * Keeps what verified tokens contain. A kept token is valid as long as it would pass the verification:
 * until it expires, and as long as the keys are those that verified it. Refused tokens are never kept.
 */
export class VerifiedTokens<T> {
  private readonly entries = new BoundedCache<string, Entry<T>>(MAX_CHARS);

  constructor(private readonly options: VerifiedTokensOptions) {}

  find(token: string): T | undefined {
    const entry = this.entries.get(token);
    if (!entry) return undefined;
    const now = this.seconds();
    const keys = this.options.currentKeys();
    if (keys === entry.keys && now >= entry.from && now < entry.until) return entry.facts;
    this.entries.delete(token);
    return undefined;
  }

  /** Keeps nothing if the keys changed during the verification. */
  keep(token: string, { facts, keys, exp, nbf }: Verification<T>): void {
    const { toleranceSeconds, currentKeys } = this.options;
    if (keys === undefined || keys !== currentKeys()) return;
    const now = this.seconds();
    const entry = {
      ...{ facts, keys },
      from: Math.max(now, nbf) - toleranceSeconds,
      until: Math.min(now + MAX_AGE_SECONDS, exp + toleranceSeconds),
    };
    this.entries.set(token, entry, token.length + CHARS_PER_ENTRY);
  }

  private seconds(): number {
    return Math.floor(this.options.clock.now().getTime() / 1000);
  }
}
