import { randomBytes } from "node:crypto";
import { truncate } from "node:fs/promises";
import { get } from "node:http";
import { join } from "node:path";
import { once } from "node:events";
import fc from "fast-check";
import { DiskStorage } from "../../../src/providers/storage/disk.js";
import { HOSTILE_KEYS } from "../../providers/storage/hostile-keys.js";
import { removeScratchFolders, scratchFolder } from "../../providers/storage/scratch-folder.js";
import { MediaServer, messageOf } from "./media-server.js";

const BYTES = randomBytes(5000);

let root: string;
let storage: DiskStorage;
let server: MediaServer;
let key: string;
let path: string;

beforeAll(async () => {
  root = await scratchFolder();
  storage = new DiskStorage({ root });
  ({ key } = await storage.put(BYTES, { contentType: "audio/mpeg" }));
  server = await new MediaServer().start(storage, (origin) => origin === "https://app.example");
  path = server.signer.sign({ key, fileName: "The Raven.mp3", contentType: "audio/mpeg" }).url;
});

afterAll(async () => {
  await server.stop();
  await removeScratchFolders();
});

const etagOf = (blob: string): string => `"${blob.slice(blob.lastIndexOf("/") + 1)}"`;
const ask = (headers: Record<string, string> = {}, method = "GET") =>
  server.ask(path, { method, headers });

test("a signed URL returns the bytes, with the headers that players and caches need", async () => {
  const { status, headers, body } = await ask();

  expect(status).toBe(200);
  expect(body.equals(BYTES)).toBe(true);
  expect(headers).toMatchObject({
    "content-type": "audio/mpeg",
    "content-length": "5000",
    "accept-ranges": "bytes",
    etag: etagOf(key),
    "cache-control": "private, max-age=5969, immutable",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; media-src 'self'; sandbox",
    "content-disposition": `inline; filename="The Raven.mp3"; filename*=UTF-8''The%20Raven.mp3`,
  });
});

test("HEAD returns the headers of GET, also with a range", async () => {
  const { date: _of, ...expected } = (await ask()).headers;

  for (const asked of [{}, { range: "bytes=1-2" }]) {
    const { status, headers, body } = await ask(asked, "HEAD");

    expect(status).toBe(200);
    expect(headers).toMatchObject(expected);
    expect(body).toHaveLength(0);
  }
});

test("every single range returns that slice of the bytes", async () => {
  const position = fc.oneof(fc.nat(4999), fc.constantFrom(0, 1, 4998, 4999), fc.nat(20_000));

  await fc.assert(
    fc.asyncProperty(
      fc.option(position),
      fc.option(position),
      fc.constantFrom("bytes=", "Bytes=", "bytes= "),
      async (first, last, unit) => {
        const { status, headers, body } = await ask({
          range: `${unit}${first ?? ""}-${last ?? ""}`,
        });

        const slice = sliceOf(first, last);
        expect(status).toBe(slice.status);
        if (slice.status === 416) {
          expect(headers["content-range"]).toBe("bytes */5000");
          return;
        }
        const expected = BYTES.subarray(slice.start, slice.end);
        expect(body.equals(expected)).toBe(true);
        expect(headers["content-length"]).toBe(String(expected.length));
        expect(headers["content-range"]).toBe(
          slice.status === 206 ? `bytes ${slice.start}-${slice.end - 1}/5000` : undefined,
        );
      },
    ),
    { numRuns: 200 },
  );
});

/**
 * Translates a byte range (RFC 9110, section 14.1.2) to the expected status and the arguments of
 * Buffer.subarray.
 */
function sliceOf(first: number | null, last: number | null) {
  const whole = { status: 200, start: 0, end: 5000 };
  if (first === null) {
    if (last === null) return whole;
    return { status: last === 0 ? 416 : 206, start: Math.max(0, 5000 - last), end: 5000 };
  }
  if (last !== null && last < first) return whole;
  if (first >= 5000) return { ...whole, status: 416 };
  return { status: 206, start: first, end: Math.min(5000, (last ?? 5000) + 1) };
}

test.each([
  "bytes=0-1,5-9",
  "bytes=0-0, -1",
  "bytes=-",
  "bytes=a-b",
  "bytes=1",
  "bytes=1-2-3",
  "bytes=--5",
  "bytes=+1-2",
  "bytes=0x1-0x2",
  "lines=1-2",
  "bytes",
  "",
])("a range with several parts, another unit or invalid syntax is ignored: %j", async (range) => {
  const { status, body, headers } = await ask({ range });

  expect(status).toBe(200);
  expect(body).toHaveLength(5000);
  expect(headers).not.toHaveProperty("content-range");
});

test("a range with huge numbers causes no server error", async () => {
  const huge = "9".repeat(400);

  expect((await ask({ range: `bytes=${huge}-` })).status).toBe(416);
  expect((await ask({ range: `bytes=0-${huge}` })).body).toHaveLength(5000);
  expect((await ask({ range: `bytes=-${huge}` })).headers["content-range"]).toBe(
    "bytes 0-4999/5000",
  );
});

test("a range beyond the end returns 416 with the size, and is not cached", async () => {
  const answer = await ask({ range: "bytes=5000-" });

  expect(answer.status).toBe(416);
  expect(answer.headers).toMatchObject({
    "content-range": "bytes */5000",
    "cache-control": "no-store",
    "content-type": "application/json; charset=utf-8",
  });
  expect(messageOf(answer)).toMatchObject({ errors: [{ extensions: { code: "BAD_REQUEST" } }] });
});

test("a range applies only if If-Range names the current version", async () => {
  const statusFor = async (ifRange: string) =>
    (await ask({ range: "bytes=0-9", "if-range": ifRange })).status;

  expect(await statusFor(etagOf(key))).toBe(206);
  expect(await statusFor('"another"')).toBe(200);
  expect(await statusFor(`W/${etagOf(key)}`)).toBe(200);
  expect(await statusFor("Tue, 01 Jan 2030 00:00:00 GMT")).toBe(200);
});

test("If-None-Match with the current version returns 304, and If-Match with another version returns 412", async () => {
  const tag = etagOf(key);

  for (const noneMatch of [tag, `W/${tag}`, "*", `"a", ${tag} ,"b"`]) {
    const { status, headers, body } = await ask({ "if-none-match": noneMatch, range: "bytes=0-9" });
    expect({ noneMatch, status, body: body.length }).toEqual({ noneMatch, status: 304, body: 0 });
    expect(headers).toMatchObject({ etag: tag, "cache-control": expect.stringMatching("private") });
  }
  expect((await ask({ "if-none-match": '"a"' })).status).toBe(200);
  expect((await ask({ "if-match": '"a"' })).status).toBe(412);
  expect((await ask({ "if-match": `"a", ${tag}` })).status).toBe(200);
});

test("an empty blob is returned as an empty body", async () => {
  const empty = await storage.put(new Uint8Array(), { contentType: "text/vtt" });
  const { url } = server.signer.sign({ ...empty, fileName: "a.vtt", contentType: "text/vtt" });

  const whole = await server.ask(url);
  const start = await server.ask(url, { headers: { range: "bytes=0-" } });
  const tail = await server.ask(url, { headers: { range: "bytes=-1" } });

  expect([whole.status, start.status, tail.status]).toEqual([200, 416, 200]);
  expect(whole.headers["content-length"]).toBe("0");
  expect(start.headers["content-range"]).toBe("bytes */0");
});

test("a changed URL is refused, and the answer does not reveal whether the blob exists", async () => {
  const absent = path.replace(key, `shared/${"0".repeat(64)}`);
  const changed = [
    absent,
    path.replace("audio%2Fmpeg", "text%2Fhtml"),
    path.replace("Raven", "Rook"),
    path.replace(/expires=(\d)/, "expires=9$1"),
    path.replace("&expires", "&download=1&expires"),
    path.replace(/signature=(.)/, (_, letter) => `signature=${letter === "_" ? "-" : "_"}`),
    path.replace(/&signature=.*/, ""),
    path.replace(/\?.*/, ""),
    `${path}&signature=x`,
    `${path}A`,
    path.slice(0, -1),
  ];

  for (const url of changed) {
    const answer = await server.ask(url);
    expect({ url, status: answer.status }).toEqual({ url, status: 403 });
    expect(messageOf(answer)).toEqual({
      errors: [
        {
          message: "This server did not sign this media URL; ask the API for a signed one.",
          extensions: { code: "FORBIDDEN" },
        },
      ],
    });
  }
  const forgedOfStored = await server.ask(path.replace(/signature=.*/, "signature=x"));
  const forgedOfAbsent = await server.ask(absent);
  const { date: _one, ...storedHeaders } = forgedOfStored.headers;
  const { date: _two, ...absentHeaders } = forgedOfAbsent.headers;
  expect(storedHeaders).toEqual(absentHeaders);
  expect(forgedOfStored.body.equals(forgedOfAbsent.body)).toBe(true);
});

test("a URL expires at the end of its hour", async () => {
  const { url, expiresAt } = server.signer.sign({ key, fileName: "a", contentType: "audio/mpeg" });
  const before = server.now;

  server.now = new Date(expiresAt.getTime() - 1);
  const last = await server.ask(url);
  server.now = expiresAt;
  const expired = await server.ask(url);
  server.now = before;

  expect(last.headers["cache-control"]).toBe("private, max-age=0, immutable");
  expect(expired.status).toBe(403);
  expect(expired.headers["cache-control"]).toBe("no-store");
  expect(messageOf(expired)).toMatchObject({
    errors: [{ message: "This media URL has expired; ask the API for a new one." }],
  });
});

test("a deleted blob returns a 410 that is not cached", async () => {
  const { key: doomed } = await storage.put(randomBytes(9), { contentType: "audio/mpeg" });
  const file = { key: doomed, fileName: "a.mp3", contentType: "audio/mpeg" };
  await storage.delete(doomed);

  const answer = await server.ask(server.signer.sign(file).url, {
    headers: { "if-none-match": etagOf(doomed) },
  });

  expect(answer.status).toBe(410);
  expect(answer.headers["cache-control"]).toBe("no-store");
  expect(answer.headers).not.toHaveProperty("etag");
  expect(messageOf(answer)).toMatchObject({
    errors: [{ message: expect.stringMatching("deleted"), extensions: { code: "NOT_FOUND" } }],
  });
});

test("a hundred hostile keys are refused, both raw and encoded", async () => {
  const query = path.slice(path.indexOf("?"));
  // Send only printable ASCII keys in the raw form, because no HTTP client can send the others without
  // encoding.
  const raw = HOSTILE_KEYS.filter((each) => /^[!-~]*$/.test(each));
  const paths = [...raw, ...HOSTILE_KEYS.map((each) => encodeURIComponent(each.toWellFormed()))];

  for (const each of paths) {
    const answer = await server.ask(`/media/${each}${query}`);
    // The router returns 400 for invalid UTF-8.
    expect([400, 403]).toContain(answer.status);
    expect(answer.headers).not.toHaveProperty("x-injected");
    expect(answer.body.includes("root:")).toBe(false);
  }
});

test("only browser pages of allowed origins may read, with the headers that players need", async () => {
  const allowed = await ask({ origin: "https://app.example" });
  const foreign = await ask({ origin: "https://evil.example" });

  expect(allowed.headers).toMatchObject({
    "access-control-allow-origin": "https://app.example",
    "access-control-expose-headers":
      "Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, Retry-After",
    vary: "Origin",
  });
  expect(foreign.headers).not.toHaveProperty("access-control-allow-origin");
});

test("a blob of 64 MB is sent completely, in small chunks", async () => {
  const { key: big } = await storage.put(randomBytes(1), {
    contentType: "audio/wav",
    owner: "big",
  });
  await truncate(join(root, big), 64 * 1024 ** 2);
  const { url } = server.signer.sign({ key: big, fileName: "a.wav", contentType: "audio/wav" });

  const [response] = await once(get({ port: server.port, path: url, agent: false }), "response");
  let sizeBytes = 0;
  let largest = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    largest = Math.max(largest, chunk.length);
  }

  expect(sizeBytes).toBe(64 * 1024 ** 2);
  expect(largest).toBeLessThanOrEqual(1024 ** 2);
});
