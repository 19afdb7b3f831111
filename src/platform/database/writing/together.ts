/**
 * Waits for statements of one transaction that were sent at once, because none needs the result
 * or the effect of another. If one fails, first waits for all others, so that no statement follows the end
 * of the transaction.
 */
export async function together<T extends readonly unknown[]>(
  statements: readonly [...T],
): Promise<{ readonly [I in keyof T]: Awaited<T[I]> }> {
  await Promise.allSettled(statements);
  return Promise.all(statements);
}
