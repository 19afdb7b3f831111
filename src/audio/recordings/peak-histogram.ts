/** One bin for each step of a 16-bit sample, so that the peak of a quiet recording is exact, too. */
const BINS_TO_FULL_SCALE = 32_768;
/** Lossy decoders exceed full scale. Everything above twice of it is in the last bin. */
const BINS = 2 * BINS_TO_FULL_SCALE;
/**
 * A sample counts as clipped if it is this close to the highest level that the recording reaches, or
 * to full scale. Unclipped speech reaches its highest level at a few samples only. Sound that was
 * clipped stays at that level, also after its volume was turned down.
 */
const NEAR_PEAK = 0.98;

/** Counts how often a sound reaches each magnitude, so that clipping shows at the end. */
export class PeakHistogram {
  private readonly counts = new Uint32Array(BINS);
  private total = 0;

  add(samples: Float32Array): void {
    for (const sample of samples) {
      const bin = Math.min(BINS - 1, Math.floor(Math.abs(sample) * BINS_TO_FULL_SCALE));
      this.counts[bin] = (this.counts[bin] ?? 0) + 1;
    }
    this.total += samples.length;
  }

  /** Returns the share of samples near the highest magnitude, 0 to 1. */
  clippedShare(): number {
    const peak = this.counts.findLastIndex((count) => count > 0);
    const ceiling = Math.floor(Math.min(peak, BINS_TO_FULL_SCALE) * NEAR_PEAK);
    const clipped = this.counts.subarray(ceiling).reduce((sum, count) => sum + count, 0);
    return this.total === 0 ? 0 : clipped / this.total;
  }
}
