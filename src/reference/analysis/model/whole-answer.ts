import { z } from "zod";
import {
  AgeGroup,
  type Character,
  CharacterRole,
  Gender,
  type Mood,
  MoodLabel,
} from "../analyser/index.js";
import type { Cast } from "./cast.js";
import { shortText } from "./short-text.js";

const CHARACTER = z.object({
  id: z.string(),
  name: z.string(),
  aliases: z.array(z.string()),
  gender: z.enum(Gender),
  ageGroup: z.enum(AgeGroup),
  role: z.enum(CharacterRole),
  description: z.string(),
});

/** The form of the answer about the whole story. */
export const WHOLE_ANSWER = z.object({
  characters: z.array(CHARACTER),
  summary: z.string(),
  mood: z.enum(MoodLabel),
  valence: z.number(),
  arousal: z.number(),
});

/** What the model says about a character. An absent member: the embedded decision stands. */
export type CharacterReading = Partial<
  Pick<Character, "canonicalName" | "aliases" | "gender" | "ageGroup" | "role" | "description">
>;

export interface WholeReading {
  readonly characters: ReadonlyMap<string, CharacterReading>;
  readonly summary: string | null;
  readonly mood: Mood | null;
}

export const NOTHING_TOLD: WholeReading = { characters: new Map(), summary: null, mood: null };

const LONGEST_SUMMARY = 800;
const LONGEST_DESCRIPTION = 200;
const MOST_ALIASES = 20;

const LOOSE_ANSWER = z.object({
  characters: z.array(z.unknown()).catch([]),
  summary: z.unknown().optional(),
  mood: z.enum(MoodLabel).optional().catch(undefined),
  valence: z.number().min(-1).max(1).optional().catch(undefined),
  arousal: z.number().min(0).max(1).optional().catch(undefined),
});
const LOOSE_CHARACTER = z.object({
  id: z.string(),
  name: z.unknown().optional(),
  aliases: z.array(z.unknown()).catch([]),
  gender: z.enum(Gender).optional().catch(undefined),
  ageGroup: z.enum(AgeGroup).optional().catch(undefined),
  role: z.enum(CharacterRole).optional().catch(undefined),
  description: z.unknown().optional(),
});
type LooseCharacter = z.output<typeof LOOSE_CHARACTER>;

/**
 * Compares an answer with the cast, and returns what can be used. A name must stand in the text, and must
 * not be a name of another character.
 */
export function readWholeAnswer(value: unknown, cast: Cast): WholeReading {
  const answer = LOOSE_ANSWER.safeParse(value);
  if (!answer.success) return NOTHING_TOLD;
  const { mood, valence, arousal } = answer.data;
  const characters = new Map<string, CharacterReading>();
  const twice = new Set<string>();
  for (const each of answer.data.characters) {
    const told = LOOSE_CHARACTER.safeParse(each);
    if (!told.success || !cast.has(told.data.id)) continue;
    if (characters.has(told.data.id)) twice.add(told.data.id);
    characters.set(told.data.id, readCharacter(told.data, cast));
  }
  for (const id of twice) characters.delete(id);
  return {
    characters,
    summary: shortText(answer.data.summary, LONGEST_SUMMARY),
    mood:
      mood === undefined || valence === undefined || arousal === undefined
        ? null
        : { label: mood, valence, arousal },
  };
}

function readCharacter(told: LooseCharacter, cast: Cast): CharacterReading {
  const own = (name: unknown): string | null => {
    const written = cast.writtenName(name);
    const owner = written === null ? null : cast.idOfName(written);
    return owner === null || owner === told.id ? written : null;
  };
  const canonicalName = own(told.name);
  const aliases = told.aliases.slice(0, MOST_ALIASES).flatMap((alias) => own(alias) ?? []);
  const description = shortText(told.description, LONGEST_DESCRIPTION);
  return {
    ...(canonicalName === null ? {} : { canonicalName }),
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(told.gender === undefined ? {} : { gender: told.gender }),
    ...(told.ageGroup === undefined ? {} : { ageGroup: told.ageGroup }),
    ...(told.role === undefined ? {} : { role: told.role }),
    ...(description === null ? {} : { description }),
  };
}
