import { chmod, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import dataSource from "../ormconfig.js";
import { type App, createApp, prepareDatabase } from "../src/app.js";
import { mediaOf } from "../src/app/options.js";
import {
  type NarrationEntity,
  NarrationStatus,
  ownerOf,
  untilRendered,
} from "../src/instances/index.js";
import { NO_QUOTAS } from "../src/config.js";
import { type OpenDatabase, openDatabase } from "../src/app/open-database.js";
import { Role, connectionOptions } from "../src/platform/database/connection/data-source.js";
import { createLogger } from "../src/platform/process/logging.js";
import { say } from "../src/platform/process/process.js";
import { userStore } from "../src/platform/users/user.store.js";
import { type StoryEntity, untilAnalysed } from "../src/reference/index.js";
import { demoClaims } from "../src/seed/demo-users.js";

const STORIES = new URL("../src/seed/stories/", import.meta.url);
/** The number of letters that give one second of speech. */
const LETTERS_A_SECOND = 15;

export const claims = demoClaims("ada");
export const owner = ownerOf(claims.subject);

/** The whole app with its worker, and with its own embedded database and blob folder. */
export interface ScratchApp {
  readonly app: App;
  readonly dataDir: string;
  readonly database: OpenDatabase;
  analysedStory(title: string, content: string): Promise<StoryEntity>;
  narrated(story: StoryEntity): Promise<NarrationEntity>;
  /** Starts the render and waits until the narration is ready. */
  rendered(
    narration: NarrationEntity,
    onProgress?: Parameters<typeof untilRendered>[3],
  ): Promise<NarrationEntity>;
  close(): Promise<void>;
}

export async function scratchApp(
  workerThreads: number | undefined,
  { takesJobs = true } = {},
): Promise<ScratchApp> {
  const dataDir = await mkdtemp(join(tmpdir(), "fabula-bench-"));
  // PostgreSQL must be able to enter the folder. If we are root, PostgreSQL runs as the user
  // `nobody`.
  await chmod(dataDir, 0o755);
  const database = await openDatabase({ database: undefined, dataDir }, say);
  await prepareDatabase(database.migrationUrl);
  const storage = {
    s3: undefined,
    speech: undefined,
    elevenLabs: undefined,
    mediaSecret: undefined,
    publicUrl: undefined,
    legacyMediaUrl: undefined,
    port: 0,
  };
  const app = await createApp({
    quotas: NO_QUOTAS,
    dataSource: dataSource.setOptions(connectionOptions({ url: database.url, role: Role.App })),
    databaseUrl: database.url,
    directUrl: database.directUrl,
    ...(await mediaOf(storage, database)),
    logger: createLogger({ logLevel: "warn", isProduction: false }),
    workerThreads,
    makesSamples: false,
  });
  if (takesJobs) await app.startWorker();
  const { services } = app;
  await services.database.write(claims.subject, (tx) => userStore.ensure(tx, claims));
  return {
    app,
    dataDir,
    database,
    analysedStory: async (title, content) => {
      const draft = await services.stories.create(owner.userId, { title, content });
      const story = await services.stories.publish(owner.userId, draft);
      await untilAnalysed(services, owner.userId, story);
      return story;
    },
    narrated: ({ id: storyId, title }) =>
      services.narrations.create(owner, { storyId, title, narratorVoice: "flite:slt" }),
    rendered: async (narration, onProgress = () => undefined) => {
      await services.rendering.request(owner, narration);
      const ended = await untilRendered(services, owner, narration.id, onProgress);
      if (ended.status === NarrationStatus.Ready) return ended;
      throw new Error(`The render ended with the status ${ended.status}.`);
    },
    close: async () => {
      await app.close();
      await database.leave();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * Returns a text of about `seconds` of speech from the demo stories. If the text repeats the
 * stories, each repetition has different sentences.
 */
export async function textOf(seconds: number): Promise<string> {
  const names = (await readdir(STORIES)).sort();
  const stories = await Promise.all(names.map((name) => readFile(new URL(name, STORIES), "utf8")));
  const all = stories.join("\n\n");
  const letters = seconds * LETTERS_A_SECOND;
  let text = all;
  for (let round = 2; text.length < letters; round++) {
    text += `\n\n${all.replace(/([a-z])([.!?])/gu, `$1 ${"again ".repeat(round - 1).trim()}$2`)}`;
  }
  const end = text.indexOf("\n\n", letters);
  return end < 0 ? text : text.slice(0, end);
}
