/**
 * One array that is used again for every chunk. A new array for each chunk would be work for the
 * garbage collector.
 */
export class Scratch {
  private samples = new Float32Array(0);

  /**
   * Returns an array of `length` samples, which still contains the samples of an earlier chunk. The
   * next call of `take` returns the same memory again.
   */
  take(length: number): Float32Array<ArrayBuffer> {
    if (this.samples.length < length) this.samples = new Float32Array(length);
    return this.samples.subarray(0, length);
  }
}
