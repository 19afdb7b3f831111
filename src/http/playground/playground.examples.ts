import { readFile } from "node:fs/promises";

const NAMES = [
  "the-shelf",
  "the-catalogue",
  "hear-it",
  "one-story",
  "write-and-publish",
  "analysis-progress",
  "make-a-narration",
  "render-and-watch",
  "edit-one-sentence",
  "edit-the-script",
  "take-up-a-new-text",
  "build-on-bens-narration",
  "go-on-listening",
  "publish-it",
  "see-it-as-ben",
  "stale-version",
  "your-voice",
  "train-my-voice",
  "my-trained-voice",
] as const;

/**
 * The documents in the folder `examples`, by file name. The name of the first operation is the title of
 * the tab.
 */
export type PlaygroundExamples = Readonly<Record<(typeof NAMES)[number], string>>;

export async function loadPlaygroundExamples(): Promise<PlaygroundExamples> {
  const documents = await Promise.all(
    NAMES.map(async (name) => [
      name,
      await readFile(new URL(`./examples/${name}.graphql`, import.meta.url), "utf8"),
    ]),
  );
  return Object.fromEntries(documents) as PlaygroundExamples;
}
