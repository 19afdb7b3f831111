/**
 * Computes the discrete Fourier transform in place, radix 2 (Cooley & Tukey 1965).
 * @param real the real parts; the number of parts must be a power of two
 * @param imaginary the imaginary parts, as many as in `real`
 * @param isInverse true for the inverse transform, which also divides by the length
 */
export function transform(real: Float64Array, imaginary: Float64Array, isInverse = false): void {
  const size = real.length;
  reverseBits(real, imaginary);
  for (let half = 1; half < size; half *= 2) {
    combine(real, imaginary, half, isInverse);
  }
  if (!isInverse) return;
  for (let index = 0; index < size; index++) {
    real[index] = at(real, index) / size;
    imaginary[index] = at(imaginary, index) / size;
  }
}

const at = (values: Float64Array, index: number) => values[index] ?? 0;

function combine(
  real: Float64Array,
  imaginary: Float64Array,
  half: number,
  isInverse: boolean,
): void {
  const { cosines, sines } = wavesOf(half);
  const direction = isInverse ? 1 : -1;
  for (let start = 0; start < real.length; start += half * 2) {
    for (let k = 0; k < half; k++) {
      const cos = at(cosines, k);
      const sin = direction * at(sines, k);
      const even = start + k;
      const odd = even + half;
      const re = at(real, odd) * cos - at(imaginary, odd) * sin;
      const im = at(real, odd) * sin + at(imaginary, odd) * cos;
      real[odd] = at(real, even) - re;
      imaginary[odd] = at(imaginary, even) - im;
      real[even] = at(real, even) + re;
      imaginary[even] = at(imaginary, even) + im;
    }
  }
}

interface Waves {
  readonly cosines: Float64Array;
  readonly sines: Float64Array;
}

/** Computing the waves for each transform would take most of its time. */
const WAVES = new Map<number, Waves>();

function wavesOf(half: number): Waves {
  const known = WAVES.get(half);
  if (known) return known;
  const angles = Float64Array.from({ length: half }, (_, k) => (Math.PI / half) * k);
  const waves = { cosines: angles.map(Math.cos), sines: angles.map(Math.sin) };
  WAVES.set(half, waves);
  return waves;
}

function reverseBits(real: Float64Array, imaginary: Float64Array): void {
  const size = real.length;
  for (let index = 1, mirror = 0; index < size; index++) {
    let bit = size >> 1;
    for (; mirror & bit; bit >>= 1) mirror ^= bit;
    mirror ^= bit;
    if (index < mirror) {
      swap(real, index, mirror);
      swap(imaginary, index, mirror);
    }
  }
}

function swap(values: Float64Array, one: number, other: number): void {
  const kept = values[one] ?? 0;
  values[one] = values[other] ?? 0;
  values[other] = kept;
}
