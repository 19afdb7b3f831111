/** One array that all chunks use in turn, so the garbage collector has nothing to free. */
export class Scratch {
  private samples = new Float32Array(0);

  /** Returns an array that contains old samples. The next call reuses the array. */
  take(length: number): Float32Array<ArrayBuffer> {
    if (this.samples.length < length) this.samples = new Float32Array(length);
    return this.samples.subarray(0, length);
  }
}
