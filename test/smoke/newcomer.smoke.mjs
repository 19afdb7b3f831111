// Does what the README describes, from `npm start` to Ctrl-C, with new data.
// Usage: npm run smoke. The command needs node_modules and a free port.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { person } from "./api.client.mjs";
import {
  end,
  interrupt,
  npm,
  outputOf,
  startServer,
  terminate,
  waitFor,
} from "./server.process.mjs";
import { stepReport } from "./step.report.mjs";
import { playTwoPeople, publishForWorker } from "./two-people.flow.mjs";

const BROWSER_WITHIN_MS = 180_000;
const VOICE_STEPS = 9;
const OWN_VOICE_STEPS = 11;
const TEXT = "The Kite\n\n“Hold on!” cried Tom. The kite tugged, and Tom laughed.\n";
const SAMPLES_WITHIN_MS = 60_000;
const VOICES = "{ voices(first: 100) { edges { node { displayName sampleUrl } } } }";
const SHELF = "{ stories(first: 100) { edges { node { id slug title } } } }";

const folder = path.resolve(".fabula", `smoke-${process.pid}`);
const environment = { PORT: String(await freePort()), DATA_DIR: folder, NODE_ENV: "" };
const { counts, note, step } = stepReport();
const running = new Set();

process.once("SIGINT", () => void clearUp().then(() => process.exit(130)));
process.once("SIGTERM", () => void clearUp().then(() => process.exit(143)));
try {
  await useIt();
} finally {
  await clearUp();
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;

async function useIt() {
  const server = await step("npm start creates a database, seeds it and is ready", () => start());
  if (!server) return;
  await playTwoPeople(step, server);
  await step("a worker makes a sample of every voice, and anybody can hear it", () =>
    hearVoices(server),
  );
  await step("npm run token prints only a working token", () => token(server));
  await step("npm start reports a port that is in use", portInUse);
  await step("npm run import publishes a text while the server runs", () => importText(server));
  await step("npm run narrate renders the text", narrateText);
  await step("npm run voice prints the statement, and makes a sample of a recording", () =>
    recordVoice(server),
  );
  await step("a second worker starts and stops, and the server keeps running", () =>
    withWorker(() => shelfOf(server)),
  );
  await playground(server);
  await yourVoice(server);
  await ownVoice(server);
  const shelf = await step("the public stories are read before the stop", () => shelfOf(server));
  await step("SIGTERM stops every process", () => terminate(server));

  const again = await step("npm start works again, without an inline worker", () =>
    start({ INLINE_WORKER: "false" }),
  );
  if (!again) return;
  await step("the data and the tokens are the same as before", async () => {
    assert.deepEqual(await shelfOf(again), shelf);
    const { viewer } = await person(again.url, server.tokens.ada).ask("{ viewer { displayName } }");
    assert.equal(viewer.displayName, "Ada");
  });
  await step("npm run worker runs the jobs of a server without an inline worker", () =>
    withWorker(() => publishForWorker(again)),
  );
  await step("Ctrl-C stops every process", () => interrupt(again));
}

async function start(settings = {}) {
  const server = await startServer({ ...environment, ...settings });
  running.add(server);
  return server;
}

/**
 * Waits until every voice has a sample, and downloads all samples. The URL of a sample is null until the
 * worker has made the sample.
 */
async function hearVoices({ url }) {
  const giveUpAt = Date.now() + SAMPLES_WITHIN_MS;
  for (;;) {
    const { voices } = await person(url).ask(VOICES);
    const silent = voices.edges.filter(({ node }) => node.sampleUrl === null);
    if (silent.length === 0) {
      const sounds = await Promise.all(voices.edges.map(({ node }) => fetch(node.sampleUrl)));
      assert.ok(sounds.every(({ status }) => status === 200));
      return;
    }
    assert.ok(Date.now() < giveUpAt, `${silent.length} of ${voices.edges.length} are silent`);
    await pause(500);
  }
}

async function token({ url }) {
  const output = await outputOf(["run", "-s", "token", "--", "ben"], environment);
  assert.match(output, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  const { viewer } = await person(url, output.trim()).ask("{ viewer { displayName } }");
  assert.equal(viewer.displayName, "Ben");
}

async function portInUse() {
  const second = npm(["start"], environment);
  running.add(second);
  await waitFor(second, "err", new RegExp(`Port ${environment.PORT} is in use`));
  assert.equal(await second.ended, 1);
}

async function importText(server) {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, "the-kite.txt");
  await writeFile(file, TEXT);
  const output = await outputOf(["run", "import", "--", file, "--publish"], environment);
  assert.match(output, /public the-kite "The Kite"/);
  const titles = (await shelfOf(server)).map(({ title }) => title);
  assert.ok(titles.includes("The Kite"), titles.join());
}

/**
 * Narrates a text with the command line. The command must write the files even if the server rendered
 * the same words before.
 */
async function narrateText() {
  const out = path.join(folder, "spoken");
  const file = path.join(folder, "the-kite.txt");
  const output = await outputOf(["run", "narrate", "--", file, "--out", out], environment);
  assert.match(output, /the-kite\.mp3 \d+ s/);
  const [mp3, vtt, json] = await Promise.all(
    ["mp3", "vtt", "json"].map((ending) => readFile(path.join(out, `the-kite.${ending}`))),
  );
  assert.equal(mp3.subarray(0, 3).toString(), "ID3");
  assert.match(vtt.toString(), /^WEBVTT\n/);
  assert.ok(JSON.parse(json).timings.segments.every(({ words }) => words.length > 0));
}

/** Reads the statement and agrees. The recording is the text that the step before spoke. */
async function recordVoice({ url }) {
  const statement = await outputOf(["run", "voice"], environment);
  assert.match(statement, /I record only my own voice/);
  const { voiceConsentStatement } = await person(url).ask("{ voiceConsentStatement { version } }");
  const sample = `neutral=${path.join(folder, "spoken", "the-kite.mp3")}`;
  const words = ["--user", "cleo", "--agree", voiceConsentStatement.version, "--sample", sample];
  assert.match(await outputOf(["run", "voice", "--", ...words], environment), /neutral accepted/);
}

async function withWorker(work) {
  const worker = npm(["run", "worker"], environment);
  running.add(worker);
  await waitFor(worker, "err", /The worker is ready/);
  await work();
  await terminate(worker);
}

async function shelfOf({ url }) {
  const { stories } = await person(url).ask(SHELF);
  return stories.edges.map(({ node }) => node);
}

/**
 * Reports the playground's player and each of its tabs as one step. The tab about Ada's trained voice
 * exists only after the training.
 */
async function playground(server) {
  const examples = readdirSync("src/http/playground/examples").length;
  await browse(server, "playground", examples);
}

/** Reports each step of the playground's panel for the voice. The panel needs a rendered narration. */
function yourVoice(server) {
  return browse(server, "voice", VOICE_STEPS);
}

/** Reports each step of getting a voice of one's own in the panel. */
function ownVoice(server) {
  return browse(server, "own-voice", OWN_VOICE_STEPS);
}

/** Runs a script with a browser, and reports each of its steps. */
async function browse({ url }, name, expectedSteps) {
  const script = path.resolve(`test/smoke/${name}.smoke.mjs`);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script], {
    env: { ...process.env, BASE_URL: url },
    timeout: BROWSER_WITHIN_MS,
  }).catch((error) => error);
  const parts = [...stdout.matchAll(/^(ok|not ok) (.+)\n((?: {2}.*\n)*)/gm)];
  for (const [, verdict, title, faults] of parts) {
    note(`${name}: ${title}`, verdict === "ok" ? undefined : faults.trim());
  }
  if (parts.length < expectedSteps) {
    note(`${name}: every step`, `${parts.length} of ${expectedSteps} steps ran\n${stderr}`);
  }
}

async function clearUp() {
  await Promise.all([...running].map(end));
  await rm(folder, { recursive: true, force: true });
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
