import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { DiskStorage } from "../../../src/providers/storage/disk.js";
import { catalogueOf } from "../../database/catalogue.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { golden } from "../../support/golden.js";
import { type Commands, commandsOf } from "../command-context.js";
import { type LegacyTestDatabase, expandedDatabase } from "../legacy-database.js";
import { givenStories, oldNarration } from "../legacy-rows.js";
import { oldFile, soundRows, waveOf } from "../sound/sound-files.js";

const ADA = subjectOf("ada");

let legacy: LegacyTestDatabase;
let commands: Commands;
let root: string;
beforeEach(async () => {
  legacy = await expandedDatabase();
  root = await mkdtemp(join(tmpdir(), "fabula-contract-"));
  const storage = new DiskStorage({ root: join(root, "blobs") });
  commands = commandsOf(legacy, undefined, () => Promise.resolve({ storage, place: "a test" }));
  await givenStories(legacy, { users: [ADA] });
});
afterEach(async () => {
  process.exitCode = 0;
  await legacy.drop();
  await rm(root, { recursive: true, force: true });
});

interface Contracted {
  readonly isDone: boolean;
  readonly obstacles: readonly object[];
}

const contract = (...words: string[]) =>
  commands.json<Contracted>("contract", "--quiet-seconds", "0", ...words);

async function withApp<T>(work: (app: ApiApp) => Promise<T>): Promise<T> {
  const app = await apiApp({ database: legacy, storageRoot: join(root, "blobs") });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}

/** Plays the narration 1 as a client does. */
const played = (): Promise<{ type: string | null; bytes: Buffer }> =>
  withApp(async (app) => {
    const answer = await app
      .as("ada")
      .query(
        "query ($id: ID!) { node(id: $id) { ... on UserStoryNarration { status audio { originalUrl } } } }",
        { id: toGlobalId("UserStoryNarration", "1") },
      );
    const response = await fetch(new URL(answer.text("node.audio.originalUrl"), app.url));
    const type = response.headers.get("content-type");
    return { type, bytes: Buffer.from(await response.arrayBuffer()) };
  });

test("old sound plays after contract as before, and our schemas are as in a fresh install", async () => {
  const bytes = waveOf(1);
  const id = await oldFile(legacy, { data: bytes });
  await oldNarration(legacy, { user: ADA, audio: `audio://${id}` });
  await commands.json("backfill");
  const before = await played();
  await commands.json("verify", "--shadow-reads", "0");

  const refused = await contract();
  await commands.json("backfill", "--audio");
  const done = await contract();
  const after = await played();

  expect(refused).toMatchObject({
    isDone: false,
    obstacles: [
      {
        what: "The sound of 1 files is in audio_files only.",
        todo: "Run: npm run migrate -- backfill --audio",
      },
    ],
  });
  expect(done).toMatchObject({ isDone: true, obstacles: [] });
  expect(before).toEqual({ type: "audio/wav", bytes });
  expect(after).toEqual(before);
  const catalogue = await catalogueOf(legacy);
  expect(catalogue).toBe(golden("catalogue.txt", catalogue));
});

test("files to which nothing refers are saved before contract, and unreadable ones as their rows", async () => {
  const large = waveOf(3, 5_000_000);
  const id = await oldFile(legacy, { data: large });
  await oldFile(legacy, { data: "no base64!" });
  await commands.json("backfill");
  await commands.json("verify", "--shadow-reads", "0");
  const folder = join(root, "saved");

  const refused = await contract();
  const done = await contract("--export", folder);

  expect(refused.obstacles).toMatchObject([
    { what: "The quarantine has 1 row." },
    { what: "Nothing refers to 1 files of audio_files.", todo: "Save them with --export DIR." },
  ]);
  expect(done).toMatchObject({ isDone: true, savedRows: 1, savedSounds: 1 });
  const line = await readFile(join(folder, "sounds.jsonl"), "utf8");
  const saved = JSON.parse(line) as { file: string };
  expect(saved).toMatchObject({ id: String(id), legacy: { fileName: "take.mp3" } });
  expect((await readFile(join(folder, saved.file))).equals(large)).toBe(true);
  const row = await readFile(join(folder, "audio_files.jsonl"), "utf8");
  expect(JSON.parse(row)).toMatchObject({ reason: "no_base64", row: { audio_data: "no base64!" } });
});

test("after a rollback and another expand, sound that was moved is not moved again", async () => {
  for (const number of [1, 2]) {
    const id = await oldFile(legacy, { data: waveOf(number) });
    await oldNarration(legacy, { user: ADA, audio: `audio://${id}` });
  }
  await commands.json("backfill");
  await commands.json("backfill", "--audio");
  await commands.json("rollback");
  await legacy.old("UPDATE audio_files SET audio_data = $1 WHERE id = 2", [
    waveOf(7).toString("base64"),
  ]);

  await commands.json("expand");
  await commands.json("backfill");
  const rows = await soundRows(legacy);
  const moved = await commands.json("backfill", "--audio");
  const report = await commands.json("verify", "--shadow-reads", "0");

  expect(rows.map(({ isStored }) => isStored)).toEqual([true, false]);
  expect(moved).toMatchObject({ files: 1, failed: [] });
  expect(report).toMatchObject({ isEqual: true });
});

test("purge exports which blobs the storage keeps, and the legacy tables have all sound", async () => {
  const bytes = waveOf(1);
  const id = await oldFile(legacy, { data: bytes });
  await oldNarration(legacy, { user: ADA, audio: `audio://${id}` });
  await commands.json("backfill");
  await commands.json("backfill", "--audio");
  const [row] = await soundRows(legacy);
  const folder = join(root, "purged");

  await commands.json("rollback", "--purge", "--export", folder);

  const line = await readFile(join(folder, "instances.user_legacy_sounds.jsonl"), "utf8");
  expect(JSON.parse(line)).toMatchObject({ id, blob_key: row?.key });
  expect(await readFile(join(root, "blobs", row?.key ?? ""))).toEqual(bytes);
  expect(await legacy.old("SELECT audio_data AS data FROM audio_files")).toEqual([
    { data: bytes.toString("base64") },
  ]);
});
