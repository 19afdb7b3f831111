import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type Socket, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  BUCKET,
  CREDENTIALS,
  type S3Server,
  startS3Server,
} from "../../providers/storage/s3-server.js";
import { removeScratchFolders, scratchFolder } from "../../providers/storage/scratch-folder.js";
import { type ApiApp, type ApiAppOptions, apiApp } from "../../support/api.js";
import { requestText } from "../raw.client.js";
import { bytesIn, untilFiles } from "./folder-watch.js";
import { blobsOf, bytesOf, created, errorOf, put, statusOf } from "./upload-server.js";

/** More bytes than the buffers of a connection can hold. */
const LARGE = 20_000_000;
const SMALL = 3_000;
const AWAITING = { uploadStatus: "AWAITING", url: expect.stringContaining("/uploads/") };
/** Far above the deadlines, and far below the time that the declared file may take. */
const SOON_MS = 20_000;
const DEADLINES = { bodyMs: 400, checkEveryMs: 50 };

let s3: S3Server;
let root: string;
let app: ApiApp;
/** The folder of temporary files. */
let temporary: string;

beforeAll(async () => {
  s3 = await startS3Server();
});
afterAll(async () => {
  await s3.close();
  await removeScratchFolders();
});
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "fabula-uploads-"));
});
afterEach(async () => {
  await app.close();
  await rm(root, { recursive: true, force: true });
});

/** Starts an app that stores files on the disk, or in S3. */
async function start(kind: "disk" | "s3", options: ApiAppOptions = {}): Promise<void> {
  temporary = kind === "disk" ? join(root, "tmp") : join(await scratchFolder(), "spool");
  const { endpoint } = s3;
  const bucket = { kind, ...CREDENTIALS, endpoint, bucket: BUCKET, region: "us-east-1" } as const;
  app = await apiApp({
    storageRoot: root,
    ...(kind === "s3" && { storage: { ...bucket, kind, spoolFolder: temporary } }),
    ...options,
  });
}

/** Opens a connection and sends the head of a PUT. */
async function sending(url: string, headers: Record<string, string | number>) {
  const socket = connect(Number(new URL(app.url).port), "127.0.0.1");
  const answer = { text: "" };
  socket.on("error", () => undefined);
  socket.on("data", (bytes: Buffer) => (answer.text += bytes.toString("latin1")));
  const closed = new Promise<void>((resolve) => {
    socket.once("close", () => {
      resolve();
    });
  });
  await once(socket, "connect");
  socket.write(requestText(`PUT ${url}`, { "content-type": "audio/wav", ...headers }));
  return { socket, answer, closed };
}

const sent = (socket: Socket, bytes: Uint8Array): Promise<void> =>
  new Promise((done) => {
    socket.write(bytes, () => {
      done();
    });
  });

describe.each(["disk", "s3"] as const)("on %s", (kind) => {
  test("a file is written while it arrives", async () => {
    await start(kind);
    const upload = await created(app, "ada", LARGE);
    const bytes = bytesOf(LARGE);
    const { socket, answer, closed } = await sending(upload.url, { "content-length": LARGE });

    await sent(socket, bytes.subarray(0, LARGE / 2));
    const early = await untilFiles(temporary, (files) => bytesIn(files) === LARGE / 2);
    socket.write(bytes.subarray(LARGE / 2));
    await closed;

    expect(early).toHaveLength(1);
    expect(answer.text).toContain("HTTP/1.1 204");
    const [key = ""] = await blobsOf(app, "ada");
    expect((await app.storage.stat(key))?.sizeBytes).toBe(LARGE);
    const { stream } = await app.storage.open(key);
    expect(Buffer.concat((await stream.toArray()) as Buffer[]).equals(bytes)).toBe(true);
    expect(await untilFiles(temporary, (files) => files.length === 0)).toEqual([]);
  });

  test("a file that is cut off leaves nothing, and can be sent again", async () => {
    await start(kind);
    const upload = await created(app, "ada", SMALL);
    const { socket, closed } = await sending(upload.url, { "content-length": SMALL });
    await sent(socket, bytesOf(SMALL / 2));
    await untilFiles(temporary, (files) => bytesIn(files) === SMALL / 2);

    socket.destroy();
    await closed;
    await untilFiles(temporary, (files) => files.length === 0);

    expect(await statusOf(app, upload)).toEqual(AWAITING);
    expect(await blobsOf(app, "ada")).toEqual([]);
    expect((await put(app, upload, bytesOf(SMALL))).status).toBe(204);
  });

  test("an empty file is stored", async () => {
    await start(kind);
    const upload = await created(app, "ada", 0);

    expect((await put(app, upload, new Uint8Array())).status).toBe(204);

    expect(await blobsOf(app, "ada")).toHaveLength(1);
  });
});

test("a client that ends its side in the middle of a file is answered with 400", async () => {
  await start("disk");
  const upload = await created(app, "ada", SMALL);
  const { socket, answer, closed } = await sending(upload.url, { "content-length": SMALL });

  socket.end(bytesOf(SMALL / 2));
  await closed;

  expect(answer.text).toContain("HTTP/1.1 400");
  expect(await statusOf(app, upload)).toEqual(AWAITING);
});

test("a file that stops arriving is cut, and can be sent again", async () => {
  await start("disk", { deadlines: DEADLINES });
  const upload = await created(app, "ada", LARGE);
  const { socket, answer, closed } = await sending(upload.url, { "content-length": LARGE });

  await sent(socket, bytesOf(SMALL));
  await closed;
  await untilFiles(temporary, (files) => files.length === 0);

  expect(answer.text).toContain("HTTP/1.1 408");
  expect(await statusOf(app, upload)).toEqual(AWAITING);
});

test("a body without an end is cut soon after it is refused", async () => {
  // Long enough for the head of the request and the first chunk, also on a busy machine.
  await start("disk", { deadlines: { ...DEADLINES, bodyMs: 3_000 } });
  const upload = await created(app, "ada", LARGE);
  const chunk = Buffer.concat([Buffer.from("100000\r\n"), bytesOf(0x100000), Buffer.from("\r\n")]);
  const { socket, answer, closed } = await sending(upload.url, {
    "transfer-encoding": "chunked",
    connection: "keep-alive",
  });
  const startedAt = performance.now();

  while (socket.writable && performance.now() - startedAt < SOON_MS) {
    await Promise.race([sent(socket, chunk), closed]);
  }
  await closed;

  expect(performance.now() - startedAt).toBeLessThan(SOON_MS);
  expect(answer.text).toContain("HTTP/1.1 413");
  await untilFiles(temporary, (files) => files.length === 0);
});

test("eight files of a user may arrive at once, whatever their uploads", async () => {
  await start("disk");
  const upload = await created(app, "ada", SMALL);
  const open = await Promise.all(
    Array.from({ length: 8 }, () => sending(upload.url, { "content-length": SMALL })),
  );
  for (const { socket } of open) await sent(socket, bytesOf(1));
  await untilFiles(temporary, (files) => bytesIn(files) === 8);

  const ninth = await put(app, await created(app, "ada", SMALL), bytesOf(SMALL));
  const other = await put(app, await created(app, "ben", SMALL), bytesOf(SMALL));
  for (const { socket } of open) socket.destroy();
  await untilFiles(temporary, (files) => files.length === 0);
  const later = await put(app, upload, bytesOf(SMALL));

  expect(ninth.headers.get("retry-after")).toBe("5");
  expect(await errorOf(ninth)).toMatchObject({
    status: 429,
    message: expect.stringContaining("8 of your files arrive"),
    extensions: { code: "RATE_LIMITED" },
  });
  expect([other.status, later.status]).toEqual([204, 204]);
});

test("the server gives the largest file the time that it may take", async () => {
  await start("disk");

  const slowest = (50_000_000 / 50_000) * 1_000;

  expect(app.server.requestTimeout).toBeGreaterThan(slowest);
});

test("a storage that fails is answered with 503, also while the file arrives", async () => {
  await writeFile(join(root, "file"), "");
  await start("disk", { storage: { kind: "disk", root: join(root, "file") } });
  const upload = await created(app, "ada", LARGE);

  const answer = await put(app, upload, bytesOf(LARGE));

  expect(answer.headers.get("retry-after")).toBe("5");
  expect(await errorOf(answer)).toMatchObject({
    status: 503,
    message: "The storage does not answer; send the file again.",
    extensions: { code: "PROVIDER_FAILED" },
  });
  expect(await statusOf(app, upload)).toEqual(AWAITING);
});

test("a client that reads only after it has sent the whole file learns that the storage failed", async () => {
  await writeFile(join(root, "file"), "");
  await start("disk", { storage: { kind: "disk", root: join(root, "file") } });
  const upload = await created(app, "ada", LARGE);
  const { socket, answer, closed } = await sending(upload.url, {
    "content-length": LARGE,
    connection: "keep-alive",
  });

  await sent(socket, bytesOf(LARGE));
  if (answer.text === "") await once(socket, "data");
  socket.destroy();
  await closed;

  expect(answer.text).toContain("HTTP/1.1 503");
});
