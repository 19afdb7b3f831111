import type { Degradation } from "../../../providers/speech/speech.port.js";

/** The smallest difference from the requested gain that is reported, in dB. */
const IS_MISSED_DB = 0.5;

/** Reports a gain that the peak ceiling limited. With more gain the ceiling would press the sound flat. */
export function describeMissedGain(askedDb: number, missedDb: number): readonly Degradation[] {
  if (!Number.isFinite(missedDb) || Math.abs(missedDb) < IS_MISSED_DB) return [];
  const [reached, asked] = [askedDb - missedDb, askedDb].map((db) => `${db.toFixed(1)} dB`);
  return [
    {
      feature: "gain",
      reason: `The gain is ${reached} instead of ${asked}, because the peaks reached their limit.`,
    },
  ];
}
