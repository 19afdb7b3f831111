import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CONSENT_STATEMENT } from "../../src/instances/index.js";
import { LONG_LINE, recordingOf } from "../support/spoken-recording.js";
import { type TestDatabase, cloneDatabase } from "../support/test-database.js";
import { type CliOutcome, runCli } from "./cli.process.js";

const AGREED = ["--agree", CONSENT_STATEMENT.version];

let folder: string;
let database: TestDatabase;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fabula-voice-"));
  database = await cloneDatabase();
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

const voice = (...words: string[]): Promise<CliOutcome> =>
  runCli(["voice", ...words], { database, folder });

/** Writes a file. Returns the option that makes a neutral voice sample of the file. */
async function sampleOf(name: string, bytes: Uint8Array, key = "neutral"): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return `${key}=${path}`;
}
const spoken = async (key?: string) => sampleOf("line.wav", await recordingOf(LONG_LINE), key);

const stored = async () => ({
  consents: await database.superuser(
    `SELECT statement_version AS version, is_live AS "isLive" FROM instances.voice_consents`,
  ),
  samples: await database.superuser(
    "SELECT state, processing_status AS status FROM instances.user_voice_samples ORDER BY id",
  ),
});
const NOTHING = { consents: [], samples: [] };

test.each([
  ["without a recording", async () => []],
  ["with a recording", async () => ["--sample", await spoken()]],
])("voice prints the statement without --agree, %s", async (_name, words) => {
  const { code, result, notes } = await voice(...(await words()));

  expect(code).toBe(0);
  expect(result.trim()).toBe(CONSENT_STATEMENT.text.trim());
  expect(notes).toContain(`run the command again with --agree ${CONSENT_STATEMENT.version}`);
  expect(await stored()).toEqual(NOTHING);
});

test.each([
  [
    "another version",
    async () => ["--agree", "2020-01", "--sample", await spoken()],
    /is at version/,
  ],
  [
    "a file that does not exist",
    async () => [...AGREED, "--sample", `neutral=${join(folder, "none.wav")}`],
    /There is no file or folder \S+none\.wav; check the path/,
  ],
  ["a folder", async () => [...AGREED, "--sample", `neutral=${folder}`], /is a folder/],
  [
    "an unknown emotion",
    async () => [...AGREED, "--sample", await spoken("joyful")],
    /No voice can be trained for "joyful"\. Did you mean joy\? Choose one of .*neutral/,
  ],
  ["a file without an emotion", async () => [...AGREED, "--sample", "line.wav"], /EMOTION=FILE/],
  ["a word that is no option", async () => [...AGREED, "line.wav"], /usage: npm run voice/],
])("voice refuses %s, and records nothing", async (_name, words, reason) => {
  const { code, result, notes } = await voice(...(await words()));

  expect(code).toBe(notes.includes("usage:") ? 2 : 1);
  expect(result).toBe("");
  expect(notes).toMatch(reason);
  expect(await stored()).toEqual(NOTHING);
});

test("voice records the consent and an accepted sample, and says how much speech lacks", async () => {
  const { code, result, notes } = await voice(...AGREED, "--sample", await spoken());

  expect(code).toBe(0);
  expect(result).toMatch(/^neutral accepted; score \d\.\d\d; \d+ s\n$/);
  expect(notes).toContain("Recorded the consent of Ada");
  expect(notes).toContain("npm run voice -- --prompt neutral");
  expect(notes).toMatch(
    /neutral: (\d+\.\d) s of speech \(\1 s without words do not count\), 30 s more needed/,
  );
  expect(await stored()).toEqual({
    consents: [{ version: CONSENT_STATEMENT.version, isLive: true }],
    samples: [{ state: "usable", status: "accepted" }],
  });
});

test("voice fails if a sample is rejected, and keeps the accepted one", async () => {
  const text = await sampleOf("text.mp3", new TextEncoder().encode("This is no sound."));

  const { code, result, notes } = await voice(
    ...["--user", "ben", ...AGREED, "--sample", text, "--sample", await spoken()],
  );

  expect(code).toBe(1);
  expect(result).toMatch(
    /^neutral rejected; score 0\.00; Send a sound file: .+\nneutral accepted; /,
  );
  expect(notes).toContain("Recorded the consent of Ben");
  expect(notes).toContain("1 of 2 samples were rejected.");
  expect((await stored()).samples).toEqual([
    { state: "usable", status: "rejected" },
    { state: "usable", status: "accepted" },
  ]);
});
