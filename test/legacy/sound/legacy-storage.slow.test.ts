import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { uninstall } from "../../../src/legacy/sync/uninstall.js";
import { inTransaction } from "../../../src/legacy/connection.js";
import { DiskStorage } from "../../../src/providers/storage/disk.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { type LegacyTestDatabase, expandedDatabase } from "../legacy-database.js";
import { givenStories, oldNarration } from "../legacy-rows.js";
import { keyOf, oldFile, waveOf } from "./sound-files.js";

const ADA = subjectOf("ada");
/** More than one part of the reading, and not a whole number of parts. */
const LARGE = waveOf(5, 9_000_001);

let legacy: LegacyTestDatabase;
let app: ApiApp;
let root: string;
beforeEach(async () => {
  legacy = await expandedDatabase();
  await givenStories(legacy, { users: [ADA] });
  root = await mkdtemp(join(tmpdir(), "fabula-sound-"));
  app = await apiApp({ database: legacy, storageRoot: root });
});
afterEach(async () => {
  await app.close();
  await legacy.drop();
  await rm(root, { recursive: true, force: true });
});

/** What the storage has itself. */
const stored = (key: string) => new DiskStorage({ root }).stat(key);

async function bytesOf(key: string, range?: { start: number; end: number }): Promise<Buffer> {
  const { stream } = await app.storage.open(key, range);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

async function givenSound(bytes: Buffer): Promise<string> {
  const id = await oldFile(legacy, { data: bytes });
  await oldNarration(legacy, { user: ADA, audio: `audio://${id}` });
  return keyOf(legacy, ADA, bytes);
}

test("the first reader of an old sound moves it, and a part of it is right at once", async () => {
  const key = await givenSound(LARGE);
  const before = await stored(key);

  const part = await bytesOf(key, { start: 4_194_300, end: 4_194_310 });

  expect(before).toBeNull();
  expect(part.equals(LARGE.subarray(4_194_300, 4_194_311))).toBe(true);
  expect(await stored(key)).toMatchObject({ sizeBytes: LARGE.length });
  expect((await bytesOf(key)).equals(LARGE)).toBe(true);
});

test("the facts of an old sound are those of its blob, and readers at the same time move it once", async () => {
  const bytes = waveOf(1);
  const key = await givenSound(bytes);

  const answers = await Promise.all([
    app.storage.stat(key),
    app.storage.stat(key),
    bytesOf(key).then((found) => found.equals(bytes)),
    bytesOf(key, { start: 0, end: 3 }).then(String),
  ]);

  const facts = { sizeBytes: bytes.length };
  expect(answers).toMatchObject([facts, facts, true, "RIFF"]);
});

test("a client plays old sound through the API, whole, in part, and asks for its size", async () => {
  const bytes = waveOf(1);
  await givenSound(bytes);
  const answer = await app
    .as("ada")
    .query(
      "query ($id: ID!) { node(id: $id) { ... on UserStoryNarration { audio { originalUrl } } } }",
      { id: toGlobalId("UserStoryNarration", "1") },
    );
  const url = new URL(answer.text("node.audio.originalUrl"), app.url);

  const head = await fetch(url, { method: "HEAD" });
  const part = await fetch(url, { headers: { range: "bytes=8-11" } });
  const whole = await fetch(url);

  expect([head.status, head.headers.get("content-length")]).toEqual([200, String(bytes.length)]);
  expect([part.status, await part.text()]).toEqual([206, "WAVE"]);
  expect([whole.status, whole.headers.get("content-type")]).toEqual([200, "audio/wav"]);
  expect(Buffer.from(await whole.arrayBuffer()).equals(bytes)).toBe(true);
});

test("a deleted file, a changed file and a foreign key give no sound", async () => {
  const key = await givenSound(waveOf(1));
  await legacy.old("UPDATE audio_files SET audio_data = $1", [waveOf(2).toString("base64")]);
  const changed = await keyOf(legacy, ADA, waveOf(2));
  const answers = [await app.storage.stat(key), await app.storage.stat(changed)];
  await legacy.old("DELETE FROM audio_files");
  const foreign = `owned/00000000-0000-4000-8000-000000000000/${changed.slice(-64)}`;

  expect(answers).toEqual([null, expect.objectContaining({ sizeBytes: waveOf(2).length })]);
  for (const none of [key, foreign, "shared/x", ""]) {
    expect(await app.storage.stat(none)).toBeNull();
    await expect(app.storage.open(none)).rejects.toThrow("does not exist");
  }
});

test("a file that changes while it is read gives no wrong sound, and the next reader may try again", async () => {
  const key = await givenSound(waveOf(1));
  await legacy.old("UPDATE audio_files SET audio_data = 'QUJD'");
  await legacy.superuser(`UPDATE instances.user_legacy_sounds SET blob_key = '${key}'`);

  await expect(app.storage.open(key)).rejects.toMatchObject({ retryable: true });
  expect(await stored(key)).toBeNull();
});

test("an erased user's sound does not come back", async () => {
  const key = await givenSound(waveOf(1));
  await app.storage.stat(key);
  await legacy.superuser("DELETE FROM instances.user_legacy_sounds");

  await app.storage.eraseOwner(key.split("/")[1] ?? "");

  expect(await app.storage.stat(key)).toBeNull();
});

test("after contract the storage serves what it has, and looks nowhere else", async () => {
  const moved = await givenSound(waveOf(1));
  const left = await givenSound(waveOf(2));
  await app.storage.stat(moved);

  await inTransaction(legacy.operator, () => uninstall(legacy.operator, legacy.legacy));

  expect((await bytesOf(moved)).equals(waveOf(1))).toBe(true);
  expect(await app.storage.stat(left)).toBeNull();
  await expect(app.storage.open(left)).rejects.toThrow("does not exist");
});

test("a blob that exists costs no statement", async () => {
  const key = await givenSound(waveOf(1));
  await app.storage.stat(key);
  await legacy.superuser("ALTER FUNCTION legacy_sync.read_sound RENAME TO gone");

  expect((await bytesOf(key)).equals(waveOf(1))).toBe(true);
});
