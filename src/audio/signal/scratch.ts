/** One array for one chunk after the other, which then leave the garbage collector nothing to do. */
export class Scratch {
  private samples = new Float32Array(0);

  /** Holds what it did before, and only until the next call. */
  take(length: number): Float32Array<ArrayBuffer> {
    if (this.samples.length < length) this.samples = new Float32Array(length);
    return this.samples.subarray(0, length);
  }
}
