import { EMOTION_DELIVERIES, MANNER_DELIVERIES } from "./deliveries.js";
import { NEUTRAL_PROSODY, type DeliveryChange, type ResolvedProsody } from "./resolved-prosody.js";

/** A feeling in three dimensions: activation, evaluation and power, each -1 to 1. */
export interface FeelingDimensions {
  readonly activation: number;
  readonly evaluation: number;
  readonly power: number;
}

export interface Delivery {
  readonly emotion: string;
  /** 0-1 */
  readonly intensity: number;
  /**
   * Used only for an emotion that is not in `EMOTION_DELIVERIES`. Such an emotion without
   * dimensions counts as neutral.
   */
  readonly dimensions?: FeelingDimensions | undefined;
  /**
   * The speaker's own delivery of the emotion, which replaces these numbers of the table. `{}` and absent
   * change nothing.
   */
  readonly own?: Partial<ResolvedProsody> | undefined;
  /**
   * Manners of speaking (`whisper`, `shout`, …) with their strength, 0-1. Unknown manners change
   * nothing.
   */
  readonly manners?: readonly { readonly key: string; readonly strength: number }[] | undefined;
  /** The changes of the narration, the character and the segment, in this order. */
  readonly changes?: readonly DeliveryChange[] | undefined;
}

const BOUNDS = {
  rate: [0.4, 2.5],
  pitch: [-18, 18],
  range: [0, 4],
  gain: [-24, 24],
  pauses: [0, 5],
  rise: [-12, 12],
  tilt: [-12, 12],
  breath: [0, 1],
  tremor: [0, 1],
} as const;

/**
 * Combines the emotion of a delivery with the manners of speaking, and then with all changes. The
 * same delivery gives the same numbers.
 */
export function resolveProsody(delivery: Delivery): ResolvedProsody {
  const row = EMOTION_DELIVERIES.get(delivery.emotion) ?? fromDimensions(delivery.dimensions);
  const emotion = { ...row, ...delivery.own };
  let prosody = combine(NEUTRAL_PROSODY, scaled(emotion, delivery.intensity));
  for (const { key, strength } of delivery.manners ?? []) {
    const manner = MANNER_DELIVERIES.get(key);
    if (manner) prosody = combine(prosody, scaled(manner, strength));
  }
  for (const change of delivery.changes ?? []) prosody = combine(prosody, change);
  return rounded(prosody);
}

/**
 * Scales a row of the tables of deliveries. An amount of 0 gives neutral speech, an amount of 1
 * gives the full row. A factor is raised to the power `amount`. Semitones and decibels are
 * logarithms already, so they are multiplied by `amount`.
 */
function scaled(row: Partial<ResolvedProsody>, amount: number): ResolvedProsody {
  const part = Math.min(1, Math.max(0, amount));
  const full = { ...NEUTRAL_PROSODY, ...row };
  return {
    rate: full.rate ** part,
    pitch: full.pitch * part,
    range: full.range ** part,
    gain: full.gain * part,
    pauses: full.pauses ** part,
    rise: full.rise * part,
    tilt: full.tilt * part,
    breath: full.breath * part,
    tremor: full.tremor * part,
    isWhispered: full.isWhispered && part > 0,
  };
}

type Change = DeliveryChange &
  Partial<Pick<ResolvedProsody, "rise" | "tilt" | "breath" | "tremor" | "isWhispered">>;

function combine(base: ResolvedProsody, change: Change): ResolvedProsody {
  return {
    rate: base.rate * (change.rate ?? 1),
    pitch: base.pitch + (change.pitch ?? 0),
    range: base.range * (change.range ?? 1),
    gain: base.gain + (change.gain ?? 0),
    pauses: base.pauses * (change.pauses ?? 1),
    rise: base.rise + (change.rise ?? 0),
    tilt: base.tilt + (change.tilt ?? 0),
    ...roughened(base, change),
  };
}

function roughened(base: ResolvedProsody, change: Change) {
  return {
    breath: Math.max(base.breath, change.breath ?? 0),
    tremor: Math.max(base.tremor, change.tremor ?? 0),
    isWhispered: base.isWhispered || (change.isWhispered ?? false),
  };
}

/**
 * Returns the delivery of a feeling by Schröder's rules, as in MaryTTS's emotion-to-mary.xsl. In
 * these rules, activation A, evaluation E and power P are from -100 to 100: pitch % = .3A + .1E -
 * .1P; range in semitones = 4 + .04A; rate % = .5A + .2E; volume = 50 + .33A. Schröder's rule for
 * the number of pauses is not used.
 */
function fromDimensions(dimensions: FeelingDimensions | undefined): Partial<ResolvedProsody> {
  if (!dimensions) return {};
  const { activation: a, evaluation: e, power: p } = dimensions;
  return {
    pitch: 12 * Math.log2(1 + 0.3 * a + 0.1 * e - 0.1 * p),
    range: Math.max(0.1, (4 + 4 * a) / 4),
    rate: 1 + 0.5 * a + 0.2 * e,
    gain: 20 * Math.log10((50 + 33 * a) / 50),
  };
}

/**
 * Limits each number to its bounds and rounds the number to four decimals. No listener hears a
 * smaller difference. Without rounding, deliveries that sound the same could have different recipes
 * because of tiny errors of the arithmetic.
 */
function rounded(prosody: ResolvedProsody): ResolvedProsody {
  const fit = (key: keyof typeof BOUNDS) => {
    const [least, most] = BOUNDS[key];
    return Math.round(Math.min(most, Math.max(least, prosody[key])) * 1e4) / 1e4 + 0;
  };
  return {
    rate: fit("rate"),
    pitch: fit("pitch"),
    range: fit("range"),
    gain: fit("gain"),
    pauses: fit("pauses"),
    rise: fit("rise"),
    tilt: fit("tilt"),
    breath: fit("breath"),
    tremor: fit("tremor"),
    isWhispered: prosody.isWhispered,
  };
}
