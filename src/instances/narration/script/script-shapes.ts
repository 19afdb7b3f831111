import type { InputProblems } from "../../../platform/input/input-problems.js";
import { MAX_SEGMENT_LENGTH } from "../narration-input.js";
import { type NarrationEntity, type NarrationSegmentEntity, nameOf } from "../narration.entity.js";
import type { NewSegment, Reshape } from "./reshape.store.js";

/** The most segments of a script that got new segments. */
const MAX_SEGMENTS = 100_000;
const MAX_CHANGES = 500;
const HAS_WORD = /[\p{L}\p{N}]/u;

/** How a script becomes another one. Exactly one member. */
export type ShapeChange =
  | {
      readonly insert: {
        /** The new segments come behind this position; -1 is the start of the script. */
        readonly after: number;
        readonly segments: readonly Omit<NewSegment, "position" | "storyPosition">[];
      };
    }
  | { readonly split: { readonly index: number; readonly at: number } }
  | { readonly join: { readonly index: number } }
  | { readonly remove: { readonly indexes: readonly number[] } };

/** The rows that a change needs, by their position. */
export const neededPositions = (change: ShapeChange): readonly number[] => {
  if ("split" in change) return [change.split.index];
  return "join" in change ? [change.join.index, change.join.index + 1] : [];
};

/** Decides which segments go and which come. Finds what is wrong with the change. */
export function reshapeOf(
  change: ShapeChange,
  narration: NarrationEntity,
  {
    rows,
    problems,
  }: { readonly rows: readonly NarrationSegmentEntity[]; readonly problems: InputProblems },
): Reshape {
  if ("insert" in change) return insertion(change.insert, narration, problems);
  if ("remove" in change) return removal(change.remove, narration, problems);
  return "split" in change
    ? splitting(change.split, { narration, rows, problems })
    : joining(change.join, { narration, rows, problems });
}

const NOTHING: Reshape = { removed: [], added: [] };

type Part<C extends ShapeChange, K extends keyof C> = C[K];

function insertion(
  { after, segments }: Part<Extract<ShapeChange, { insert: unknown }>, "insert">,
  narration: NarrationEntity,
  problems: InputProblems,
): Reshape {
  refuseOutside(after, { narration, problems, path: ["afterIndex"], first: -1 });
  if (narration.segmentCount + segments.length > MAX_SEGMENTS) {
    problems.add(`A script has at most ${MAX_SEGMENTS} segments.`, ["segments"]);
  }
  const added = segments.map((segment, index) => ({
    ...segment,
    ...{ position: after + 1 + index, storyPosition: null },
  }));
  return { removed: [], added };
}

function removal(
  { indexes }: Part<Extract<ShapeChange, { remove: unknown }>, "remove">,
  narration: NarrationEntity,
  problems: InputProblems,
): Reshape {
  const removed = [...new Set(indexes)];
  if (indexes.length === 0) problems.add("indexes is empty.", ["indexes"]);
  if (indexes.length > MAX_CHANGES) {
    problems.add(`indexes has more than ${MAX_CHANGES} entries.`, ["indexes"]);
    return NOTHING;
  }
  for (const [at, index] of indexes.entries()) {
    refuseOutside(index, { narration, problems, path: ["indexes", String(at)] });
  }
  if (removed.length > 0 && removed.length >= narration.segmentCount) {
    problems.add("A script must keep at least one segment.", ["indexes"]);
  }
  return { removed, added: [] };
}

interface Shaped {
  readonly narration: NarrationEntity;
  readonly rows: readonly NarrationSegmentEntity[];
  readonly problems: InputProblems;
}

function splitting(
  { index, at }: Part<Extract<ShapeChange, { split: unknown }>, "split">,
  { narration, rows, problems }: Shaped,
): Reshape {
  refuseOutside(index, { narration, problems, path: ["index"] });
  const row = rows.find(({ position }) => position === index);
  if (!row) return NOTHING;
  const texts = [row.text.slice(0, Math.max(0, at)), row.text.slice(Math.max(0, at))];
  if (!texts.every((text) => text.isWellFormed())) {
    problems.add(`at is between the two halves of a character.`, ["at"]);
  } else if (!texts.every((text) => HAS_WORD.test(text))) {
    problems.add("Both parts of a segment need a letter or a digit; choose another place.", ["at"]);
  }
  const [first = "", second = ""] = texts.map((text) => text.trim());
  return {
    removed: [index],
    added: [
      { ...copyOf(row), text: first, pauseAfterMs: null },
      { ...copyOf(row), text: second, position: index + 1 },
    ],
  };
}

function joining(
  { index }: Part<Extract<ShapeChange, { join: unknown }>, "join">,
  { narration, rows, problems }: Shaped,
): Reshape {
  refuseOutside(index, { narration, problems, path: ["index"] });
  const [first, second] = [index, index + 1].map((place) =>
    rows.find(({ position }) => position === place),
  );
  if (first && !second) {
    problems.add(`Segment ${index} is the last one, so there is none to join it with.`, ["index"]);
  }
  if (!first || !second) return NOTHING;
  const text = `${first.text.trim()} ${second.text.trim()}`;
  if (text.length > MAX_SEGMENT_LENGTH) {
    problems.add(`The two segments together are longer than ${MAX_SEGMENT_LENGTH} characters.`, [
      "index",
    ]);
  }
  const { pauseAfterMs } = second;
  // An inserted segment has no place in the story. The joined one tells the story's segment, so a new text of the
  // story finds the segment.
  const storyPosition = first.storyPosition ?? second.storyPosition;
  const added = [{ ...copyOf(first), storyPosition, text, pauseAfterMs }];
  return { removed: [index, index + 1], added };
}

const copyOf = (row: NarrationSegmentEntity): NewSegment => ({
  ...{ position: row.position, storyPosition: row.storyPosition, kind: row.kind, text: row.text },
  ...{ speakerId: row.speakerId, emotion: row.emotion, intensity: row.intensity },
  ...{ voice: row.voice, prosody: row.prosody, pauseAfterMs: row.pauseAfterMs },
});

interface IndexCheck extends Pick<Shaped, "narration" | "problems"> {
  readonly path: readonly string[];
  readonly first?: number;
}

function refuseOutside(index: number, { narration, problems, path, first = 0 }: IndexCheck): void {
  const { segmentCount } = narration;
  if (index >= first && index < segmentCount) return;
  problems.add(
    `${nameOf(narration)} has no segment ${index}; its script has ${segmentCount}.`,
    path,
  );
}

/** Returns the position of a segment after a change. Returns null if the segment goes. */
export function movedPosition(position: number, { removed, added }: Reshape): number | null {
  if (removed.includes(position)) return null;
  const rank = position - removed.filter((each) => each < position).length;
  const places = added.map((each) => each.position).sort((one, other) => one - other);
  return places.reduce((place, taken) => (taken <= place ? place + 1 : place), rank);
}
