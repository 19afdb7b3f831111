import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONSENT_STATEMENT } from "../../src/instances/index.js";
import { LONG_LINE, SHORT_LINE, recordingOf } from "../support/spoken-recording.js";
import { type TestDatabase, cloneDatabase } from "../support/test-database.js";
import { type CliOutcome, runCli } from "./cli.process.js";

const AGREED = ["--agree", CONSENT_STATEMENT.version];
const READER = "flite:rms";
/** Takes more than 30 seconds to say. */
const NEUTRAL_TEXT = `${LONG_LINE} ${SHORT_LINE} The crossing takes about forty minutes. On the way the boat passes two small rocks, where seals lie in the sun when the weather is good. He lets the younger children hold the wheel for a moment, and then the harbour comes into view, with its yellow houses and its long stone wall.`;
/** The catalogue gets joy from this story. */
const STORY =
  "The river sank in the night.\n\n“We are saved!” cried Anna, and laughed with joy.\n\n";

let folder: string;
let database: TestDatabase;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fabula-own-voice-"));
  database = await cloneDatabase();
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const run = (...words: string[]): Promise<CliOutcome> => runCli(words, { database, folder });

/** Writes a recording and, if the words are known, the text file beside. Returns the option. */
async function sampleOf(key: string, text: string, { hasWords = true } = {}): Promise<string[]> {
  const path = join(folder, `${key}.wav`);
  await writeFile(path, await recordingOf(text, READER));
  if (hasWords) await writeFile(join(folder, `${key}.txt`), `${text}\n`);
  return ["--sample", `${key}=${path}`];
}

const voiceOf = (result: string): string => /flite:own-\S+/.exec(result)?.[0] ?? "";

test("voice trains a voice from recordings with their words, and narrate speaks with it", async () => {
  const story = join(folder, "night.txt");
  await writeFile(story, STORY);
  expect((await run("narrate", story, "--out", folder)).code).toBe(0);
  const samples = [
    ...(await sampleOf("neutral", NEUTRAL_TEXT)),
    ...(await sampleOf("joy", SHORT_LINE)),
  ];

  const trained = await run("voice", ...AGREED, ...samples, "--train", "--name", "Адa’s voice");
  const narrated = await run("narrate", story, "--out", folder, "--voice", "mine");

  expect(trained.code).toBe(0);
  expect(trained.notes).toMatch(
    /Training neutral; this takes about \d+ s\nneutral: 1 of 1 trainings ended/,
  );
  const [voice, neutral, joy] = trained.result.trimEnd().split("\n").slice(-3);
  expect(voice).toMatch(
    /^flite:own-\S{22} “Адa’s voice” adapted: a voice of the engine changed to sound like you; not a clone; ready to speak$/,
  );
  expect(neutral).toMatch(/^ {2}neutral ready; 1 sample; quality [01]\.\d\d$/);
  expect(joy).toMatch(/^ {2}joy collecting; \d s more speech needed$/);
  expect(narrated.code).toBe(0);
  const { script } = JSON.parse(await readFile(join(folder, "night.json"), "utf8")) as {
    script: { kind: string; voice: string }[];
  };
  const narration = script.filter(({ kind }) => kind === "narration");
  expect(narration.length).toBeGreaterThan(0);
  expect(narration.map(({ voice: spoken }) => spoken)).toEqual(
    narration.map(() => voiceOf(trained.result)),
  );
});

test("voice fails if a training fails, and says why and what to do", async () => {
  const sample = await sampleOf("neutral", NEUTRAL_TEXT);
  await writeFile(join(folder, "neutral.txt"), "These are other words.");

  const { code, result, notes } = await run("voice", ...AGREED, ...sample, "--train");

  expect(code).toBe(1);
  expect(result).toMatch(/ {2}neutral failed; .*(transcripts?|words)/);
  expect(result).toContain("not trained yet");
  expect(notes).toContain("1 of 1 trainings failed.");
});

test("voice trains nothing from recordings without their words, and says why", async () => {
  const sample = await sampleOf("neutral", NEUTRAL_TEXT, { hasWords: false });

  const { code, result, notes } = await run("voice", ...AGREED, ...sample, "--train");

  expect(code).toBe(1);
  expect(notes).toMatch(/neutral\.txt has no words; write the words that you read in /);
  expect(notes).toMatch(
    /neutral: \d\d\.\d s of speech \(\d\d\.\d s without words do not count\), 30 s/,
  );
  expect(result).toMatch(/ {2}neutral collecting; 30 s more speech needed/);
  expect(notes).toContain("Nothing was trained; record more speech first.");
});

test("voice --prompt prints what to read aloud, and for how long", async () => {
  const { code, result, notes } = await run("voice", "--prompt", "neutral");

  expect(code).toBe(0);
  expect(result.trim().split("\n").length).toBeGreaterThan(1);
  expect(notes).toMatch(/neutral, about \d\d s:/);
  expect(notes).toContain("A voice for neutral needs 30 s of speech.");
});

test.each([
  ["without a consent", ["--train"], /have not agreed .*: npm run voice -- --agree \d/],
  ["for an unknown emotion", ["--train", "joyful"], /No voice can be trained for "joyful"/],
  ["under an empty name", [...AGREED, "--train", "--name", " "], /displayName is empty/],
  ["of emotions without --train", ["joy"], /names an emotion to train; add --train/],
])("voice trains nothing %s", async (_name, words, reason) => {
  const { code, result, notes } = await run("voice", ...words);

  expect(code).toBe(notes.includes("usage:") ? 2 : 1);
  expect(result).toBe("");
  expect(notes).toMatch(reason);
  expect(await database.superuser("SELECT id FROM instances.user_voices")).toEqual([]);
});

test("voice --list says how to get a voice", async () => {
  const { code, result, notes } = await run("voice", "--list");

  expect(code).toBe(0);
  expect(result).toBe("");
  expect(notes).toContain(
    "You have no voice of your own; train it first: npm run voice -- --train",
  );
});
