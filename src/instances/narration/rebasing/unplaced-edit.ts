import type { DeliveryChange } from "../../../audio/delivery/resolved-prosody.js";

export const UnplacedReason = {
  TextChanged: "text_changed",
  NeighboursGone: "neighbours_gone",
  CharacterGone: "character_gone",
} as const;
export type UnplacedReason = (typeof UnplacedReason)[keyof typeof UnplacedReason];

/**
 * What the owner changed in an earlier script, and what the script of the new text has no place for. A member
 * is null if the owner did not change it.
 */
export interface UnplacedEdit {
  readonly reason: UnplacedReason;
  /** The position in the earlier script. null for a deleted line, and for a change of a whole character. */
  readonly index: number | null;
  /** The line as the owner had it. null for a deleted line, and for a change of a whole character. */
  readonly text: string | null;
  /** The line as the story had it. null for an inserted line, and for a change of a whole character. */
  readonly storyText: string | null;
  /** The character whom the owner made the speaker, or whose voice or delivery the owner changed. */
  readonly characterName: string | null;
  readonly emotion: { readonly label: string; readonly intensity: number } | null;
  /** `provider:voice` */
  readonly voice: string | null;
  readonly voiceName: string | null;
  readonly prosody: DeliveryChange | null;
  readonly pauseAfterMs: number | null;
}

export const NOTHING_UNPLACED = {
  index: null,
  text: null,
  storyText: null,
  characterName: null,
  emotion: null,
  voice: null,
  voiceName: null,
  prosody: null,
  pauseAfterMs: null,
} as const satisfies Omit<UnplacedEdit, "reason">;
