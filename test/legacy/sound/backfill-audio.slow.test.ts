import { mkdir, mkdtemp, open, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { DiskStorage } from "../../../src/providers/storage/disk.js";
import { S3Storage } from "../../../src/providers/storage/s3.js";
import type { BlobStorage } from "../../../src/providers/storage/storage.port.js";
import { BUCKET, CREDENTIALS, startS3Server } from "../../providers/storage/s3-server.js";
import { type Commands, commandsOf } from "../command-context.js";
import { type LegacyTestDatabase, expandedDatabase } from "../legacy-database.js";
import { givenStories, oldNarration } from "../legacy-rows.js";
import { keyOf, oldFile, soundRows, waveOf } from "./sound-files.js";

let legacy: LegacyTestDatabase;
let root: string;
const connections: pg.Client[] = [];
beforeEach(async () => {
  legacy = await expandedDatabase();
  root = await mkdtemp(join(tmpdir(), "fabula-audio-"));
  await givenStories(legacy);
});
afterEach(async () => {
  process.exitCode = 0;
  for (const client of connections.splice(0)) await client.end();
  await legacy.drop();
  await rm(root, { recursive: true, force: true });
});

const commandsWith = (storage: BlobStorage): Commands =>
  commandsOf(legacy, undefined, () => Promise.resolve({ storage, place: "a test" }));
const onDisk = (): DiskStorage => new DiskStorage({ root });

/** Makes files that u1 has links to, and one that nobody has a link to. */
async function givenFiles(count: number): Promise<void> {
  for (let id = 1; id <= count; id += 1) {
    await oldFile(legacy, { data: waveOf(id) });
    await oldNarration(legacy, { audio: `audio://${id}` });
  }
  await oldFile(legacy, { data: waveOf(99) });
}

async function bytesIn(storage: BlobStorage, key: string): Promise<Buffer> {
  const { stream } = await storage.open(key);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

const storedRows = async () => (await soundRows(legacy)).filter(({ isStored }) => isStored).length;

test("each command names the next one, until all sound is in the storage", async () => {
  await givenFiles(3);
  const { text, said } = commandsWith(onDisk());

  const copied = await text("backfill");
  const before = await text("status");
  const moved = await text("backfill", "--audio");
  const after = await text("status");
  const again = await text("backfill", "--audio");

  expect(copied).toContain("Next: npm run migrate -- backfill --audio, for 3 files.");
  expect(before).toContain("Checked in the storage: 0 of 3 files, 0 bytes of 1332 bytes.");
  expect(before).toContain("Next: npm run migrate -- backfill --audio");
  expect(moved).toContain("3 files moved, 1332 bytes. Checked in the storage: 3 of 3 files");
  expect(moved).toContain("Next: npm run migrate -- verify");
  expect(after).toContain("Next: npm run migrate -- verify");
  expect(again).toContain("0 files moved, 0 bytes.");
  expect(said).toContain("Moving sound to a test");
  expect(said.filter((line) => line.startsWith("audio "))).toContain(
    "audio 1332/1332 bytes, 3 of 3 files",
  );
  for (const id of [1, 2, 3]) {
    const key = await keyOf(legacy, "u1", waveOf(id));
    expect((await bytesIn(onDisk(), key)).equals(waveOf(id))).toBe(true);
  }
});

test("sound moves into an S3 storage as well", async () => {
  const server = await startS3Server();
  try {
    const { endpoint } = server;
    const storage = new S3Storage({
      ...{ endpoint, bucket: BUCKET, region: "us-east-1", ...CREDENTIALS },
      spoolFolder: join(root, "spool"),
    });
    await givenFiles(6);
    await commandsWith(storage).text("backfill");

    const report = await commandsWith(storage).json("backfill", "--audio");

    expect(report).toMatchObject({
      ending: "done",
      files: 6,
      failed: [],
      counts: { storedFiles: 6 },
    });
    const key = await keyOf(legacy, "u1", waveOf(4));
    expect((await bytesIn(storage, key)).equals(waveOf(4))).toBe(true);
  } finally {
    await server.close();
  }
});

test("a damaged blob and a changed file are moved again", async () => {
  await givenFiles(2);
  const { text } = commandsWith(onDisk());
  await text("backfill");
  const key = await keyOf(legacy, "u1", waveOf(1));
  await onDisk().put(waveOf(1), { contentType: "audio/wav", owner: key.split("/")[1] });
  await writeFile(join(root, key), "damaged");

  await text("backfill", "--audio");
  await legacy.old("UPDATE audio_files SET audio_data = $1 WHERE id = 2", [
    waveOf(7).toString("base64"),
  ]);
  const status = await text("status");
  await text("backfill", "--audio");

  expect((await bytesIn(onDisk(), key)).equals(waveOf(1))).toBe(true);
  expect(status).toContain("Checked in the storage: 1 of 2 files");
  const changed = await keyOf(legacy, "u1", waveOf(7));
  expect((await bytesIn(onDisk(), changed)).equals(waveOf(7))).toBe(true);
});

test("a full disk gives a plain error, and the next run goes on", async () => {
  await givenFiles(9);
  await commandsWith(onDisk()).text("backfill");
  let opened = 0;
  const full = new DiskStorage({
    root,
    openFile: async (path, flags, mode) => {
      if (flags === "wx" && (opened += 1) > 5) {
        throw Object.assign(new Error("no space"), { code: "ENOSPC" });
      }
      return open(path, flags, mode);
    },
  });

  await expect(commandsWith(full).text("backfill", "--audio")).rejects.toThrow(
    /^The disk of the blob storage is full \(ENOSPC\).*What was moved before is safe\. Then go on with: npm run migrate -- backfill --audio$/,
  );

  expect(await storedRows()).toBe(5);
  expect(await commandsWith(onDisk()).json("backfill", "--audio")).toMatchObject({ files: 4 });
});

test("a pause and Ctrl-C stop the move after a few files, and name the command that goes on", async () => {
  await givenFiles(9);
  const disk = onDisk();
  const { text, cleanups } = commandsWith(disk);
  await text("backfill");
  const other = commandsOf({ ...legacy, operator: await secondConnection() });
  let work: () => Promise<unknown> = () => other.text("pause");
  const put = disk.put.bind(disk);
  disk.put = async (content, options) => {
    const stored = await put(content, options);
    const once = work;
    work = () => Promise.resolve();
    await once();
    return stored;
  };

  const paused = await text("backfill", "--audio");
  const refused = await text("backfill", "--audio").catch(String);
  work = () => Promise.resolve(void cleanups.at(-1)?.());
  const stopped = await text("resume", "--audio");

  expect(paused).toContain("Paused. Go on with: npm run migrate -- resume --audio");
  expect(refused).toContain("go on with `npm run migrate -- resume --audio`");
  expect(stopped).toContain("Stopped. Go on with: npm run migrate -- backfill --audio");
  expect(await storedRows()).toBe(8);
});

async function secondConnection(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: legacy.superUrl });
  await client.connect();
  connections.push(client);
  return client;
}

test("sound moves only after its rows, and by one runner", async () => {
  await mkdir(join(root, "none"));
  const { text } = commandsWith(onDisk());

  await expect(text("backfill", "--audio")).rejects.toThrow(
    "run `npm run migrate -- backfill` first",
  );
  const other = await secondConnection();
  await other.query("SELECT pg_advisory_lock(7301963)");
  await expect(text("backfill", "--audio")).rejects.toThrow("Another runner works");

  expect(await readdir(root)).toEqual(["none"]);
});
