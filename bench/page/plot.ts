import { type Cell, nameOf } from "./cells.js";
import type { Cost } from "./measure.js";

const WIDTH = 900;
const LEFT = 230;
const RIGHT = 60;
const TOP = 70;
const BAR = 11;
const GAP = 14;
/** A color that people can read on white and on black. */
const TEXT = "#808080";
const COLORS = ["#2f9e6e", "#d98a3d", "#8fd0b3"];

/**
 * Draws the CPU of each variant as a multiple of the floor, as an SVG. Each page has one bar for each variant but
 * the floor, which is a line.
 */
export function plotOf(costs: readonly Cost[], floorName: string): string {
  const variants = [...new Set(costs.map(({ variant }) => variant))].filter(
    (name) => name !== floorName,
  );
  const cells = [...new Map(costs.map(({ cell }) => [nameOf(cell), cell])).values()];
  const group = variants.length * BAR + GAP;
  const height = TOP + cells.length * group + 20;
  const most = Math.max(2, Math.ceil(Math.max(...costs.map(({ timesFloor }) => timesFloor))));
  const x = (times: number): number => LEFT + ((WIDTH - LEFT - RIGHT) * times) / most;
  const bars = cells.flatMap((cell, row) => {
    const top = TOP + row * group;
    return [
      text(LEFT - 10, top + (variants.length * BAR) / 2 + 4, labelOf(cell), "end"),
      ...variants.flatMap((variant, place) => {
        const cost = costs.find((one) => one.variant === variant && one.cell === cell);
        if (!cost) return [];
        const y = top + place * BAR;
        return [
          `<rect x="${LEFT}" y="${y}" width="${(x(cost.timesFloor) - LEFT).toFixed(1)}" height="${BAR - 1}" fill="${colorOf(place)}"/>`,
          text(x(cost.timesFloor) + 4, y + BAR - 2, cost.timesFloor.toFixed(2), "start", 10),
        ];
      }),
    ];
  });
  const marks = Array.from({ length: most + 1 }, (_, times) => [
    line(x(times), height - 20, times === 1 ? 2 : 0.5),
    text(x(times), height - 6, times === 1 ? "1 = floor" : String(times), "middle", 10),
  ]).flat();
  const legend = variants.flatMap((variant, place) => [
    `<rect x="${LEFT + place * 170}" y="34" width="11" height="11" fill="${colorOf(place)}"/>`,
    text(LEFT + place * 170 + 16, 44, variant, "start"),
  ]);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif">
${text(LEFT, 18, "CPU of server and PostgreSQL a page, as a multiple of one tuned SQL statement", "start", 13)}
${[...marks, ...bars, ...legend].join("\n")}
</svg>
`;
}

const colorOf = (place: number): string => COLORS[place % COLORS.length] ?? TEXT;

const labelOf = ({ stories, isSignedIn, hasSegments }: Cell): string =>
  `${stories === 1 ? "1 story" : `${stories} stories`}, ${isSignedIn ? "signed in" : "anonymous"}${hasSegments ? ", segments" : ""}`;

const text = (...[x, y, content, anchor, size = 12]: [number, number, string, string, number?]) =>
  `<text x="${x.toFixed(1)}" y="${y}" fill="${TEXT}" font-size="${size}" text-anchor="${anchor}">${content}</text>`;

const line = (x: number, bottom: number, width: number): string =>
  `<line x1="${x.toFixed(1)}" y1="${TOP - 12}" x2="${x.toFixed(1)}" y2="${bottom}" stroke="${TEXT}" stroke-width="${width}"/>`;
