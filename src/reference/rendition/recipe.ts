import { createHash } from "node:crypto";
import { sortedEntries } from "../../platform/sorted-json.js";
import type { SpeechRequest } from "../../providers/speech/speech.port.js";

const SCHEMA = 1;

/** Everything a segment's sound depends on. Equal recipes sound the same, so they share one rendition. */
export interface Recipe {
  /** The id of the provider. `providerVersion` is the version of the provider's engine. */
  readonly provider: string;
  readonly providerVersion: string;
  readonly request: SpeechRequest;
}

/** Returns the key of a recipe's rendition: the sha256 of the recipe's canonical JSON. */
export function recipeKeyOf({ provider, providerVersion, request }: Recipe): string {
  const { text, language, voice, prosody, emotion, lexicon = [], personal } = request;
  const canonical = JSON.stringify([
    SCHEMA,
    provider,
    providerVersion,
    language,
    voice,
    // The text is not normalised, because the rendition's words are offsets into this exact spelling.
    text,
    sortedEntries(prosody),
    lexicon.map(({ word, saidAs }) => [word, saidAs]),
    emotion ? [emotion.name, emotion.intensity] : null,
    // Recipes of catalogue voices have no such member, so their keys stay as they are.
    ...(personal ? [[personal.revision, personal.model]] : []),
  ]);
  return createHash("sha256").update(canonical).digest("hex");
}
