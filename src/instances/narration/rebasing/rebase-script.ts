import { UNMATCHED, alignTexts } from "./align-texts.js";
import type { CharacterMatches } from "./match-characters.js";
import {
  type PlacedRow,
  type RebasedRow,
  describeEdits,
  describeGoneSpeaker,
  editsIn,
  isEmpty,
  placeInserted,
  placeRow,
  rowOf,
} from "./rebase-row.js";
import {
  type ScriptRow,
  type ScriptUnit,
  type StoryLine,
  comparedText,
  unitsOf,
} from "./script-units.js";
import { NOTHING_UNPLACED, type UnplacedEdit, UnplacedReason } from "./unplaced-edit.js";

export interface ScriptToRebase {
  readonly rows: readonly ScriptRow[];
  /** The lines of the story that the script was made from. */
  readonly before: readonly StoryLine[];
  /** The lines of the story's new text. */
  readonly after: readonly StoryLine[];
  readonly characters: CharacterMatches;
  /** Returns the name of a character of the script. */
  readonly nameOf: (characterId: string) => string;
}

export interface RebasedScript {
  readonly rows: readonly RebasedRow[];
  /** The number of lines with an edit that has its place: changed, inserted and deleted lines. */
  readonly placedEdits: number;
  /** The number of lines of the new text that the earlier text did not have. */
  readonly newLines: number;
  /** In the order of the earlier script. Deleted lines come last. */
  readonly unplaced: readonly UnplacedEdit[];
}

/**
 * Makes the script of a story's new text from the script of the earlier text. Where both texts have a line, the
 * line keeps what the owner changed and the sound of its last render. A line that the owner inserted follows
 * the line before it, or else precedes the line after it. Every other edit is unplaced.
 */
export function rebaseScript(script: ScriptToRebase): RebasedScript {
  return new ScriptRebase(script).rebase();
}

/** A unit and where its lines went: the indexes in the new text. Empty if a line has no counterpart. */
interface MatchedUnit extends ScriptUnit {
  readonly counterparts: readonly number[];
}

class ScriptRebase {
  private readonly rows: RebasedRow[] = [];
  private readonly unplaced: UnplacedEdit[] = [];
  private placedEdits = 0;
  private newLines = 0;

  private readonly units: readonly MatchedUnit[];
  /** The units of the story's lines, by their first line in the new text. */
  private readonly placed = new Map<number, MatchedUnit>();
  /** The lines of the new text that are inside the unit of an earlier line. */
  private readonly joined = new Set<number>();
  private readonly insertedAfter = new Map<number, ScriptUnit[]>();
  private readonly insertedBefore = new Map<number, ScriptUnit[]>();

  constructor(private readonly script: ScriptToRebase) {
    const { rows, before, after } = script;
    const textsOf = (lines: readonly StoryLine[]) => lines.map(({ text }) => comparedText(text));
    const matches = alignTexts(textsOf(before), textsOf(after));
    const counterpartOf = new Map(before.map((line, at) => [line, matches[at] ?? UNMATCHED]));
    this.units = unitsOf(rows, before).map((unit) => ({
      ...unit,
      counterparts: inOrder(unit.tells.map((line) => counterpartOf.get(line) ?? UNMATCHED)),
    }));
  }

  rebase(): RebasedScript {
    for (const [at, unit] of this.units.entries()) this.findPlace(unit, at);
    for (const unit of this.insertedAfter.get(UNMATCHED) ?? []) this.writeInserted(unit);
    for (const [at, line] of this.script.after.entries()) {
      for (const unit of this.insertedBefore.get(at) ?? []) this.writeInserted(unit);
      if (!this.joined.has(at)) this.writeLine(line, this.placed.get(at));
      for (const unit of this.insertedAfter.get(at) ?? []) this.writeInserted(unit);
    }
    const { rows, placedEdits, newLines } = this;
    const placeOf = ({ index }: UnplacedEdit) => index ?? Infinity;
    const unplaced = this.unplaced.toSorted((one, other) =>
      placeOf(one) === placeOf(other) ? 0 : placeOf(one) - placeOf(other),
    );
    return { rows, placedEdits, newLines, unplaced };
  }

  private findPlace(unit: MatchedUnit, at: number): void {
    const [first, ...others] = unit.counterparts;
    if (unit.tells.length === 0) this.findNeighbour(unit, at);
    else if (first === undefined) this.giveUp(unit);
    else {
      this.placed.set(first, unit);
      for (const other of others) this.joined.add(other);
    }
  }

  /** Finds the place of lines that the owner inserted. Lines at the beginning stay at the beginning. */
  private findNeighbour(unit: MatchedUnit, at: number): void {
    const before = this.nearest(at, -1);
    const last = before ? before.counterparts.at(-1) : UNMATCHED;
    const first = this.nearest(at, 1)?.counterparts[0];
    if (last !== undefined) addTo(this.insertedAfter, last, unit);
    else if (first !== undefined) addTo(this.insertedBefore, first, unit);
    else this.giveUp(unit);
  }

  /** Returns the nearest unit in this direction that tells lines of the story. */
  private nearest(at: number, step: 1 | -1): MatchedUnit | undefined {
    for (let place = at + step; ; place += step) {
      const unit = this.units[place];
      if (!unit || (unit.tells.length > 0 && unit.rows.length > 0)) return unit;
    }
  }

  private writeLine(line: StoryLine, unit: MatchedUnit | undefined): void {
    const [before] = unit?.tells ?? [];
    if (!unit || !before) {
      this.newLines += 1;
      this.rows.push(rowOf(line));
      return;
    }
    if (unit.rows.length === 0) this.placedEdits += 1;
    for (const row of unit.rows) {
      const isInserted = row.storyPosition === null;
      const placed = isInserted
        ? placeInserted(row, this.script.characters)
        : placeRow(row, { before, after: line }, this.script.characters);
      this.write(row, placed, isInserted ? null : before.text);
    }
  }

  private writeInserted({ rows }: ScriptUnit): void {
    for (const row of rows) this.write(row, placeInserted(row, this.script.characters), null);
  }

  private write(from: ScriptRow, { row, isKept, gone }: PlacedRow, storyText: string | null): void {
    this.rows.push(row);
    if (isKept) this.placedEdits += 1;
    if (gone === null) return;
    this.unplaced.push(describeGoneSpeaker(from, storyText, this.script.nameOf(gone)));
  }

  private giveUp({ tells, rows }: ScriptUnit): void {
    const storyText = tells.map(({ text }) => text).join(" ");
    if (rows.length === 0) {
      this.unplaced.push({ ...NOTHING_UNPLACED, reason: UnplacedReason.TextChanged, storyText });
    }
    for (const row of rows) this.giveUpRow(row, tells[0], storyText);
  }

  private giveUpRow(row: ScriptRow, line: StoryLine | undefined, storyText: string): void {
    const before = row.storyPosition === null ? undefined : line;
    const edits = before ? editsIn(row, before) : row;
    if (before && isEmpty(edits)) return;
    const { speakerId } = edits;
    this.unplaced.push(
      describeEdits(row, edits, {
        reason: line ? UnplacedReason.TextChanged : UnplacedReason.NeighboursGone,
        storyText: before ? storyText : null,
        characterName: speakerId ? this.script.nameOf(speakerId) : null,
      }),
    );
  }
}

/** Returns the counterparts if they follow each other. Otherwise returns an empty list. */
const inOrder = (counterparts: readonly number[]): readonly number[] =>
  counterparts.every((at, place) => at >= 0 && at === (counterparts[0] ?? 0) + place)
    ? counterparts
    : [];

function addTo(units: Map<number, ScriptUnit[]>, at: number, unit: ScriptUnit): void {
  const known = units.get(at);
  if (known) known.push(unit);
  else units.set(at, [unit]);
}
