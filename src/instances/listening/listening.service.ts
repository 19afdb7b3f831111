import { z } from "zod";
import type { Clock } from "../../platform/clock.js";
import type { Database } from "../../platform/database/transactions/database.js";
import { InvalidInputError, NotFoundError } from "../../platform/errors.js";
import { InputProblems } from "../../platform/input/input-problems.js";
import { parseInput } from "../../platform/input/parse-input.js";
import type { Owner } from "../owner.js";
import { heardPlace } from "./heard-place.js";
import { type NewPosition, listeningStore } from "./listening.store.js";
import { type HeardRow, type HeardSegment, narrationPlaceStore } from "./narration-place.store.js";

/** No segment is this long. A longer time is probably a time in the whole audio. */
const MOST_OFFSET_MS = 3_600_000;
const EARLIEST = new Date("2000-01-01");

export interface Heard extends HeardSegment {
  /** The time since the segment began in the narration's sound. */
  readonly offsetMs: number;
  /** undefined or null lets the place decide. */
  readonly isFinished?: boolean | null | undefined;
  /** When the person was at this place. Default: now. */
  readonly listenedAt?: Date | null | undefined;
}

const heardSchema = z.object({
  offsetMs: z
    .number()
    .int()
    .min(0, "is negative")
    .max(
      MOST_OFFSET_MS,
      `is above ${MOST_OFFSET_MS}; send the time since the beginning of the segment`,
    ),
  listenedAt: z.date().min(EARLIEST, `is before ${EARLIEST.getUTCFullYear()}`).nullish(),
});

/** Saves up to which place people listened to stories. */
export class ListeningService {
  constructor(private readonly use: { readonly database: Database; readonly clock: Clock }) {}

  /**
   * Saves a place. A place that is older than the saved one changes nothing, and neither does the same place.
   * @param problems the problems that the caller found in the input
   * @throws NotFoundError for a story, narration or segment that the owner may not see
   * @throws InvalidInputError for a narration of another story, and for an impossible offset
   */
  async save(owner: Owner, heard: Heard, problems = new InputProblems()): Promise<void> {
    const { offsetMs, listenedAt } = heard;
    problems.check(() => parseInput(heardSchema, { offsetMs, listenedAt }), null);
    problems.refuse();
    const { database, clock } = this.use;
    const { userId } = owner;
    const scope = {
      viewer: userId,
      shareTokenHashes: heard.shareTokenHash ? [heard.shareTokenHash] : [],
    };
    // One transaction reads and saves. If the story is deleted meanwhile, the transaction runs again and finds no story.
    await database.write(scope, async (tx) => {
      const row = await narrationPlaceStore.heard(tx, owner, heard);
      const position = positionOf(heard, requireHeard(heard, row), clock.now());
      await listeningStore.save(tx, owner, position);
    });
  }
}

/** @throws NotFoundError or InvalidInputError that names the input field */
function requireHeard(heard: Heard, row: HeardRow | null): HeardRow {
  if (typeof row?.storyId !== "number")
    throw new NotFoundError("There is no such story.", ["storyId"]);
  requireNarration(heard, row);
  if (heard.story ? row.position === null : row.line === null) {
    throw new NotFoundError(
      heard.story
        ? "The story’s current text has no such segment; read the segments again."
        : "The narration has no such segment; read the segments again.",
      ["segmentId"],
    );
  }
  return row;
}

function requireNarration(
  heard: Heard,
  { narrationId, narrationStoryId, storyId }: HeardRow,
): void {
  if (heard.narrationId === null && heard.shareTokenHash === null) return;
  // The id of a line contains the id of its narration.
  const path = [heard.line === null ? "narrationId" : "segmentId"];
  if (narrationId === null) throw new NotFoundError("There is no such narration.", path);
  if (narrationStoryId !== storyId) {
    throw new InvalidInputError("The narration tells another story.", path);
  }
}

function positionOf(heard: Heard, row: HeardRow, now: Date): NewPosition {
  const place = heardPlace(heard.offsetMs, row);
  const at = heard.listenedAt ?? now;
  return {
    referenceStoryId: heard.storyId,
    narrationId: row.narrationId,
    shareTokenHash: heard.shareTokenHash,
    ...place.saved,
    isFinished: heard.isFinished ?? place.isAtEnd,
    // The clock of a device can be wrong. Otherwise no later place would ever be saved.
    updatedAt: at > now ? now : at,
  };
}
