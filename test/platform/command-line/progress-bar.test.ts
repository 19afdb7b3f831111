import { ProgressBar } from "../../../src/platform/command-line/progress-bar.js";

let nowMs = 0;
const clock = { now: () => new Date(nowMs) };

function barOn(isTTY: boolean, options: { readonly unit?: string } = {}) {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  nowMs = 0;
  return {
    written,
    bar: new ProgressBar("Speaking", { terminal: { isTTY, write }, clock, ...options }),
  };
}

test("a bar at a terminal redraws one line, shows the time left, and ends the line once", () => {
  const { bar, written } = barOn(true);

  bar.show(0, 4);
  nowMs = 10_000;
  bar.show(1, 4);
  const filled = [bar.show(4, 4), bar.show(4, 4)];

  expect(written).toEqual([
    `\rSpeaking ${"░".repeat(30)} 0/4\u001B[K`,
    `\rSpeaking ${"█".repeat(8)}${"░".repeat(22)} 1/4, about 30 s left\u001B[K`,
    `\rSpeaking ${"█".repeat(30)} 4/4\u001B[K\n`,
  ]);
  expect(filled).toEqual([true, false]);
});

test("a bar without a terminal writes one plain line for every tenth", () => {
  const { bar, written } = barOn(false);

  for (let done = 0; done <= 40; done++) {
    nowMs = done * 60_000;
    bar.show(done, 40);
  }

  expect(written).toHaveLength(11);
  expect(written.slice(0, 2)).toEqual(["Speaking 0/40\n", "Speaking 4/40, about 36 min left\n"]);
  expect(written.at(-1)).toBe("Speaking 40/40\n");
});

test("work done before the first call does not count for the time left", () => {
  const { bar, written } = barOn(false);

  bar.show(50, 100);
  nowMs = 20_000;
  bar.show(60, 100);

  expect(written).toEqual(["Speaking 50/100\n", "Speaking 60/100, about 80 s left\n"]);
});

test("a bar with a unit shows how many are done per second", () => {
  const { bar, written } = barOn(false, { unit: "rows" });

  bar.show(0, 1_000);
  nowMs = 2_000;
  bar.show(500, 1_000);

  expect(written.at(-1)).toBe("Speaking 500/1000 rows, 250 rows/s, about 2 s left\n");
});
