import type { ResumeRow } from "./narration-place.store.js";
import { type LinePlace, lineAt, placeInLine } from "./places.js";
import { placeNow } from "./saved-place.js";

/**
 * Returns where a narration goes on: at the sentence of the saved place, in this narration's script and sound. A
 * narration of a finished story goes on at its beginning.
 */
export function resumption(row: ResumeRow): LinePlace {
  const { isFinished, aside, asideOffsetMs, lines, told, first, middle } = row;
  if (isFinished) return { ...placeInLine(first, 0), startMs: first.startMs === null ? null : 0 };
  if (aside) return placeInLine(aside, asideOffsetMs ?? 0);
  const place = placeNow(row);
  // Without an analysis, the script has no segment of the story.
  if (!place) return placeInLine(middle, 0);
  const found = lines && lineAt({ lines, told: told ?? [] }, place, place.offsetMs);
  return found ?? placeInLine(first, 0);
}
