/**
 * Tests measure true peaks with this code and not with the limiter's code, because the limiter is under
 * test. This code computes 16 points per sample, each from 80 samples.
 */
const POINTS = 16;
const REACH = 40;
/** The most by which a value between samples exceeds the samples near it, as a factor. */
const MOST_ABOVE = 2;
const AROUND = 3;

const FILTERS = Array.from({ length: POINTS - 1 }, (_, point) =>
  Float64Array.from({ length: REACH * 2 }, (_empty, tap) => {
    const distance = tap - REACH + 1 - (point + 1) / POINTS;
    const wave = Math.sin(Math.PI * distance) / (Math.PI * distance);
    return wave * Math.cos((Math.PI * distance) / (2 * REACH)) ** 2;
  }),
);

/** Returns the true peak in dBTP, exact to 0.05 dB. */
export function truePeakOf(pcm: Float32Array): number {
  const samples = new Float32Array(pcm.length + REACH * 2);
  samples.set(pcm, REACH);
  let peak = pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const least = peak / MOST_ABOVE;
  let lastLoud = -Infinity;
  for (let index = REACH; index < REACH + pcm.length; index++) {
    if (Math.abs(samples[index + AROUND] ?? 0) > least) lastLoud = index + AROUND;
    if (lastLoud < index - AROUND) continue;
    for (const filter of FILTERS) {
      peak = Math.max(peak, Math.abs(interpolated(samples, index, filter)));
    }
  }
  return 20 * Math.log10(peak);
}

function interpolated(samples: Float32Array, index: number, filter: Float64Array): number {
  const start = index - REACH + 1;
  let sum = 0;
  for (let tap = 0; tap < filter.length; tap++) {
    sum += (samples[start + tap] ?? 0) * (filter[tap] ?? 0);
  }
  return sum;
}
