import { createHash, randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { S3Storage, type S3StorageOptions } from "../../../src/providers/storage/s3.js";
import { keysOf } from "./contract.js";
import { removeScratchFolders, scratchFolder } from "./scratch-folder.js";

const TYPE = { contentType: "audio/mpeg" };
const KEY = `shared/${"a".repeat(64)}`;

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that gives the test's answers in order, then repeats the last answer. */
class ScriptedServer {
  readonly seen: IncomingMessage[] = [];
  private readonly server: Server;

  constructor(private readonly answers: readonly Answer[]) {
    this.server = createServer((request, response) => {
      const answer = this.answers[Math.min(this.seen.length, this.answers.length - 1)];
      this.seen.push(request);
      request.resume().on("end", () => answer?.(request, response));
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((listening) => this.server.listen(0, "127.0.0.1", listening));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

const running: ScriptedServer[] = [];

const storageBehind = (...answers: Answer[]) => storageWith({}, answers);

async function storageWith(changes: Partial<S3StorageOptions>, answers: readonly Answer[]) {
  const server = new ScriptedServer(answers);
  running.push(server);
  const waits: number[] = [];
  const spoolFolder = join(await scratchFolder(), "spool");
  const storage = new S3Storage({
    endpoint: await server.start(),
    bucket: "fabula",
    region: "us-east-1",
    accessKeyId: "id",
    secretAccessKey: "canary-secret",
    spoolFolder,
    wait: async (ms) => waits.push(ms),
    ...changes,
  });
  return { storage, server, waits, spoolFolder };
}

afterEach(() => {
  for (const server of running.splice(0)) server.stop();
});
afterAll(removeScratchFolders);

const status =
  (code: number, headers: Record<string, string> = {}, body = ""): Answer =>
  (_request, response) => {
    response.writeHead(code, headers).end(body);
  };
const hangUp: Answer = (request) => request.socket.destroy();
const neverAnswer: Answer = () => undefined;
const size = (bytes: number): Answer => status(200, { "content-length": String(bytes) });

test("a temporary failure is tried again after growing waits, or as long as the server asks", async () => {
  const { storage, waits } = await storageBehind(
    status(503),
    hangUp,
    status(429, { "retry-after": "3" }),
    size(12),
  );

  expect(await storage.stat(KEY)).toMatchObject({ sizeBytes: 12 });
  expect(waits).toEqual([200, 400, 3000]);
});

test("a failed upload is sent again as a whole", async () => {
  const bytes = randomBytes(300_000);
  const etag = createHash("md5").update(bytes).digest("hex");
  const { storage, server } = await storageBehind(
    status(404),
    status(500),
    status(200, { etag: `"${etag}"` }),
  );

  await storage.put(bytes, TYPE);

  const puts = server.seen.slice(1);
  expect(puts.map(({ method }) => method)).toEqual(["PUT", "PUT"]);
  for (const { headers } of puts) {
    expect(headers).toMatchObject({
      "content-length": "300000",
      "content-type": "audio/mpeg",
      "x-amz-content-sha256": createHash("sha256").update(bytes).digest("hex"),
    });
  }
});

test.each([
  ["that is down", hangUp, /failed \(.+\) to HEAD shared\/a+ 4 times/],
  ["that is broken", status(500), /answered 500 to HEAD shared\/a+ 4 times/],
  ["that is limited", status(429), /answered 429 to HEAD shared\/a+ 4 times/],
])("a request to a server %s fails after four tries", async (_case, answer, message) => {
  const { storage, server } = await storageBehind(answer);

  const stat = storage.stat(KEY);

  await expect(stat).rejects.toMatchObject({ code: "PROVIDER_FAILED", retryable: true });
  await expect(stat).rejects.toThrow(message);
  await expect(stat).rejects.not.toThrow(/canary-secret/);
  expect(server.seen).toHaveLength(4);
});

test("a slow server fails after the timeout", async () => {
  const { storage, waits } = await storageWith({ timeoutMs: 50 }, [neverAnswer]);

  await expect(storage.stat(KEY)).rejects.toMatchObject({
    retryable: true,
    message: expect.stringMatching(/failed \(timed out\) to HEAD shared\/a+ 4 times/),
  });
  expect(waits).toEqual([200, 400, 800]);
});

test("a redirect is not followed and not tried again", async () => {
  const elsewhere = new ScriptedServer([size(1)]);
  running.push(elsewhere);
  const location = await elsewhere.start();
  const { storage, server } = await storageBehind(status(307, { location }));

  await expect(storage.stat(KEY)).rejects.toMatchObject({ retryable: false });

  expect(server.seen).toHaveLength(1);
  expect(elsewhere.seen).toHaveLength(0);
});

test.each([
  ["an ETag", { etag: `"${"0".repeat(32)}"` }],
  ["a checksum", { "x-amz-checksum-sha256": Buffer.alloc(32).toString("base64") }],
])(
  "an upload that was stored with other bytes, according to %s, is deleted",
  async (_case, headers) => {
    const { storage, server, spoolFolder } = await storageBehind(
      status(404),
      status(200, headers),
      status(204),
    );

    const put = storage.put(randomBytes(100), TYPE);

    await expect(put).rejects.toMatchObject({ code: "PROVIDER_FAILED", retryable: true });
    expect(server.seen.map(({ method }) => method)).toEqual(["HEAD", "PUT", "DELETE"]);
    expect(await readdir(spoolFolder)).toEqual([]);
  },
);

test("an ETag that is not an MD5 is ignored", async () => {
  const kms = { etag: `"${"0".repeat(32)}"`, "x-amz-server-side-encryption": "aws:kms" };
  const { storage } = await storageBehind(status(404), status(200, kms));

  await expect(storage.put(randomBytes(100), TYPE)).resolves.toMatchObject({ sizeBytes: 100 });
});

test("reading a blob fails if the connection closes halfway", async () => {
  const sockets: Socket[] = [];
  const { storage } = await storageBehind((request, response) => {
    sockets.push(request.socket);
    response.writeHead(200, { "content-length": "1000" }).write(Buffer.alloc(400));
  });

  const { stream } = await storage.open(KEY);
  const read = buffer(stream);
  stream.once("data", () => sockets[0]?.destroy());

  await expect(read).rejects.toMatchObject({
    code: "PROVIDER_FAILED",
    message: expect.stringMatching(/ended after 400 of 1000 bytes/),
  });
});

test("an answer that ignores the range is refused", async () => {
  const { storage } = await storageBehind(size(0));

  await expect(storage.open(KEY, { start: 5 })).rejects.toThrow(/answered 200 to GET/);
});

test("an answer without a length is refused", async () => {
  const { storage } = await storageBehind((_request, response) => {
    response.write("garbage");
    response.end();
  });

  await expect(storage.open(KEY)).rejects.toThrow(/does not say how long/);
});

test("a long list is read page by page, and foreign keys are skipped", async () => {
  const page = (keys: readonly string[], more = "") =>
    status(
      200,
      {},
      `<ListBucketResult>${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join("")}${more}</ListBucketResult>`,
    );
  const [one, two] = [`owned/ada/${"1".repeat(64)}`, `owned/ada/${"2".repeat(64)}`];
  const { storage, server } = await storageBehind(
    page([one, "owned/ada/notes.txt"], "<NextContinuationToken>a&amp;b=</NextContinuationToken>"),
    page([two, "../../etc/passwd"]),
  );

  expect(await keysOf(storage, "ada")).toEqual([one, two]);

  const asked = server.seen.map(({ url }) => new URL(url ?? "", "http://localhost").searchParams);
  expect(asked.map((query) => query.get("prefix"))).toEqual(["owned/ada/", "owned/ada/"]);
  expect(asked.map((query) => query.get("continuation-token"))).toEqual([null, "a&b="]);
});

test("erasing an owner deletes every blob of the list", async () => {
  const keys = Array.from(
    { length: 20 },
    (_each, index) => `owned/ada/${String(index).padStart(64, "0")}`,
  );
  const xml = keys.map((key) => `<Key>${key}</Key>`).join("");
  const { storage, server } = await storageBehind(status(200, {}, xml), status(204));

  expect(await storage.eraseOwner("ada")).toBe(20);
  expect(
    server.seen
      .slice(1)
      .map(({ url }) => url)
      .sort(),
  ).toEqual(keys.map((key) => `/fabula/${key}`));
});
