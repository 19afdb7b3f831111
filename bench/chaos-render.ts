/**
 * Kills workers at random moments of a render, and compares the files with the files of a render
 * without kills.
 */
import { declareCommand } from "../src/platform/command-line/command-line.js";
import { countOf, readScriptWords } from "./script-words.js";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type NarrationEntity, NarrationStatus, untilRendered } from "../src/instances/index.js";
import { print, say } from "../src/platform/process/process.js";
import { type ScratchApp, owner, scratchApp, textOf } from "./scratch-app.js";

const LINE = declareCommand({
  call: "npm run chaos:render --",
  summary: "kills the worker during renders, and compares the sound with an undisturbed render",
  words: {
    ...{ form: "[FILE]", least: 0, most: 1 },
    about: "the text; default a text of five minutes",
  },
  options: { kills: { value: "N", about: "how many kills", default: "20" } },
  examples: ["npm run chaos:render", "npm run chaos:render -- night.txt --kills 4"],
});
const { values, words } = readScriptWords(LINE);
const kills = countOf(LINE, "kills", values.kills);
/**
 * The most kills of one render. The queue tries the job again after each of four kills. After the
 * fifth, the queue gives the job up, and the render continues only if it has made a rendition.
 */
const KILLS_A_RENDER = 5;

function startWorker({ dataDir }: ScratchApp): ChildProcess {
  const path = join(import.meta.dirname, "../src/worker.js");
  const env = { PATH: process.env["PATH"], DATA_DIR: dataDir, LOG_LEVEL: "warn" };
  return spawn(process.execPath, [path], { env, stdio: ["ignore", "ignore", "inherit"] });
}

async function end(worker: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(worker, "exit");
  worker.kill(signal);
  await ended;
}

interface Made {
  readonly recipe: string;
  readonly key: string;
  /**
   * The version of the row. The version and the inode of the file change if the rendition is made
   * again.
   */
  readonly version: string;
  readonly inode: number;
}

async function renditions({ app, dataDir }: ScratchApp): Promise<readonly Made[]> {
  const rows = await app.services.database.read({ viewer: owner.userId }, (tx) =>
    tx.query<Omit<Made, "inode">[]>(
      "SELECT recipe_key AS recipe, blob_key AS key, xmin::text AS version FROM reference.renditions",
    ),
  );
  const made = rows.map(async (row) => {
    const hash = row.key.slice(-64);
    const { ino: inode } = await stat(join(dataDir, "blobs/shared", hash.slice(0, 2), hash));
    return { ...row, inode };
  });
  return Promise.all(made);
}

/**
 * Returns the renditions that were made twice. Two recipes can have the same file. Storing the second
 * recipe writes the file again, so the inode of a shared file is not compared.
 */
function remade(before: readonly Made[], after: readonly Made[]): readonly Made[] {
  return before.filter(({ recipe, key, version, inode }) => {
    const same = after.filter((each) => each.key === key);
    const now = same.find((each) => each.recipe === recipe);
    return now?.version !== version || (same.length === 1 && now.inode !== inode);
  });
}

const filesOf = ({ audio, durationMs }: NarrationEntity): string =>
  JSON.stringify({ ...audio, durationMs });

async function main(): Promise<void> {
  const [path] = words;
  const text = path === undefined ? await textOf(300) : await readFile(path, "utf8");
  const scratch = await scratchApp(1, { takesJobs: false });
  const { services } = scratch.app;
  const ended = (narration: NarrationEntity) =>
    untilRendered(services, owner, narration.id, () => undefined);

  let worker = startWorker(scratch);
  const story = await scratch.analysedStory("Chaos", text);
  const startedMs = performance.now();
  const whole = await scratch.rendered(await scratch.narrated(story));
  const wholeMs = performance.now() - startedMs;
  say(`Rendered ${whole.segmentCount} segments without kills in ${Math.round(wholeMs)} ms`);

  let killed = 0;
  let wrong = 0;
  while (killed < kills) {
    await services.database.write(null, (tx) => tx.query("DELETE FROM reference.renditions"));
    const narration = await scratch.narrated(story);
    await services.rendering.request(owner, narration);
    const done = ended(narration);
    for (let time = 0; time < KILLS_A_RENDER && killed < kills; time++) {
      const waitMs = Math.round(Math.random() * wholeMs);
      const isDone = await Promise.race([done.then(() => true), pause(waitMs, false)]);
      if (isDone) break;
      await end(worker, "SIGKILL");
      killed += 1;
      const before = await renditions(scratch);
      worker = startWorker(scratch);
      await Promise.race([done, pause(20_000)]);
      const after = await renditions(scratch);
      const twice = remade(before, after).length;
      wrong += twice;
      say(
        `Kill ${killed} after ${waitMs} ms: ${before.length} renditions stored, ${twice} made twice`,
      );
    }
    const rendered = await done;
    const isEqual = filesOf(rendered) === filesOf(whole);
    if (rendered.status !== NarrationStatus.Ready || !isEqual) wrong += 1;
    say(`Render ended: ${rendered.status}, ${isEqual ? "same bytes" : "DIFFERENT BYTES"}`);
  }
  await end(worker, "SIGTERM");
  await scratch.close();
  print(`${killed} kills, ${wrong} errors`);
  if (wrong > 0) process.exitCode = 1;
}

await main();
