import { createHash } from "node:crypto";
import { createMediaSigner } from "../../../src/http/media/signer.js";
import { systemClock } from "../../../src/platform/clock.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { requestText, sendRaw } from "../raw.client.js";
import { blobsOf, bytesOf, created, errorOf, put, statusOf } from "./upload-server.js";

const SIZE = 3_000;
const BYTES = bytesOf(SIZE);
const AWAITING = { uploadStatus: "AWAITING", url: expect.stringContaining("/uploads/") };

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ isProduction: true });
});
afterEach(() => app.clean());
afterAll(() => app.close());

const pathOf = ({ url }: { readonly url: string }): string => url;
/** Sends only the head of a request, as it is. */
const sendHead = (url: string, headers: Record<string, string | number>) =>
  sendRaw(app.url, requestText(`PUT ${url}`, { "content-type": "audio/wav", ...headers }));

test("a file goes to the signed URL, and the upload says so", async () => {
  const upload = await created(app, "ada", SIZE, "Audio/WAV; codecs=1");

  const answer = await put(app, upload, BYTES);

  expect(upload).toMatchObject({
    url: expect.stringMatching(
      /^\/uploads\/[0-9a-f-]{36}\/[\w-]{47}\?expires=\d{10}&signature=[\w-]{43}$/,
    ),
    method: "PUT",
    headers: [{ name: "Content-Type", value: "audio/wav" }],
    maxBytes: 50_000_000,
    sizeBytes: SIZE,
    contentType: "audio/wav",
    uploadStatus: "AWAITING",
    purpose: "VOICE_SAMPLE",
  });
  expect([answer.status, await answer.text()]).toEqual([204, ""]);
  expect(await statusOf(app, upload)).toEqual({ uploadStatus: "RECEIVED", url: null });
  const hash = createHash("sha256").update(BYTES).digest("hex");
  expect(await blobsOf(app, "ada")).toEqual([expect.stringMatching(new RegExp(`/${hash}$`))]);
});

test("an empty file and a file without a length are files, too", async () => {
  const empty = await created(app, "ada", 0);
  const streamed = await created(app, "ada", SIZE);

  const answers = [
    await put(app, empty, new Uint8Array()),
    await fetch(new URL(streamed.url, app.url), {
      method: "PUT",
      headers: { "content-type": "audio/wav" },
      body: new Blob([BYTES]).stream(),
      duplex: "half",
    }),
  ];

  expect(answers.map(({ status }) => status)).toEqual([204, 204]);
  expect(await blobsOf(app, "ada")).toHaveLength(2);
});

test.each(["content-encoding", "content-range"])(
  "a file with the header %s is refused, because its bytes would not be the file",
  async (header) => {
    const upload = await created(app, "ada", SIZE);
    const value = header === "content-range" ? `bytes 0-${SIZE - 1}/${SIZE}` : "gzip";

    const answer = await fetch(new URL(upload.url, app.url), {
      method: "PUT",
      headers: { "content-type": "audio/wav", [header]: value },
      body: BYTES,
    });

    expect(await errorOf(answer)).toMatchObject({
      status: 415,
      message: expect.stringContaining(`without the header ${header}`),
    });
    expect(await statusOf(app, upload)).toMatchObject({ uploadStatus: "AWAITING" });
  },
);

test("a second file for one upload is refused", async () => {
  const upload = await created(app, "ada", SIZE);
  await put(app, upload, BYTES);

  const again = await put(app, upload, bytesOf(SIZE));

  expect(await errorOf(again)).toMatchObject({
    status: 409,
    message: expect.stringContaining("has arrived already"),
    extensions: { code: "CONFLICT" },
  });
  expect(await blobsOf(app, "ada")).toHaveLength(1);
});

test("of two files that arrive at once, one is kept", async () => {
  const upload = await created(app, "ada", 200_000);

  const answers = await Promise.all([1, 2, 3].map(() => put(app, upload, bytesOf(200_000))));

  expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409]);
  expect(await blobsOf(app, "ada")).toHaveLength(1);
});

describe("a signature", () => {
  test("is for one upload of one owner until one time", async () => {
    const [mine, mineToo] = [await created(app, "ada", SIZE), await created(app, "ada", SIZE)];
    const his = await created(app, "ben", SIZE);
    const [path = "", query = ""] = pathOf(mine).split("?");
    const expires = Number(new URLSearchParams(query).get("expires"));
    const forged = [
      `${pathOf(mineToo).split("?")[0] ?? ""}?${query}`,
      `${pathOf(his).split("?")[0] ?? ""}?${query}`,
      `${path.replace(/[\w-]+$/, "999999")}?${query}`,
      `${path}?${query.replace(String(expires), String(expires + 1))}`,
      `${path}?${query}a`,
      `${path}?${query.slice(0, -1)}`,
      `${path}?${query}&signature=a`,
      path,
      `${path}?expires=${expires}`,
      `${path}?signature=a&expires=1e9`,
    ];

    const answers = await Promise.all(forged.map((url) => put(app, { url }, BYTES)));
    const texts = await Promise.all(answers.map((answer) => answer.text()));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]));
    // Every forged URL gives the same bytes, also the URL of an upload that does not exist.
    expect(new Set(texts).size).toBe(1);
    expect(JSON.parse(texts[0] ?? "")).toMatchObject({
      errors: [{ extensions: { code: "FORBIDDEN" } }],
    });
    expect(await statusOf(app, mine)).toEqual(AWAITING);
  });

  test("of a media URL is not valid for an upload", async () => {
    const upload = await created(app, "ada", SIZE);
    const media = createMediaSigner({
      secret: "a secret of the tests, never of a server",
      clock: systemClock,
    });
    const [path = "", query = ""] = upload.url.split("?");
    const key = path.replace("/uploads/", "");
    const signed = media.sign({ key, fileName: "a.wav", contentType: "audio/wav" }).url;

    const answers = [
      await put(app, { url: `${path}?${signed.split("?")[1] ?? ""}` }, BYTES),
      await fetch(new URL(`/media/${key}?${query}`, app.url)),
    ];

    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
  });

  test("ends after fifteen minutes", async () => {
    const upload = await created(app, "ada", SIZE);
    const [path = ""] = upload.url.split("?");
    const [, , ownerName = "", uploadId = ""] = path.split("/");
    const place = { ownerName, uploadId };

    const expired = app.uploadSigner.sign({ ...place, expiresAt: new Date(Date.now() - 1_000) });

    expect(await errorOf(await put(app, { url: expired }, BYTES))).toMatchObject({
      status: 403,
      message: expect.stringContaining("has expired"),
    });
  });

  test("is checked before a byte of the body is read", async () => {
    const upload = await created(app, "ada", 40_000_000);
    const large = { "content-length": 40_000_000 };

    const forged = await sendHead(`${upload.url}a`, large);
    const chunked = await sendHead(`${upload.url}a`, { "transfer-encoding": "chunked" });

    expect([forged.status, chunked.status]).toEqual([403, 403]);
  });
});

describe("a file is refused", () => {
  test("whose type is not the declared type", async () => {
    const upload = await created(app, "ada", SIZE);

    for (const type of ["audio/mpeg", "text/html", "a", ""]) {
      const answer = await put(app, upload, BYTES, { "content-type": type });
      expect(await errorOf(answer)).toMatchObject({ status: 415, count: 1 });
    }
    const none = await sendHead(upload.url, { "content-type": "", "content-length": SIZE });

    expect(none.status).toBe(415);
    expect(await statusOf(app, upload)).toEqual(AWAITING);
  });

  test("with a length above or below the declared size, before a byte is read", async () => {
    const upload = await created(app, "ada", SIZE);

    const above = await sendHead(upload.url, { "content-length": SIZE + 1 });
    const below = await sendHead(upload.url, { "content-length": SIZE - 1 });

    expect([above.status, below.status]).toEqual([413, 400]);
    expect(above.body).toContain(`more than the ${SIZE} bytes`);
    expect(below.body).toContain("send the whole file");
  });

  test("that has more or fewer bytes than declared", async () => {
    const upload = await created(app, "ada", SIZE);
    const chunked = (bytes: number) =>
      sendRaw(
        app.url,
        `${requestText(`PUT ${upload.url}`, {
          "content-type": "audio/wav",
          "transfer-encoding": "chunked",
        })}${bytes.toString(16)}\r\n${"a".repeat(bytes)}\r\n0\r\n\r\n`,
      );

    const [more, fewer] = [await chunked(SIZE + 1), await chunked(SIZE - 1)];

    expect([more.status, fewer.status]).toEqual([413, 400]);
    expect(fewer.body).toContain(`ended after ${SIZE - 1} of the ${SIZE} bytes`);
    expect(await blobsOf(app, "ada")).toEqual([]);
    expect(await statusOf(app, upload)).toEqual(AWAITING);
    expect((await put(app, upload, BYTES)).status).toBe(204);
  });

  test("whose upload is gone", async () => {
    const upload = await created(app, "ada", SIZE);
    await app.superuser("DELETE FROM instances.user_uploads");

    const gone = await errorOf(await put(app, upload, BYTES));

    expect(gone).toMatchObject({ status: 404, extensions: { code: "NOT_FOUND" } });
  });

  test.each(["is_active = false", "erased_at = now()"])("of an owner with %s", async (change) => {
    const upload = await created(app, "ada", SIZE);
    await app.superuser(`UPDATE platform.users SET ${change} WHERE id = $1`, [subjectOf("ada")]);

    const barred = await errorOf(await put(app, upload, BYTES));

    expect(barred).toMatchObject({ status: 403, extensions: { code: "FORBIDDEN" } });
    expect(await blobsOf(app, "ada")).toEqual([]);
  });

  test.each(["GET", "HEAD", "POST", "DELETE", "PATCH"])("that comes with %s", async (method) => {
    const upload = await created(app, "ada", SIZE);

    const answer = await fetch(new URL(upload.url, app.url), { method });

    expect([answer.status, answer.headers.get("allow")]).toEqual([405, "PUT"]);
    expect(await statusOf(app, upload)).toMatchObject({ uploadStatus: "AWAITING" });
  });
});

describe("createUpload", () => {
  const refused = async (sizeBytes: number, contentType: string) =>
    (
      await app
        .as("ada")
        .query(
          `mutation ($input: CreateUploadInput!) { createUpload(input: $input) { upload { id } userErrors { code message path } } }`,
          { input: { purpose: "VOICE_SAMPLE", sizeBytes, contentType } },
        )
    ).at("createUpload");

  test("says why a file cannot be sent", async () => {
    expect(await refused(50_000_001, "audio/wav")).toEqual({
      upload: null,
      userErrors: [
        {
          code: "BAD_USER_INPUT",
          message: "A file of 50000001 bytes cannot be sent; send a file of 0 to 50000000 bytes.",
          path: ["sizeBytes"],
        },
      ],
    });
    expect(await refused(1, "text/html")).toMatchObject({
      upload: null,
      userErrors: [{ path: ["contentType"], message: expect.stringContaining("audio/*") }],
    });
  });

  test("needs a token", async () => {
    const anonymous = await app
      .anonymous()
      .query(
        `mutation { createUpload(input: { purpose: VOICE_SAMPLE, sizeBytes: 1, contentType: "audio/wav" }) { upload { id } } }`,
      );

    expect(anonymous.code).toBe("UNAUTHENTICATED");
  });

  test("refuses a user with twenty uploads that wait for their files", async () => {
    for (let count = 0; count < 20; count += 1) await created(app, "ada", 1);

    expect(await refused(1, "audio/wav")).toMatchObject({
      upload: null,
      userErrors: [{ code: "CONFLICT", message: expect.stringContaining("Send their files") }],
    });
  });
});
