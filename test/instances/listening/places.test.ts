import {
  type Telling,
  fractionOf,
  heardMs,
  lineAt,
  movedPart,
  placeAtShare,
  shareBefore,
  totalMsOf,
} from "../../../src/instances/listening/places.js";

/** Two segments of the story, of 30 and 10 characters. */
const TOLD = [
  { position: 4, start: 100, end: 130 },
  { position: 5, start: 130, end: 140 },
];
const line = (position: number, durationMs: number | null, startMs: number | null = null) => ({
  position,
  startMs,
  durationMs,
});

const JOINED: Telling = { lines: [line(7, 4_000, 10_000)], told: TOLD };
const SPLIT: Telling = {
  lines: [line(7, 1_000, 0), line(8, 3_000, 1_500)],
  told: TOLD.slice(0, 1),
};

test("a line that tells two segments has a share for each character", () => {
  expect(shareBefore(JOINED, { position: 5, part: 0 })).toBe(0.75);
  expect(placeAtShare(JOINED, 0.875)).toEqual({ position: 5, part: 0.5 });
  expect(lineAt(JOINED, { position: 5, part: 0.5 }, 0)).toEqual({
    ...{ position: 7, offsetMs: 3_500 },
    startMs: 13_500,
  });
});

test("a segment in two lines goes on in the line that its time reaches", () => {
  expect(lineAt(SPLIT, { position: 4, part: 0.2 }, 0)).toMatchObject({
    position: 7,
    offsetMs: 800,
  });
  expect(lineAt(SPLIT, { position: 4, part: 0.25 }, 0)).toMatchObject({ position: 8, offsetMs: 0 });
  expect(lineAt(SPLIT, { position: 4, part: 1 }, 0)).toEqual({
    ...{ position: 8, offsetMs: 3_000 },
    startMs: 4_500,
  });
});

test("every heard millisecond leads to itself through its place in the story", () => {
  for (const telling of [JOINED, SPLIT]) {
    const total = totalMsOf(telling.lines) ?? 0;
    for (const { position, durationMs } of telling.lines) {
      for (let offsetMs = 0; offsetMs < (durationMs ?? 0); offsetMs += 37) {
        const place = placeAtShare(telling, heardMs(telling, position, offsetMs) / total);

        expect(place && lineAt(telling, place, 0)).toMatchObject({ position, offsetMs });
      }
    }
  }
});

test("a place whose length was not known goes on after the same time, within the line", () => {
  const one: Telling = { lines: [line(2, 500)], told: TOLD.slice(0, 1) };

  expect(lineAt(one, { position: 4, part: null }, 300)).toMatchObject({ offsetMs: 300 });
  expect(lineAt(one, { position: 4, part: null }, 900)).toMatchObject({ offsetMs: 500 });
});

test("lines without sound go on at a beginning", () => {
  const silent: Telling = { lines: [line(2, null), line(3, null)], told: TOLD.slice(0, 1) };

  expect(lineAt(silent, { position: 4, part: 0.7 }, 300)).toEqual({
    ...{ position: 3, offsetMs: 0 },
    startMs: null,
  });
});

test("a segment that the script does not have is behind what the script has", () => {
  expect(shareBefore(JOINED, { position: 9, part: 0 })).toBe(1);
});

test("a place of another text keeps its part only in the same sentence", () => {
  const from = { start: 10, end: 20 };
  const to = { start: 50, end: 90 };
  const isSameText = false;

  expect(movedPart(0.5, from, to, { isSameText, isSameSentence: true })).toBe(0.5);
  expect(movedPart(0.5, from, to, { isSameText, isSameSentence: false })).toBe(0);
});

test("a place of another analysis stays at its character", () => {
  const to = { start: 0, end: 20 };

  expect(
    movedPart(0.5, { start: 10, end: 20 }, to, { isSameText: true, isSameSentence: false }),
  ).toBe(0.75);
});

test("the fraction counts from the first segment to the end of the last", () => {
  const text = { start: 100, end: 300 };

  expect(fractionOf(text, { start: 100, end: 150 }, null)).toBe(0);
  expect(fractionOf(text, { start: 150, end: 250 }, 0.5)).toBe(0.5);
  expect(fractionOf(text, { start: 250, end: 300 }, 1)).toBe(1);
});
