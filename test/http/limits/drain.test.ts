import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type Socket, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DiskStorage } from "../../../src/providers/storage/disk.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import { type TestDatabase, cloneDatabase } from "../../support/test-database.js";

/** More bytes than the buffers of a connection can hold. */
const LARGE = new Uint8Array(32_000_000);
const DRAIN_MS = 300;
/**
 * The server must stop within this time. Without a deadline, each of the slow clients would keep the
 * server running for much longer.
 */
const SOON_MS = 5_000;

let database: TestDatabase;
let storageRoot: string;
let key: string;
// Every test stops its own server. The servers share a database and a sound, which they do not change.
beforeAll(async () => {
  database = await cloneDatabase();
  storageRoot = await mkdtemp(join(tmpdir(), "fabula-drain-"));
  const storage = new DiskStorage({ root: storageRoot });
  ({ key } = await storage.put(LARGE, { contentType: "audio/wav" }));
});
afterAll(async () => {
  await database.drop();
  await rm(storageRoot, { recursive: true, force: true });
});

let app: ApiApp;
let blobPath: string;
beforeEach(async () => {
  app = await apiApp({ drainMs: DRAIN_MS, database, storageRoot });
  const file = { key, fileName: "large.wav", contentType: "audio/wav" };
  const { pathname, search } = new URL(app.mediaSigner.sign(file).url, app.url);
  blobPath = pathname + search;
});

/** Opens a connection that never reads. Resolves when the server has the text. */
async function sendAndStopReading(text: string): Promise<Socket> {
  const socket = connect(Number(new URL(app.url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  await new Promise((sent) => socket.write(text, sent));
  return socket;
}

const request = (...lines: string[]): string => [...lines, "", ""].join("\r\n");
const JSON_BODY = ["Content-Type: application/json", "Content-Length: 1000"];
const POST = request("POST /graphql HTTP/1.1", "Host: x", ...JSON_BODY);
const UPGRADE = [
  ...["GET /graphql HTTP/1.1", "Host: x", "Connection: Upgrade", "Upgrade: websocket"],
  ...["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"],
  "Sec-WebSocket-Protocol: graphql-transport-ws",
];

test.each([
  ["that reads no sound", () => request(`GET ${blobPath} HTTP/1.1`, "Host: x")],
  ["that sends half a header", () => "POST /graphql HT"],
  ["that sends half a body", () => `${POST}{"query":`],
  ["that sends nothing", () => ""],
  ["of a WebSocket that never answers", () => request(...UPGRADE)],
])("a client %s delays the end of the server by the deadline at most", async (_name, text) => {
  const socket = await sendAndStopReading(text());
  // After the answer to this request, the server has also received the earlier request.
  await app.anonymous().query("{ __typename }");
  const startedAt = performance.now();

  await app.close();

  expect(performance.now() - startedAt).toBeLessThan(SOON_MS);
  socket.destroy();
});

test("a WebSocket closes with a code and a reason when the server stops", async () => {
  const socket = new WebSocket(app.url.replace(/^http/, "ws"), "graphql-transport-ws");
  await once(socket, "open");
  const closed = once(socket, "close") as Promise<[CloseEvent]>;

  await app.close();

  const [{ code, reason }] = await closed;
  expect([code, reason]).toEqual([1001, "The server is stopping. Connect again."]);
});

test("a request that began before the server stops is answered", async () => {
  const socket = await sendAndStopReading(POST);
  const answer = new Promise<string>((resolve) => {
    socket.once("data", (bytes: Buffer) => {
      resolve(bytes.toString());
    });
  });
  await app.anonymous().query("{ __typename }");

  const closing = app.close();
  socket.write('{"query":"{ __typename }"}'.padEnd(1000));

  expect(await answer).toContain("HTTP/1.1 200 OK");
  await closing;
});
