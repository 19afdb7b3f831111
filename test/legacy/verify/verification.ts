import {
  type PairReport,
  type VerificationOptions,
  verify,
} from "../../../src/legacy/verify/verify.js";
import type { LegacyTestDatabase } from "../legacy-database.js";

/** Verifies all pairs, in small pages, and returns the report of one. */
export async function verifyPairNamed(
  { operator }: LegacyTestDatabase,
  name: string,
  options: VerificationOptions = {},
): Promise<PairReport> {
  const { pairs } = await verify(operator, { pageSize: 40, ...options });
  const report = pairs.find(({ pair }) => pair === name);
  if (!report) throw new Error(`The pair ${name} is not verified.`);
  return report;
}

/** Copies all rows of these pairs that are there before `expand`. */
export async function backfillPairs(
  { superuser }: LegacyTestDatabase,
  names: readonly string[],
): Promise<void> {
  for (const name of names) {
    let after: string | null = null;
    do {
      const [page]: { last_key: string | null }[] = await superuser(
        `SELECT * FROM legacy_sync.backfill_${name}($1, 1000)`,
        [after],
      );
      after = page?.last_key ?? null;
    } while (after !== null);
  }
}
