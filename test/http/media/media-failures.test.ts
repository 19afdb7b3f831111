import { once } from "node:events";
import { type IncomingMessage, get } from "node:http";
import { Readable } from "node:stream";
import { NotFoundError, ProviderError } from "../../../src/platform/errors.js";
import type { BlobStorage, OpenBlob } from "../../../src/providers/storage/storage.port.js";
import { MediaServer, messageOf } from "./media-server.js";

const KEY = `shared/${"a".repeat(64)}`;
const SIZE_BYTES = 50_000_000;

const notAsked = () => Promise.reject(new Error("The media route does not call this method."));

/** Returns a storage with one blob of zeros. Each test replaces the methods that must fail. */
const storageWith = (changes: Partial<BlobStorage>): BlobStorage => ({
  put: notAsked,
  delete: notAsked,
  list: () => Readable.from([]),
  eraseOwner: notAsked,
  sweep: notAsked,
  stat: async () => ({ sizeBytes: SIZE_BYTES, storedAt: new Date(0) }),
  open: notAsked,
  ...changes,
});

const opened = (stream: Readable): OpenBlob => ({
  stream,
  sizeBytes: SIZE_BYTES,
  start: 0,
  end: SIZE_BYTES - 1,
});

const endlessZeros = (): Readable =>
  new Readable({
    read() {
      this.push(Buffer.alloc(65_536));
    },
  });

let server: MediaServer;
let path: string;

async function serve(changes: Partial<BlobStorage>): Promise<void> {
  server = await new MediaServer().start(storageWith(changes));
  path = server.signer.sign({ key: KEY, fileName: "a.mp3", contentType: "audio/mpeg" }).url;
}

async function receive(): Promise<IncomingMessage> {
  const [response] = await once(get({ port: server.port, path, agent: false }), "response");
  return response as IncomingMessage;
}

afterEach(() => server.stop());

test("the stream closes when its client disconnects", async () => {
  const stream = endlessZeros();
  await serve({ open: async () => opened(stream) });
  const response = await receive();
  await once(response, "data");

  const closed = once(stream, "close");
  response.destroy();
  await closed;

  expect(stream.destroyed).toBe(true);
});

test("the stream closes if its client disconnects while the blob is being opened", async () => {
  const asked = Promise.withResolvers<undefined>();
  const opening = Promise.withResolvers<OpenBlob>();
  await serve({
    open: () => {
      asked.resolve(undefined);
      return opening.promise;
    },
  });
  const request = get({ port: server.port, path, agent: false });
  request.on("error", () => undefined); // destroying the request below emits an error
  await asked.promise;
  const gone = server.nextDisconnect();
  request.destroy();
  await gone;

  const stream = endlessZeros();
  const closed = once(stream, "close");
  opening.resolve(opened(stream));
  await closed;

  expect(stream.destroyed).toBe(true);
});

test("a storage failure during sending ends the connection, and the server continues", async () => {
  const streams: Readable[] = [];
  await serve({
    open: async () => {
      const stream = endlessZeros();
      streams.push(stream);
      return opened(stream);
    },
  });
  const response = await receive();
  await once(response, "data");

  const failed = once(response, "error");
  response.resume();
  streams[0]?.destroy(new ProviderError("The blob broke off.", true));
  const [error] = await failed;

  expect(error).toMatchObject({ code: "ECONNRESET" });
  expect(response.complete).toBe(false);
  expect((await server.ask(path, { method: "HEAD" })).status).toBe(200);
});

test("a blob deleted between stat and open returns 410", async () => {
  await serve({ open: () => Promise.reject(new NotFoundError("Blob does not exist.")) });

  const answer = await server.ask(path);

  expect(answer.status).toBe(410);
  expect(answer.headers).not.toHaveProperty("content-disposition");
  expect(answer.headers["content-type"]).toBe("application/json; charset=utf-8");
});

test("a blob that fails before its first byte returns 503", async () => {
  const stream = new Readable({
    read() {
      this.destroy(new ProviderError("The blob broke off.", true));
    },
  });
  await serve({ open: async () => opened(stream) });

  expect((await server.ask(path)).status).toBe(503);
});

test("a storage that does not answer causes a 503 that does not reveal the cause", async () => {
  const failure = new ProviderError("The S3 storage at s3.internal failed (ECONNREFUSED).", true);
  await serve({ stat: () => Promise.reject(failure) });

  const answer = await server.ask(path);

  expect(answer.status).toBe(503);
  expect(answer.headers).toMatchObject({ "retry-after": "5", "cache-control": "no-store" });
  expect(messageOf(answer)).toEqual({
    errors: [
      {
        message: "The media storage does not answer; try again.",
        extensions: { code: "PROVIDER_FAILED" },
      },
    ],
  });
});

test("a server with CORS for all routes sends its own CORS headers and those of the media route", async () => {
  const allowed = "http://localhost:5173";
  server = await new MediaServer().withCors(allowed).then((made) => made.start(storageWith({})));
  path = server.signer.sign({ key: KEY, fileName: "a.mp3", contentType: "audio/mpeg" }).url;

  const answer = await server.ask(path, { method: "HEAD", headers: { origin: allowed } });
  const foreign = await server.ask(path, {
    method: "HEAD",
    headers: { origin: "http://evil.example" },
  });
  const preflight = await server.ask(path, {
    method: "OPTIONS",
    headers: {
      origin: allowed,
      "access-control-request-method": "GET",
      "access-control-request-headers": "if-range,range",
    },
  });

  expect(answer.headers).toMatchObject({
    "access-control-allow-origin": allowed,
    "access-control-expose-headers": expect.stringMatching(/Content-Range, ETag/),
    vary: "Origin",
  });
  expect(foreign.headers).not.toHaveProperty("access-control-allow-origin");
  expect(preflight.status).toBe(204);
  expect(preflight.headers).toMatchObject({ "access-control-allow-headers": "if-range,range" });
});

test("the server's own error handler answers a bug", async () => {
  await serve({ stat: () => Promise.reject(new TypeError("undefined is not a function")) });

  expect((await server.ask(path)).status).toBe(500);
});
