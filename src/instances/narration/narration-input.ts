import { z } from "zod";
import { InvalidInputError } from "../../platform/errors.js";
import { parseInput, printableText } from "../../platform/parse-input.js";
import type { OfferedVoice, OfferedVoices } from "../personal-voice/offered-voices.js";
import type { CastMember } from "./voices/cast.js";
import type { SegmentValues } from "./script/segment-edit.store.js";
import {
  type VoiceModifications,
  modificationsSchema,
  tidyDelivery,
  tidyModifications,
} from "./voices/voice-modifications.js";

/**
 * The greatest length of a segment's text, in characters. Every speech engine accepts this length in one
 * call.
 */
const MAX_SEGMENT_LENGTH = 2_000;
const MAX_EDITS = 500;

export interface CastChoice {
  readonly characterId: string;
  /** `provider:voice` */
  readonly voice: string;
}

export interface NarrationInput {
  readonly title?: string | null | undefined;
  /** `provider:voice` */
  readonly narratorVoice?: string | null | undefined;
  readonly cast?: readonly CastChoice[] | null | undefined;
  readonly voiceModifications?: z.input<typeof modificationsSchema> | null | undefined;
}

const editSchema = z.object({
  index: z.number().int().min(0, "is negative"),
  /**
   * True if the edit restores the segment from the analysis. Such an edit must not contain other
   * changes.
   */
  reset: z.boolean().nullish(),
  text: z
    .string()
    .trim()
    .min(1, "is empty; give the segment at least one word")
    .max(MAX_SEGMENT_LENGTH, `is longer than ${MAX_SEGMENT_LENGTH} characters`)
    .nullish(),
  speakerId: z.string().min(1).max(200).nullish(),
  emotion: printableText(60)
    .transform((emotion) => emotion.toLowerCase())
    .nullish(),
  intensity: z.number().min(0, "is below 0").max(1, "is above 1").nullish(),
  voice: z.string().nullish(),
  prosody: modificationsSchema
    .pick({ rate: true, pitch: true, range: true, gain: true, pauses: true })
    .transform((prosody) => {
      const tidy = tidyDelivery(prosody);
      return Object.keys(tidy).length > 0 ? tidy : null;
    })
    .nullish(),
  pauseAfterMs: z.number().int().min(0, "is negative").max(30_000, "is above 30000").nullish(),
});

/** Checks voice modifications. @throws InvalidInputError that names the invalid field */
export const checkModifications = (
  voiceModifications: NonNullable<NarrationInput["voiceModifications"]>,
): VoiceModifications =>
  tidyModifications(
    parseInput(z.object({ voiceModifications: modificationsSchema }), { voiceModifications })
      .voiceModifications,
  );

export type SegmentEdit = z.input<typeof editSchema>;

export interface CheckedEdit {
  readonly index: number;
  /** The values to write. null restores the segment from the analysis. */
  readonly values: SegmentValues | null;
}

/**
 * Checks edits before anything is written.
 * @throws InvalidInputError that names the edit and the field
 */
export function checkEdits(
  edits: readonly SegmentEdit[],
  voices: OfferedVoices,
): readonly CheckedEdit[] {
  const list = parseInput(
    z.object({
      edits: z
        .array(editSchema)
        .min(1, "is empty")
        .max(MAX_EDITS, `has more than ${MAX_EDITS} entries`),
    }),
    { edits },
  ).edits;
  const seen = new Set<number>();
  return list.map(({ index, reset, ...fields }, at) => {
    if (seen.has(index)) {
      throw new InvalidInputError(
        `Segment ${index} is edited twice; send one edit for the segment.`,
        ["edits"],
      );
    }
    seen.add(index);
    // null clears a column that can be null. For every other column, null means "no change".
    const values = Object.fromEntries(
      Object.entries(fields).filter(
        ([name, value]) => value !== undefined && (value !== null || CLEARABLE.has(name)),
      ),
    ) as SegmentValues;
    const isEmpty = Object.keys(values).length === 0;
    if (reset && isEmpty) return { index, values: null };
    if (reset) {
      throw new InvalidInputError(
        `The edit of segment ${index} has a reset and a change; send one of the two.`,
        ["edits"],
      );
    }
    if (isEmpty) {
      throw new InvalidInputError(`The edit of segment ${index} changes nothing.`, ["edits"]);
    }
    if (typeof values.voice === "string") {
      requireVoice(voices, values.voice, ["edits", String(at), "voice"]);
    }
    return { index, values };
  });
}

const CLEARABLE = new Set(["speakerId", "voice", "prosody", "pauseAfterMs"]);

/**
 * Checks a title. Returns undefined if the stored title stays. Returns null if the title is removed. A
 * blank title also removes the stored title.
 */
export function checkTitle(title: string | null | undefined): string | null | undefined {
  if (title === null || title === undefined) return title;
  if (title.trim() === "") return null;
  return parseInput(z.object({ title: printableText(200) }), { title }).title;
}

/**
 * @throws InvalidInputError if an id in `named` is not a character of the story; the message lists the
 *   characters
 */
export function refuseUnknownCharacters(
  named: readonly (string | null | undefined)[],
  characters: readonly { readonly id: string }[],
  path: readonly string[],
): void {
  const known = new Set(characters.map(({ id }) => id));
  const unknown = named.find((id) => typeof id === "string" && !known.has(id));
  if (typeof unknown === "string") throw unknownCharacter(unknown, known, path);
}

/** @throws InvalidInputError that names the first edit whose speaker is not a character of the story */
export function refuseUnknownSpeakers(
  edits: readonly CheckedEdit[],
  characters: readonly { readonly id: string }[],
): void {
  const known = new Set(characters.map(({ id }) => id));
  for (const [at, { values }] of edits.entries()) {
    const speaker = values?.speakerId ?? null;
    if (speaker === null || known.has(speaker)) continue;
    throw unknownCharacter(speaker, known, ["edits", String(at), "speakerId"]);
  }
}

const unknownCharacter = (
  id: string,
  known: ReadonlySet<string>,
  path: readonly string[],
): InvalidInputError =>
  new InvalidInputError(
    `The story has no character ${JSON.stringify(id.slice(0, 100))}; it has ${[...known].slice(0, 20).join(", ") || "none"}.`,
    path,
  );

/**
 * Returns the voice with this id.
 * @throws InvalidInputError for an unavailable voice; the message names some available voices
 */
export function requireVoice(
  voices: OfferedVoices,
  id: string,
  path: readonly string[],
): OfferedVoice {
  const voice = voices.find(id);
  if (voice) return voice;
  throw new InvalidInputError(
    `There is no voice ${JSON.stringify(id.slice(0, 100))}; choose one of \`voices\`, such as ${voices.examples.join(", ")}.`,
    path,
  );
}

/**
 * Returns the cast with the voices that the owner chose. @throws InvalidInputError for an unknown
 * character or voice
 */
export function applyCastChoices(
  cast: readonly CastMember[],
  choices: readonly CastChoice[],
  voices: OfferedVoices,
): CastMember[] {
  const chosen = new Map(choices.map(({ characterId, voice }) => [characterId, voice]));
  for (const characterId of chosen.keys()) {
    if (!cast.some((member) => member.characterId === characterId)) {
      throw new InvalidInputError(
        `The cast has no character ${JSON.stringify(characterId.slice(0, 100))}; choose among ${cast.map((member) => member.characterId).join(", ") || "none"}.`,
        ["cast"],
      );
    }
  }
  return cast.map((member) => {
    const id = chosen.get(member.characterId);
    if (id === undefined) return member;
    const voice = requireVoice(voices, id, ["cast"]);
    const isSame = voice.id === member.voice;
    const voiceName = isSame ? member.voiceName : voice.displayName;
    return { ...member, voice: voice.id, voiceName, isAutomatic: false };
  });
}
