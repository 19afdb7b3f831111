import type { Degradation } from "../../../providers/speech/speech.port.js";

/** dB off what was asked, from which on it is told. */
const IS_MISSED_DB = 0.5;

/** What the ceiling of the peaks took of a gain: beyond that, sound would be pressed flat under it. */
export function describeMissedGain(askedDb: number, missedDb: number): readonly Degradation[] {
  if (!Number.isFinite(missedDb) || Math.abs(missedDb) < IS_MISSED_DB) return [];
  const [reached, asked] = [askedDb - missedDb, askedDb].map((db) => `${db.toFixed(1)} dB`);
  return [
    {
      feature: "gain",
      reason: `The gain is ${reached} instead of ${asked}: peaks have a ceiling.`,
    },
  ];
}
