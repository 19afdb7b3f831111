import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { S3Storage } from "../../../src/providers/storage/s3.js";
import { storageContract } from "./contract.js";
import { BUCKET, CREDENTIALS, type S3Server, startS3Server } from "./s3-server.js";
import { removeScratchFolders, scratchFolder } from "./scratch-folder.js";

let server: S3Server;

beforeAll(async () => {
  server = await startS3Server();
});

afterAll(async () => {
  await server.close();
  await removeScratchFolders();
});

async function storageWith(secretAccessKey: string, bucket = BUCKET) {
  const spoolFolder = join(await scratchFolder(), "spool");
  const { endpoint } = server;
  const account = { ...CREDENTIALS, secretAccessKey, endpoint, bucket, region: "us-east-1" };
  return { storage: new S3Storage({ ...account, spoolFolder }), spoolFolder };
}

describe("S3 storage passes the blob storage contract", () => {
  storageContract(async () => {
    const { storage, spoolFolder } = await storageWith(CREDENTIALS.secretAccessKey);
    return { storage, leftovers: () => readdir(spoolFolder) };
  });
});

test("a wrong secret fails at once with advice to check the credentials", async () => {
  const { storage, spoolFolder } = await storageWith("not the secret");

  const put = storage.put(randomBytes(10), { contentType: "audio/mpeg" });

  await expect(put).rejects.toMatchObject({ code: "PROVIDER_FAILED", retryable: false });
  await expect(put).rejects.toThrow(/answered 403 .*check its credentials/);
  await expect(put).rejects.not.toThrow(/not the secret/);
  expect(await readdir(spoolFolder)).toEqual([]);
});

test("a missing bucket fails with advice to check the bucket", async () => {
  const { storage } = await storageWith(CREDENTIALS.secretAccessKey, "elsewhere");

  const put = storage.put(randomBytes(10), { contentType: "audio/mpeg" });

  await expect(put).rejects.toThrow(/answered 404 to PUT .*endpoint, region and bucket/);
});
