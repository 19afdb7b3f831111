import { createHash } from "node:crypto";
import { sortedEntries } from "../../../platform/sorted-json.js";
import type { SpeechRequest } from "../../../providers/speech/speech.port.js";

const SCHEMA = 1;

/** Everything a segment's sound depends on. Equal recipes sound the same, so they share one rendition. */
export interface Recipe {
  /** Provider and version of its engine. */
  readonly provider: string;
  readonly providerVersion: string;
  readonly request: SpeechRequest;
}

/** sha256 over the canonical JSON of a recipe: the key of its rendition. */
export function recipeKeyOf({ provider, providerVersion, request }: Recipe): string {
  const { text, language, voice, prosody, emotion, lexicon = [] } = request;
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
  ]);
  return createHash("sha256").update(canonical).digest("hex");
}
