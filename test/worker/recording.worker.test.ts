import { buffer } from "node:stream/consumers";
import { parseWav } from "../../src/audio/signal/wav-reader.js";
import type { StorageSettings } from "../../src/instances/index.js";
import { DiskStorage } from "../../src/providers/storage/disk.js";
import { S3Storage } from "../../src/providers/storage/s3.js";
import type { BlobStorage } from "../../src/providers/storage/storage.port.js";
import { prepareUpload } from "../../src/worker/recording.worker.js";
import { ENCODERS, speechOf } from "../../bench/recordings/recorded-files.js";
import { keysOf } from "../providers/storage/contract.js";
import {
  BUCKET,
  CREDENTIALS,
  type S3Server,
  startS3Server,
} from "../providers/storage/s3-server.js";
import { removeScratchFolders, scratchFolder } from "../providers/storage/scratch-folder.js";

let server: S3Server;
beforeAll(async () => {
  server = await startS3Server();
});
afterAll(async () => {
  await server.close();
  await removeScratchFolders();
});

interface Place {
  readonly settings: StorageSettings;
  readonly storage: BlobStorage;
}

async function onDisk(): Promise<Place> {
  const root = await scratchFolder();
  return { settings: { kind: "disk", root }, storage: new DiskStorage({ root }) };
}

async function onS3(): Promise<Place> {
  const { endpoint } = server;
  const account = { ...CREDENTIALS, endpoint, bucket: BUCKET, region: "us-east-1" };
  const options = { ...account, spoolFolder: await scratchFolder() };
  return { settings: { kind: "s3", ...options }, storage: new S3Storage(options) };
}

async function uploaded(file: Uint8Array, place: Promise<Place> = onDisk()) {
  const { settings, storage } = await place;
  const { key } = await storage.put(file, { contentType: "audio/webm", owner: "ada" });
  const prepare = () => prepareUpload({ storage: settings, owner: "ada", blobKey: key });
  return { storage, key, prepare };
}

test.each([
  ["on a disk", onDisk],
  ["in a bucket", onS3],
])(
  "an uploaded recording becomes a mono master of 24 kHz and 16 bits, %s",
  async (_name, makePlace) => {
    const { storage, key, prepare } = await uploaded(
      await ENCODERS["webm/opus without length"](await speechOf("slt")),
      makePlace(),
    );

    const prepared = await prepare();

    if (prepared.kind !== "decoded") throw new Error(`The recording is ${prepared.problem}.`);
    const { stream } = await storage.open(prepared.masterKey);
    const { pcm, sampleRate } = parseWav(await buffer(stream));
    expect(sampleRate).toBe(24_000);
    expect(Math.round((pcm.length / sampleRate) * 1000)).toBe(prepared.durationMs);
    expect(JSON.parse(JSON.stringify(prepared))).toEqual(prepared);
    expect(await keysOf(storage, "ada")).toEqual([key, prepared.masterKey].sort());
  },
);

test("preparing a recording again gives the same master", async () => {
  const { storage, prepare } = await uploaded(await ENCODERS["ogg/opus"](await speechOf("rms")));

  const first = await prepare();
  const second = await prepare();

  expect(second).toEqual(first);
  expect(await keysOf(storage, "ada")).toHaveLength(2);
});

test("a file without sound is refused with its problem, and nothing is stored", async () => {
  const { storage, key, prepare } = await uploaded(Buffer.from("<html>not sound</html>"));

  expect(await prepare()).toEqual({ kind: "refused", problem: "unknown_format" });
  expect(await keysOf(storage, "ada")).toEqual([key]);
});

test("an empty file is refused as empty", async () => {
  const { prepare } = await uploaded(new Uint8Array(0));

  expect(await prepare()).toEqual({ kind: "refused", problem: "empty_file" });
});

test("a file that the storage lost is an error of the storage, not of the file", async () => {
  const { storage, key, prepare } = await uploaded(Buffer.from("soon gone"));
  await storage.delete(key);

  await expect(prepare()).rejects.toThrow("does not exist");
});
