import type { AnalysisEntity } from "../../../reference/index.js";

type Character = Pick<
  AnalysisEntity["characters"][number],
  "id" | "canonicalName" | "aliases" | "quoteCount"
>;

/** The characters of an analysis by the ids that an earlier analysis gave them. */
export type CharacterMatches = ReadonlyMap<string, Character>;

const spelled = (name: string): string => name.normalize("NFC").trim().toLowerCase();

/** Finds the characters of an earlier analysis in a new one: by their id, else by a name. */
export function matchCharacters(
  before: readonly Character[],
  after: readonly Character[],
): CharacterMatches {
  const byId = new Map(after.map((character) => [character.id, character]));
  const byName = new Map<string, Character>();
  const add = (name: string, character: Character) => {
    if (!byName.has(spelled(name))) byName.set(spelled(name), character);
  };
  for (const character of after) add(character.canonicalName, character);
  for (const character of after) for (const alias of character.aliases) add(alias, character);
  const matches = new Map<string, Character>();
  for (const { id, canonicalName, aliases } of before) {
    const names = [canonicalName, ...aliases].map((name) => byName.get(spelled(name)));
    const found = byId.get(id) ?? names.find((character) => character !== undefined);
    if (found) matches.set(id, found);
  }
  return matches;
}
