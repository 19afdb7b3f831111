/**
 * Counts the waves of reads of one request. The number of waves depends on the query, so an earlier
 * request with the same query tells how many this request needs.
 */
export class WaveCount {
  private expected: number | undefined;
  private begun = 0;

  /** How many waves have begun. */
  get count(): number {
    return this.begun;
  }

  /** @param count the waves of an earlier request, or undefined if there was none */
  expect(count: number | undefined): void {
    this.expected = count;
  }

  beginWave(): void {
    this.begun += 1;
  }

  /** True if the wave that has begun is probably the last one of the request. */
  get isLast(): boolean {
    return this.expected !== undefined && this.begun >= this.expected;
  }
}
