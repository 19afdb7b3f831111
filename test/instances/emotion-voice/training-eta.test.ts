import { etaSecondsOf } from "../../../src/instances/index.js";

const NOW = new Date("2026-11-01T12:00:00Z");
const since = new Date("2026-11-01T11:59:57Z");
const waiting = (id: string, about: object = {}) => ({
  ...{ id, voiceId: "1", kind: "adapted" as const, isNeutral: false, speechSeconds: 10, since },
  ...about,
});
const neutral = waiting("1", { isNeutral: true, speechSeconds: 30 });

test("a training takes longer with more speech, and up to a limit", () => {
  const eta = (speechSeconds: number) =>
    etaSecondsOf([{ ...neutral, speechSeconds }], "1", NOW) ?? 0;

  expect(eta(60)).toBeGreaterThan(eta(30));
  expect(eta(10_000)).toBe(eta(180));
});

test("an emotion voice waits for those of its own voice that are trained before", () => {
  const alone = etaSecondsOf([neutral], "1", NOW) ?? 0;
  const queue = [neutral, waiting("2"), waiting("3"), waiting("4", { voiceId: "2" })];

  const etas = ["1", "2", "3", "4"].map((id) => etaSecondsOf(queue, id, NOW) ?? 0);

  expect(etas[0]).toBe(alone);
  expect(etas[1]).toBeGreaterThan(alone);
  expect(etas[2]).toBeGreaterThan(etas[1] ?? 0);
  expect(etas[3]).toBeLessThan(alone);
});

test("a training that takes longer than estimated may end at any moment", () => {
  const late = { ...neutral, since: new Date("2026-11-01T11:00:00Z") };

  expect(etaSecondsOf([late], "1", NOW)).toBe(1);
});

test("an emotion voice that is not in training has no estimate", () => {
  expect(etaSecondsOf([neutral], "2", NOW)).toBeNull();
});
