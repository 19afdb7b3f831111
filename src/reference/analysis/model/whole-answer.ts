import { z } from "zod";
import {
  AgeGroup,
  type Character,
  CharacterRole,
  Gender,
  type Mood,
  MoodLabel,
} from "../analyser/index.js";
import { type Cast, nameKey } from "./cast.js";
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
 * not be a name of another character. A name that the answer gives to two characters is given to none.
 */
export function readWholeAnswer(value: unknown, cast: Cast): WholeReading {
  const answer = LOOSE_ANSWER.safeParse(value);
  if (!answer.success) return NOTHING_TOLD;
  const { mood, valence, arousal } = answer.data;
  const told = toldOnce(answer.data.characters, cast);
  const named = told.map((character) => namesOf(character, cast));
  const owners = Map.groupBy(
    named.flatMap(({ keys }) => [...keys]),
    (key) => key,
  );
  const isOwn = (name: string): boolean => owners.get(nameKey(name))?.length === 1;
  const characters = new Map<string, CharacterReading>();
  for (const [index, character] of told.entries())
    characters.set(character.id, readCharacter(character, named[index] ?? NO_NAMES, isOwn));
  return {
    characters,
    summary: shortText(answer.data.summary, LONGEST_SUMMARY),
    mood:
      mood === undefined || valence === undefined || arousal === undefined
        ? null
        : { label: mood, valence, arousal },
  };
}

/** Returns what an answer says about characters of the cast. Leaves out a character that it describes twice. */
function toldOnce(characters: readonly unknown[], cast: Cast): LooseCharacter[] {
  const told = new Map<string, LooseCharacter | null>();
  for (const each of characters) {
    const { data } = LOOSE_CHARACTER.safeParse(each);
    if (data && cast.has(data.id)) told.set(data.id, told.has(data.id) ? null : data);
  }
  return [...told.values()].filter((each) => each !== null);
}

/** The names of a character that stand in the text and that no other character of the cast has. */
interface ToldNames {
  readonly canonicalName: string | null;
  readonly aliases: readonly string[];
  readonly keys: ReadonlySet<string>;
}

const NO_NAMES: ToldNames = { canonicalName: null, aliases: [], keys: new Set() };

function namesOf({ id, name, aliases: told }: LooseCharacter, cast: Cast): ToldNames {
  const own = (value: unknown): string | null => {
    const written = cast.writtenName(value);
    const owner = written === null ? null : cast.idOfName(written);
    return owner === null || owner === id ? written : null;
  };
  const canonicalName = own(name);
  const aliases = told.slice(0, MOST_ALIASES).flatMap((alias) => own(alias) ?? []);
  const all = canonicalName === null ? aliases : [canonicalName, ...aliases];
  return { canonicalName, aliases, keys: new Set(all.map(nameKey)) };
}

function readCharacter(
  told: LooseCharacter,
  names: ToldNames,
  isOwn: (name: string) => boolean,
): CharacterReading {
  const { canonicalName } = names;
  const aliases = names.aliases.filter(isOwn);
  const description = shortText(told.description, LONGEST_DESCRIPTION);
  return {
    ...(canonicalName !== null && isOwn(canonicalName) ? { canonicalName } : {}),
    ...(aliases.length === 0 ? {} : { aliases }),
    ...(told.gender === undefined ? {} : { gender: told.gender }),
    ...(told.ageGroup === undefined ? {} : { ageGroup: told.ageGroup }),
    ...(told.role === undefined ? {} : { role: told.role }),
    ...(description === null ? {} : { description }),
  };
}
