import { InvalidInputError } from "../../platform/errors.js";
import type { AnalysisDocument } from "../../reference/index.js";
import type { FabulaContext } from "../context.js";
import { fromGlobalId } from "../relay/global-id.js";

/** A character of one analysis: ids of characters are the analysis' own. */
export type CharacterSource = AnalysisDocument["characters"][number] & {
  readonly analysisId: number;
};

/** The character with an analysis' own id for it; null where either is gone. */
export async function findCharacter(
  { reference }: FabulaContext,
  analysisId: number | null,
  characterId: string | null,
): Promise<CharacterSource | null> {
  if (analysisId === null) return null;
  // Also asked where nobody speaks, so that the statements do not depend on who does.
  const analysis = await reference.analyses.byId.load(analysisId);
  const character = analysis?.characters.find(({ id }) => id === characterId);
  return character ? { ...character, analysisId } : null;
}

interface CharacterId {
  readonly analysisId: number;
  readonly characterId: string;
}

/** @throws InvalidInputError */
export function decodeCharacterId(id: string, path: readonly string[]): CharacterId {
  const raw = fromGlobalId(id, "StoryCharacter", path);
  const dot = raw.indexOf(".");
  return { analysisId: Number(raw.slice(0, dot)), characterId: raw.slice(dot + 1) };
}

/** Reads ids of characters of one analysis. @throws InvalidInputError for one of another analysis */
export const characterIdReader =
  (analysisId: number | null) =>
  (id: string, path: readonly string[]): string => {
    const character = decodeCharacterId(id, path);
    if (character.analysisId === analysisId) return character.characterId;
    throw new InvalidInputError(
      "That character is of another analysis; choose one of the characters of the story's own.",
      path,
    );
  };
