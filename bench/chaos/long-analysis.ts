import { untilAnalysed } from "../../src/reference/index.js";
import { owner, scratchApp } from "../scratch-app.js";
import type { Measured, Scenario } from "./scenario.js";

const LETTERS = 2_000_000;
const SAMPLE_MS = 20;
const MEMORY_BAR_MB = 500;
const TIME_BAR_SECONDS = 120;
/**
 * The bar for creating a narration, and the bar for publishing a narration. Each copies all segments
 * with several statements, and each statement may take 5 s.
 */
const REQUEST_BAR_SECONDS = 15;

const TEXTS = {
  "one word a paragraph": () => repeatTo((index) => `${WORDS[index % WORDS.length] ?? ""}\n\n`),
  "one word a line": () => repeatTo((index) => `${WORDS[index % WORDS.length] ?? ""}\n`),
  dialogue: () =>
    repeatTo((index) =>
      index % 2 ? "“Who is there?” asked Lena.\n\n" : "“The wind,” said Otto.\n\n",
    ),
};
const WORDS = ["river", "stone", "bridge", "lantern", "morning"];

function repeatTo(line: (index: number) => string): string {
  let text = "";
  for (let index = 0; text.length < LETTERS - 40; index += 1) text += line(index);
  return text.trimEnd();
}

/** Analyses, narrates and publishes texts of the greatest allowed length, with very short lines. */
export const longAnalysis: Scenario = {
  name: "long-analysis",
  run: async () => {
    const scratch = await scratchApp(1);
    try {
      const measured: Measured[] = [];
      const idleBytes = process.memoryUsage.rss();
      for (const [name, text] of Object.entries(TEXTS)) {
        const long = { name, content: text(), idleBytes };
        measured.push(...(await analyseLong(scratch, long)));
      }
      return measured;
    } finally {
      await scratch.close();
    }
  },
};

async function analyseLong(
  { app: { services } }: Awaited<ReturnType<typeof scratchApp>>,
  {
    name,
    content,
    idleBytes,
  }: { readonly name: string; readonly content: string; readonly idleBytes: number },
): Promise<Measured[]> {
  const draft = await services.stories.create(owner.userId, { title: name, content });
  const memory = watchMemory(idleBytes);
  const analysing = secondsSince(Date.now());
  const story = await services.stories.publish(owner.userId, draft);
  // This narration waits for the analysis, so its script is copied in the transaction that stores the
  // analysis.
  await services.narrations.create(owner, { storyId: story.id });
  await untilAnalysed(services, owner.userId, story);
  const analysed = analysing();
  const narrating = secondsSince(Date.now());
  const narration = await services.narrations.create(owner, { storyId: story.id });
  const narrated = narrating();
  const publishing = secondsSince(Date.now());
  await services.publishing.publish(owner, narration, "public");
  const published = publishing();
  return [
    { what: `${name}, memory above idle`, value: memory(), unit: "MB", bar: MEMORY_BAR_MB },
    { what: `${name}, analysis`, value: analysed, unit: "s", bar: TIME_BAR_SECONDS },
    { what: `${name}, new narration`, value: narrated, unit: "s", bar: REQUEST_BAR_SECONDS },
    { what: `${name}, publishing`, value: published, unit: "s", bar: REQUEST_BAR_SECONDS },
  ];
}

const secondsSince = (start: number) => () => (Date.now() - start) / 1000;

/** Returns a function that stops watching and returns the peak above `idleBytes`, in MB. */
function watchMemory(idleBytes: number): () => number {
  let peak = idleBytes;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, SAMPLE_MS);
  return () => {
    clearInterval(timer);
    return (peak - idleBytes) / 1e6;
  };
}
