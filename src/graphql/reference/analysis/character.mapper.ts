import type { AnalysisDocument } from "../../../reference/index.js";
import type { FabulaContext } from "../../context.js";
import { fromGlobalId } from "../../relay/global-id.js";
import type { InputIds } from "../../relay/input-ids.js";

/** A character and the id of its analysis. The character's own id is unique only within this analysis. */
export type CharacterSource = AnalysisDocument["characters"][number] & {
  readonly analysisId: number;
};

/**
 * Returns the analysis's character with this id. Returns null if the analysis or the character does not
 * exist.
 */
export async function findCharacter(
  { reference }: FabulaContext,
  analysisId: number | null,
  characterId: string | null,
): Promise<CharacterSource | null> {
  if (analysisId === null) return null;
  // Load the analysis even if characterId is null, so that the number of statements does not depend on
  // rows.
  const analysis = await reference.analyses.byId.load(analysisId);
  const character = analysis?.characters.find(({ id }) => id === characterId);
  return character ? { ...character, analysisId } : null;
}

interface CharacterId {
  readonly analysisId: number;
  readonly characterId: string;
}

/**
 * Returns the id of the analysis and the id of the character, from the global id of a StoryCharacter.
 * @throws InvalidInputError if `id` is not the id of a StoryCharacter
 */
export function decodeCharacterId(id: string, path: readonly string[]): CharacterId {
  const raw = fromGlobalId(id, "StoryCharacter", path);
  const dot = raw.indexOf(".");
  return { analysisId: Number(raw.slice(0, dot)), characterId: raw.slice(dot + 1) };
}

/** Returns undefined for an id that was refused. */
export type CharacterIdReader = (id: string, path: readonly string[]) => string | undefined;

/**
 * Returns a function that reads the global ids of characters of one analysis. A character of another
 * analysis becomes a problem of the input.
 * @param analysisId null if there is no analysis yet; undefined if the analysis is unknown, because another
 *   field of the input is wrong
 */
export const characterIdReader =
  (analysisId: number | null | undefined, { problems }: InputIds): CharacterIdReader =>
  (id, path) => {
    const character = problems.check(() => decodeCharacterId(id, path), undefined);
    const isElsewhere = analysisId !== undefined && character?.analysisId !== analysisId;
    if (!character || !isElsewhere) return character?.characterId;
    problems.add(
      `${path.join(".")} is a character of another analysis. Choose a character of the narration's own analysis.`,
      path,
    );
    return undefined;
  };
