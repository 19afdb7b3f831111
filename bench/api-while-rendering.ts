import { seedDemo } from "../src/seed/seed.js";
import { scratchApp, textOf } from "./scratch-app.js";
import { NESTED_PAGE, scratchServer } from "./scratch-server.js";

/*
 * Measures the response time of the nested page over loopback HTTP: first on an idle server, then
 * while a book renders in the same process with the default number of threads. Run `npm run
 * bench:api`. The client is in the same process, so the times include the client's work.
 */

const IDLE_REQUESTS = 150;
const MOST_REQUESTS = 2000;
const BOOK_SECONDS = 900;

const p95 = (times: readonly number[]) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? NaN;

async function until(isOver: (times: readonly number[]) => boolean, ask: () => Promise<void>) {
  const times: number[] = [];
  while (!isOver(times)) {
    const started = performance.now();
    await ask();
    times.push(performance.now() - started);
  }
  return times;
}

const scratch = await scratchApp(undefined);
const { app } = scratch;
const server = await scratchServer(scratch);
await seedDemo(app.services, () => undefined);
const story = await scratch.analysedStory("A long evening", await textOf(BOOK_SECONDS));
const narration = await scratch.narrated(story);

async function askPage(): Promise<void> {
  const response = await server.ask(NESTED_PAGE);
  const answer = (await response.json()) as { errors?: unknown };
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
}

const after = (count: number) => (times: readonly number[]) => times.length >= count;
await until(after(50), askPage);
const idle = await until(after(IDLE_REQUESTS), askPage);
const state = { isRendered: false };
const rendering = scratch.rendered(narration).finally(() => {
  state.isRendered = true;
});
const isOver = ({ length }: readonly number[]) => state.isRendered || length >= MOST_REQUESTS;
const busy = await until(isOver, askPage);
const hasEndedBefore = state.isRendered;
await rendering;
await server.close();
await scratch.close();
const ratio = p95(busy) / p95(idle);
console.log(`idle             p95 ${p95(idle).toFixed(1)} ms of ${idle.length} nested pages`);
console.log(
  `while rendering  p95 ${p95(busy).toFixed(1)} ms of ${busy.length}, ${hasEndedBefore ? "until the render ended" : "within the render"}`,
);
console.log(`ratio            ${ratio.toFixed(2)} (at most 3)`);
