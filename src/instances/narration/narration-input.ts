import { z } from "zod";
import { InvalidInputError } from "../../platform/errors.js";
import type { InputProblems } from "../../platform/input/input-problems.js";
import { parseInput, printableText } from "../../platform/input/parse-input.js";
import type { OfferedVoice, OfferedVoices } from "../personal-voice/offered-voices.js";
import type { CastMember } from "./voices/cast.js";
import type { SegmentValues } from "./script/segment-edit.store.js";
import { type ModificationChange, modificationChangeSchema } from "./voices/modification-change.js";
import {
  type VoiceModifications,
  emotionName,
  modificationsSchema,
  tidyDelivery,
  tidyModifications,
} from "./voices/voice-modifications.js";

/**
 * The greatest length of a segment's text, in characters. Every speech engine accepts this length in one
 * call.
 */
export const MAX_SEGMENT_LENGTH = 2_000;
const MAX_EDITS = 500;

export interface CastChoice {
  /** undefined if the sender's id was refused. */
  readonly characterId?: string | undefined;
  /**
   * `provider:voice`. null goes back to the voice that Fabula chooses. undefined if the sender's id was
   * refused.
   */
  readonly voice?: string | null | undefined;
}

/** The changes of a narration. An absent field does not change. */
export interface NarrationInput {
  /** null removes the title. */
  readonly title?: string | null | undefined;
  /** `provider:voice` */
  readonly narratorVoice?: string | null | undefined;
  readonly cast?: readonly CastChoice[] | null | undefined;
  /** Replaces all modifications. null removes all. */
  readonly voiceModifications?: z.input<typeof modificationsSchema> | null | undefined;
  /** Changes parts of the modifications. Not together with `voiceModifications`. */
  readonly modify?: z.input<typeof modificationChangeSchema> | null | undefined;
}

const narrationSchema = z.object({
  // A blank title removes the title.
  title: z
    .string()
    .transform((title) => (title.trim() === "" ? null : title))
    .pipe(printableText(200).nullable())
    .nullish(),
  narratorVoice: z.string().optional(),
  cast: z.array(z.unknown()).optional(),
  voiceModifications: modificationsSchema.transform(tidyModifications).nullish(),
  modify: modificationChangeSchema.optional(),
});

export interface CheckedNarration {
  /** undefined keeps the title. */
  readonly title?: string | null | undefined;
  /** The new voice of the narrator. null keeps the voice. */
  readonly narrator: OfferedVoice | null;
  readonly cast: readonly CastChoice[];
  /** undefined keeps the modifications. */
  readonly voiceModifications?: VoiceModifications | undefined;
  readonly modify?: ModificationChange | undefined;
}

/** Checks the changes of a narration, as far as no row is needed. */
export function checkNarration(
  input: NarrationInput,
  voices: OfferedVoices,
  problems: InputProblems,
): CheckedNarration {
  const checked = problems.check(() => parseInput(narrationSchema, input), null);
  const { narratorVoice, cast } = input;
  const narrator = isNamed(narratorVoice)
    ? problems.check(() => requireVoice(voices, narratorVoice, ["narratorVoice"]), null)
    : null;
  for (const [at, { voice }] of (cast ?? []).entries()) {
    if (!isNamed(voice)) continue;
    problems.check(() => requireVoice(voices, voice, ["cast", String(at), "voice"]), null);
  }
  if (input.modify && input.voiceModifications !== undefined) {
    problems.add("modify and voiceModifications exclude each other; send one of the two.", [
      "modify",
    ]);
  }
  const { title, voiceModifications, modify } = checked ?? {};
  return {
    ...{ title, narrator, modify, cast: cast ?? [] },
    voiceModifications: voiceModifications === null ? {} : voiceModifications,
  };
}

export const isNamed = (id: string | null | undefined): id is string => typeof id === "string";

export const editSchema = z.object({
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
    .optional(),
  speakerId: z.string().min(1).max(200).nullish(),
  emotion: emotionName.optional(),
  intensity: z.number().min(0, "is below 0").max(1, "is above 1").optional(),
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

const editsSchema = z.object({
  edits: z
    .array(editSchema)
    .min(1, "is empty")
    .max(MAX_EDITS, `has more than ${MAX_EDITS} entries`),
});

/** The changes of one segment. null clears a field that may be empty, and is refused for the others. */
export type SegmentEdit = {
  readonly [F in keyof z.input<typeof editSchema>]: z.input<typeof editSchema>[F] | null;
} & { readonly index: number };

export interface CheckedEdit {
  readonly index: number;
  /** The values to write. null restores the segment from the analysis. */
  readonly values: SegmentValues | null;
}

/** Checks edits before anything is written. */
export function checkEdits(
  edits: readonly SegmentEdit[],
  voices: OfferedVoices,
  problems: InputProblems,
): readonly CheckedEdit[] {
  const checked = problems.check(() => parseInput(editsSchema, { edits }).edits, []);
  const seen = new Set<number>();
  for (const [at, edit] of edits.entries()) {
    checkEdit(edit, ["edits", String(at)], { isFirst: !seen.has(edit.index), voices, problems });
    seen.add(edit.index);
  }
  return checked.map(({ index, reset, ...fields }) => ({
    index,
    values: reset ? null : definedOf(fields),
  }));
}

interface EditCheck {
  /** True if no earlier edit changes the segment. */
  readonly isFirst: boolean;
  readonly voices: OfferedVoices;
  readonly problems: InputProblems;
}

function checkEdit(
  { index, reset, ...fields }: SegmentEdit,
  path: readonly string[],
  { isFirst, voices, problems }: EditCheck,
): void {
  const { voice } = fields;
  if (isNamed(voice)) problems.check(() => requireVoice(voices, voice, [...path, "voice"]), null);
  if (!isFirst) {
    problems.add(`Segment ${index} is edited twice; send one edit for the segment.`, [
      ...path,
      "index",
    ]);
  }
  const isEmpty = Object.keys(definedOf(fields)).length === 0;
  if (reset && !isEmpty) {
    problems.add(`The edit of segment ${index} has a reset and a change; send one of the two.`, [
      ...path,
      "reset",
    ]);
  }
  if (!reset && isEmpty && problems.isClean(path)) {
    problems.add(`The edit of segment ${index} changes nothing.`, path);
  }
}

const definedOf = (fields: object): SegmentValues =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** The characters that an input names, with the path of each. */
export interface NamedCharacter {
  readonly id: string | null | undefined;
  readonly path: readonly string[];
}

/** The characters in voice modifications, and in changes of parts. */
export const charactersIn = (input: NarrationInput): NamedCharacter[] =>
  (["voiceModifications", "modify"] as const).flatMap((field) =>
    (input[field]?.characters ?? []).map(({ characterId: id }, at) => ({
      ...{ id, path: [field, "characters", String(at), "characterId"] },
    })),
  );

/** The speakers in edits. */
export const speakersIn = (edits: readonly SegmentEdit[]): NamedCharacter[] =>
  edits.map(({ speakerId: id }, at) => ({ id, path: ["edits", String(at), "speakerId"] }));

/** Finds the ids that are not characters of the story. Each message lists the characters. */
export function refuseUnknownCharacters(
  named: readonly NamedCharacter[],
  characters: readonly { readonly id: string }[],
  problems: InputProblems,
): void {
  const known = new Set(characters.map(({ id }) => id));
  for (const { id, path } of named) {
    if (!isNamed(id) || known.has(id) || !problems.isClean(path)) continue;
    problems.add(
      `The story has no character ${JSON.stringify(id.slice(0, 100))}; it has ${[...known].slice(0, 20).join(", ") || "none"}.`,
      path,
    );
  }
}

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

interface CastContext {
  readonly voices: OfferedVoices;
  /** The cast with the voices that Fabula chooses. */
  readonly automatic: readonly CastMember[];
  readonly problems: InputProblems;
}

/**
 * Returns the cast with the voices that the owner chose, and with Fabula's voices for the characters that
 * the owner gives back. Finds choices for characters outside the cast.
 */
export function applyCastChoices(
  cast: readonly CastMember[],
  choices: readonly CastChoice[],
  { voices, automatic, problems }: CastContext,
): CastMember[] {
  for (const [at, { characterId: id }] of choices.entries()) {
    if (id === undefined || cast.some((member) => member.characterId === id)) continue;
    problems.add(
      `The cast has no character ${JSON.stringify(id.slice(0, 100))}; choose among ${cast.map((member) => member.characterId).join(", ") || "none"}.`,
      ["cast", String(at), "characterId"],
    );
  }
  const chosen = new Map(choices.map(({ characterId, voice }) => [characterId, voice]));
  return cast.map((member) => {
    const choice = chosen.get(member.characterId);
    if (choice === null && !member.isAutomatic) {
      return automatic.find(({ characterId }) => characterId === member.characterId) ?? member;
    }
    const voice = voices.find(choice ?? "");
    if (!voice) return member;
    const isSame = voice.id === member.voice;
    const voiceName = isSame ? member.voiceName : voice.displayName;
    return { ...member, voice: voice.id, voiceName, isAutomatic: false };
  });
}
