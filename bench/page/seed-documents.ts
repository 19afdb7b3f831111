import { readFile, readdir } from "node:fs/promises";
import { CATALOGUE } from "../../src/providers/speech/flite/flite.voices.js";
import { analyseText } from "../../src/reference/analysis/analyser/index.js";
import { packAnalysis, readBatch } from "../../src/reference/analysis/running/packed-analysis.js";
import type { ExtractedTemplate } from "../../src/reference/voice-modulation/extraction.js";

const STORIES = new URL("../../src/seed/stories/", import.meta.url);
const SEGMENTS = 24;
const CAST_SIZE = 5;
const TEMPLATES = 150;

/** The analysis of a demo story, as the seed copies it to many stories. */
export interface SeedDocument {
  readonly title: string;
  readonly content: string;
  readonly summary: string;
  readonly mood: object;
  readonly characters: readonly object[];
  readonly usage: object;
  readonly cast: readonly object[];
  readonly segments: readonly object[];
  readonly templates: readonly ExtractedTemplate[];
}

/** Analyses the demo stories. So the rows of the seed are as large as real rows. */
export async function documents(): Promise<SeedDocument[]> {
  const names = (await readdir(STORIES)).sort();
  return Promise.all(
    names.map(async (name) => {
      const content = await readFile(new URL(name, STORIES), "utf8");
      return documentOf(name, content);
    }),
  );
}

function documentOf(name: string, content: string): SeedDocument {
  const document = analyseText(content);
  const packed = packAnalysis(document, content);
  const segments = packed.batches.flatMap((batch) => JSON.parse(readBatch(batch)) as object[]);
  return {
    title: name.replace(/\.txt$/u, "").replaceAll("-", " "),
    content: content.slice(0, 3_000),
    summary: packed.summary,
    mood: packed.mood,
    characters: packed.characters,
    usage: packed.usage,
    cast: packed.characters.slice(0, CAST_SIZE).map(({ id, canonicalName }, index) => {
      const voice = CATALOGUE[(index + 1) % CATALOGUE.length];
      return {
        ...{ characterId: id, characterName: canonicalName, isAutomatic: true },
        ...{ voice: voice?.id, voiceName: voice?.displayName },
      };
    }),
    segments: segments.slice(0, SEGMENTS),
    templates: packed.templates,
  };
}

/** Returns the templates of all documents, and more templates up to the size of a real catalogue. */
export function templateRows(made: readonly SeedDocument[]): object[] {
  const found = new Map(
    made.flatMap(({ templates }) => templates).map((row) => [`${row.type} ${row.key}`, row]),
  );
  const [example] = found.values();
  const more = Array.from({ length: Math.max(0, TEMPLATES - found.size) }, (_, index) => ({
    ...example,
    type: "sound",
    key: `seeded sound ${index}`,
    displayName: `Seeded sound ${index}`,
  }));
  return [...found.values(), ...more];
}
