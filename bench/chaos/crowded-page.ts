import { seedDemo } from "../../src/seed/seed.js";
import { scratchApp, textOf } from "../scratch-app.js";
import { NESTED_PAGE, type ScratchServer, scratchServer } from "../scratch-server.js";
import type { Scenario } from "./scenario.js";

const CLIENTS = 128;
const PAGES_PER_CLIENT = 12;
const BOOK_SECONDS = 300;

/** 128 clients ask for the nested page while a book renders in the same process. */
export const crowdedPage: Scenario = {
  name: "crowded-page",
  run: async () => {
    const scratch = await scratchApp(1);
    const server = await scratchServer(scratch);
    try {
      await seedDemo(scratch.app.services, () => undefined);
      const story = await scratch.analysedStory("A long evening", await textOf(BOOK_SECONDS));
      const rendering = scratch.rendered(await scratch.narrated(story));
      const asked = Array.from({ length: CLIENTS }, () => askPages(server));
      const outcomes = (await Promise.all(asked)).flat();
      await rendering;
      const count = (wanted: Outcome) => outcomes.filter((outcome) => outcome === wanted).length;
      return [
        { what: "pages that failed", value: count("failed"), unit: "", bar: 0 },
        // Without this bar, a server that refuses every request would pass.
        { what: "pages refused", value: count("refused"), unit: "", bar: outcomes.length / 2 },
      ];
    } finally {
      await server.close();
      await scratch.close();
    }
  },
};

type Outcome = "served" | "refused" | "failed";

async function askPages(server: ScratchServer): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  while (outcomes.length < PAGES_PER_CLIENT) outcomes.push(outcomeOf(await askPage(server)));
  return outcomes;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: string;
}

const askPage = async (server: ScratchServer): Promise<Answer> => {
  const response = await server.ask(NESTED_PAGE);
  const retryAfter = response.headers.get("retry-after");
  return { status: response.status, retryAfter, body: await response.text() };
};

/**
 * Returns how a request ended. An answer counts as a refusal only if it says OVERLOADED and when to try
 * again.
 */
function outcomeOf({ status, retryAfter, body }: Answer): Outcome {
  if (status === 200 && !body.includes('"errors":')) return "served";
  const isRefusal = status === 503 && retryAfter !== null && body.includes("OVERLOADED");
  return isRefusal ? "refused" : "failed";
}
