import { declareCommand } from "../src/platform/command-line/command-line.js";
import { readScriptWords } from "./script-words.js";
import {
  VoiceSubject,
  CONSENT_STATEMENT,
  UploadPurpose,
  untilProcessed,
} from "../src/instances/index.js";
import { userStore } from "../src/platform/users/user.store.js";
import { isTrainable, referenceLoaders } from "../src/reference/index.js";
import { seedDemo } from "../src/seed/seed.js";
import { hostileFiles } from "./recordings/hostile-files.js";
import { owner, scratchApp, textOf } from "./scratch-app.js";
import { NESTED_PAGE, scratchServer } from "./scratch-server.js";

/*
 * Measures the response time of the nested page over loopback HTTP: on an idle server, while a book
 * renders in the same process, and while the process judges corrupt and lying recordings. All with the
 * default number of threads. Run `npm run bench:api`. The client is in the same process, so the times
 * include the client's work.
 */

readScriptWords(
  declareCommand({
    call: "npm run bench:api --",
    summary:
      "measures the answer to the nested page while a book renders and recordings are judged",
    options: {},
    examples: ["npm run bench:api", "npm run -s bench:api > times.txt"],
  }),
);

const IDLE_REQUESTS = 150;
const MOST_REQUESTS = 2000;
const BOOK_SECONDS = 900;
const MOST_TIMES_IDLE = 3;

const p95 = (times: readonly number[]) =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? NaN;

async function until(isOver: (times: readonly number[]) => boolean) {
  const times: number[] = [];
  while (!isOver(times)) {
    const started = performance.now();
    await askPage();
    times.push(performance.now() - started);
  }
  return times;
}

const scratch = await scratchApp(undefined);
const { services } = scratch.app;
const server = await scratchServer(scratch);
await seedDemo(services, () => undefined);
const story = await scratch.analysedStory("A long evening", await textOf(BOOK_SECONDS));
const narration = await scratch.narrated(story);
const files = await hostileFiles();

async function askPage(): Promise<void> {
  const response = await server.ask(NESTED_PAGE);
  const answer = (await response.json()) as { errors?: unknown };
  if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
}

/** Measures pages until the work has ended. */
async function measureDuring(name: string, work: () => Promise<unknown>): Promise<void> {
  const state = { isDone: false };
  const working = work().finally(() => {
    state.isDone = true;
  });
  const times = await until(({ length }) => state.isDone || length >= MOST_REQUESTS);
  await working;
  const ratio = p95(times) / p95(idle);
  console.log(
    `${name.padEnd(34)} p95 ${p95(times).toFixed(1)} ms of ${times.length} pages, ${ratio.toFixed(2)} x idle (bar ${MOST_TIMES_IDLE})`,
  );
}

/** Sends all files as voice samples, and waits until the server has judged them. */
async function judgeRecordings(): Promise<void> {
  const { publicId } = await services.consents
    .grant(owner, { statementVersion: CONSENT_STATEMENT.version, subject: VoiceSubject.Self })
    .then(() => findUser());
  const templateIds = await findTemplates();
  const ids: string[] = [];
  for (const [index, { bytes }] of files.entries()) {
    const contentType = "audio/wav";
    const declared = { purpose: UploadPurpose.VoiceSample, sizeBytes: bytes.length, contentType };
    const upload = await services.uploads.create(owner, declared);
    await services.uploads.receive(publicId, upload.id, { contentType, body: streamOf(bytes) });
    const templateId = templateIds[index % templateIds.length] ?? 0;
    ids.push((await services.voiceSamples.add(owner, { templateId, uploadId: upload.id })).id);
  }
  for (const id of ids) await untilProcessed(services, owner, id);
}

async function findUser() {
  const [user] = await services.database.read({ viewer: owner.userId }, (tx) =>
    userStore.byIds(tx, [owner.userId]),
  );
  if (!user) throw new Error("The user of the bench does not exist.");
  return user;
}

async function findTemplates(): Promise<readonly number[]> {
  const { templates } = referenceLoaders((work) => services.database.read({ viewer: null }, work));
  const { nodes } = await templates.page({ page: { limit: 1_000 } });
  return nodes.filter(isTrainable).map(({ id }) => id);
}

async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const after = (count: number) => (times: readonly number[]) => times.length >= count;
await until(after(50));
const idle = await until(after(IDLE_REQUESTS));
console.log(`${"idle".padEnd(34)} p95 ${p95(idle).toFixed(1)} ms of ${idle.length} pages`);
await measureDuring("while a book renders", () => scratch.rendered(narration));
await measureDuring(`while ${files.length} bad recordings are judged`, judgeRecordings);
await server.close();
await scratch.close();
