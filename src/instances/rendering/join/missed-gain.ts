import type { Degradation } from "../../../providers/speech/speech.port.js";

/** A gain is reported if it differs from the requested gain by at least this much, in dB. */
const IS_MISSED_DB = 0.5;

/**
 * Returns one degradation if joining reduced the gain noticeably, and none otherwise. Joining reduces a
 * gain that would raise the peaks above their limit, because the limiter would flatten these peaks.
 */
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
