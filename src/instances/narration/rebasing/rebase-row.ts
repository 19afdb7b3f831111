import type { CharacterMatches } from "./match-characters.js";
import type { ScriptRow, StoryLine } from "./script-units.js";
import { NOTHING_UNPLACED, type UnplacedEdit, UnplacedReason } from "./unplaced-edit.js";

/** A line of the new script. Its position is its place in the list. */
export type RebasedRow = Omit<ScriptRow, "position">;

/** What the owner changed in a row. An absent member is as the story has it. */
export type RowEdits = Partial<
  Pick<
    ScriptRow,
    "kind" | "text" | "speakerId" | "emotion" | "intensity" | "voice" | "prosody" | "pauseAfterMs"
  >
>;

/** Returns what the owner changed in a row that tells this line of the story. */
export function editsIn(row: ScriptRow, line: StoryLine): RowEdits {
  const { kind, text, speakerId, emotion, intensity, voice, prosody, pauseAfterMs } = row;
  const isFelt = emotion !== line.emotion || intensity !== line.intensity;
  return {
    ...(kind === line.kind ? {} : { kind }),
    ...(text === line.text ? {} : { text }),
    ...(speakerId === line.speakerId ? {} : { speakerId }),
    ...(isFelt ? { emotion, intensity } : {}),
    ...(voice === null ? {} : { voice }),
    ...(prosody === null ? {} : { prosody }),
    ...(pauseAfterMs === null ? {} : { pauseAfterMs }),
  };
}

export const isEmpty = (edits: RowEdits): boolean => Object.keys(edits).length === 0;

interface RebasedEdits {
  readonly edits: RowEdits;
  /** The row's speaker, if the new analysis has no such character. */
  readonly gone: string | null;
}

/** Gives the edits the new analysis' id of the speaker. Without such a character, leaves the speaker out. */
function followSpeaker(edits: RowEdits, characters: CharacterMatches): RebasedEdits {
  const { speakerId, ...others } = edits;
  if (speakerId === undefined || speakerId === null) return { edits, gone: null };
  const found = characters.get(speakerId);
  if (!found) return { edits: others, gone: speakerId };
  return { edits: { ...others, speakerId: found.id }, gone: null };
}

export interface PlacedRow {
  readonly row: RebasedRow;
  /** True if an edit of the row has its place. */
  readonly isKept: boolean;
  readonly gone: string | null;
}

/** Gives a row the new values of its line of the story, and keeps what the owner changed. */
export function placeRow(
  row: ScriptRow,
  { before, after }: { readonly before: StoryLine; readonly after: StoryLine },
  characters: CharacterMatches,
): PlacedRow {
  const { edits, gone } = followSpeaker(editsIn(row, before), characters);
  const isKept = !isEmpty(edits);
  const { recipeKey, renderedGain, joinDegraded, spokenEdits, extra } = row;
  const sound = { recipeKey, renderedGain, joinDegraded, spokenEdits, extra };
  return { row: { ...rowOf(after), ...sound, ...edits, isEdited: isKept }, isKept, gone };
}

/** Gives a row that the owner inserted the new analysis' id of its speaker. */
export function placeInserted(row: ScriptRow, characters: CharacterMatches): PlacedRow {
  const { position: _, ...kept } = row;
  const { edits, gone } = followSpeaker({ speakerId: row.speakerId }, characters);
  const { speakerId = null } = edits;
  return { row: { ...kept, storyPosition: null, speakerId }, isKept: true, gone };
}

/** Returns the row of a line of the story that the owner did not change. */
export const rowOf = ({
  position,
  kind,
  text,
  speakerId,
  emotion,
  intensity,
}: StoryLine): RebasedRow => ({
  ...{ storyPosition: position, kind, text, speakerId, emotion, intensity },
  ...{ voice: null, prosody: null, pauseAfterMs: null, isEdited: false },
  ...{ recipeKey: null, renderedGain: null, joinDegraded: null, spokenEdits: null, extra: null },
});

/** Describes the edits of a row that has no place, for its owner. */
export function describeEdits(
  { position, text }: ScriptRow,
  edits: RowEdits,
  about: Pick<UnplacedEdit, "reason" | "storyText" | "characterName">,
): UnplacedEdit {
  const { emotion, intensity = 0, voice = null, prosody = null, pauseAfterMs = null } = edits;
  return {
    ...{ ...NOTHING_UNPLACED, ...about, index: position, text },
    emotion: emotion === undefined ? null : { label: emotion, intensity },
    ...{ voice, prosody, pauseAfterMs },
  };
}

/** Describes an edit whose speaker is gone. The line itself has its place. */
export const describeGoneSpeaker = (
  { position: index, text }: ScriptRow,
  storyText: string | null,
  characterName: string,
): UnplacedEdit => ({
  ...NOTHING_UNPLACED,
  ...{ reason: UnplacedReason.CharacterGone, index, text, storyText, characterName },
});
