import { epubOf } from "../support/epub.js";
import { type ApiApp, apiApp } from "../support/api.js";
import type { Answer } from "./harness/answer.js";

const IMPORT = `mutation ($input: ImportStoryInput!) { importStory(input: $input) {
  story { id title content authorName copyrightNotice language coverImageUrl wordCount visibility version
    chapters { title start } }
  userErrors { code message path } } }`;
const CREATE_UPLOAD = `mutation ($input: CreateUploadInput!) { createUpload(input: $input) {
  upload { id url } userErrors { code message path } } }`;
const STATUS = "query ($id: ID!) { node(id: $id) { ... on Upload { uploadStatus } } }";

const PNG = Buffer.from("89504e470d0a1a0a00000000", "hex");
const BELL = epubOf({
  pages: [
    { body: "<h2>One</h2><p>The bell rang.</p>" },
    { body: "<h2>Two</h2><p>It stopped.</p>" },
  ],
  toc: [
    { title: "I", href: "page1.xhtml" },
    { title: "II", href: "page2.xhtml" },
  ],
  metadata: `<dc:title>The Bell</dc:title><dc:creator>Ada Hale</dc:creator>
    <dc:language>en-GB</dc:language><dc:rights>© 1931 Ada Hale</dc:rights>`,
  manifest: '<item id="cov" href="c.png" media-type="image/png" properties="cover-image"/>',
  parts: { "OEBPS/c.png": PNG },
});
const STORY = {
  title: "The Bell",
  content: "One\n\nThe bell rang.\n\nTwo\n\nIt stopped.",
  ...{ authorName: "Ada Hale", copyrightNotice: "© 1931 Ada Hale", language: "en-GB" },
  chapters: [
    { title: "I", start: 0 },
    { title: "II", start: 21 },
  ],
  ...{ wordCount: 7, visibility: "DRAFT", version: 1 },
};

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

interface CreatedUpload {
  readonly id: string;
  readonly url: string;
}

async function declared(name: string, bytes: Uint8Array): Promise<CreatedUpload> {
  const input = {
    ...{ purpose: "STORY_FILE", sizeBytes: bytes.length, contentType: "application/epub+zip" },
  };
  return (await app.as(name).query(CREATE_UPLOAD, { input })).at(
    "createUpload.upload",
  ) as CreatedUpload;
}

async function uploaded(name: string, bytes: Uint8Array): Promise<string> {
  const { id, url } = await declared(name, bytes);
  const headers = { "content-type": "application/epub+zip" };
  await fetch(new URL(url, app.url), { method: "PUT", headers, body: new Uint8Array(bytes) });
  return id;
}

const importOf = (name: string, input: object): Promise<Answer> =>
  app.as(name).query(IMPORT, { input: { fileName: "bell.epub", ...input } });
const base64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString("base64");
const storyOf = (answer: Answer): unknown => answer.at("importStory.story");
const errorsOf = (answer: Answer): unknown => answer.at("importStory.userErrors");
const storiesCount = async (): Promise<number> =>
  (await app.superuser("SELECT FROM reference.stories")).length;
const statusOf = async (id: string): Promise<unknown> =>
  (await app.as("ada").query(STATUS, { id })).at("node.uploadStatus");

test("a small book becomes a draft with its chapters, credits, rights and cover", async () => {
  const answer = await importOf("ada", { dataBase64: base64(BELL) });

  expect(errorsOf(answer)).toEqual([]);
  expect(storyOf(answer)).toMatchObject(STORY);
  const cover = await fetch(new URL(String(answer.at("importStory.story.coverImageUrl")), app.url));
  expect(cover.headers.get("content-type")).toBe("image/png");
  expect(Buffer.from(await cover.arrayBuffer())).toEqual(PNG);
});

test("a large book comes through an upload, which can be used once", async () => {
  const uploadId = await uploaded("ada", BELL);

  const first = await importOf("ada", { uploadId });
  const second = await importOf("ada", { uploadId });

  expect(storyOf(first)).toMatchObject(STORY);
  expect(await statusOf(uploadId)).toBe("USED");
  expect(storyOf(second)).toBeNull();
  expect(errorsOf(second)).toMatchObject([{ code: "CONFLICT" }]);
  expect(await storiesCount()).toBe(1);
});

test("what the author says is stronger than the file", async () => {
  const coverImageUrl = "https://covers.test/bell.png";
  const details = { title: "My Bell", authorName: null, language: "fr", coverImageUrl };

  const answer = await importOf("ada", { dataBase64: base64(BELL), ...details });

  expect(storyOf(answer)).toMatchObject({ ...details, copyrightNotice: "© 1931 Ada Hale" });
});

test("another user's upload does not exist, and an upload of a recording is no story", async () => {
  const hers = await uploaded("ada", BELL);
  const input = { purpose: "VOICE_SAMPLE", sizeBytes: 3, contentType: "audio/wav" };
  const recording = (await app.as("ada").query(CREATE_UPLOAD, { input })).at(
    "createUpload.upload.id",
  );

  const answers = [
    await importOf("ben", { uploadId: hers }),
    await importOf("ada", { uploadId: recording }),
  ];

  for (const answer of answers) {
    expect(errorsOf(answer)).toMatchObject([{ code: "NOT_FOUND" }]);
  }
  expect(await storiesCount()).toBe(0);
  expect(await statusOf(hers)).toBe("RECEIVED");
});

test("an upload without its file, or that has expired, cannot be imported", async () => {
  const { id: awaiting } = await declared("ada", BELL);
  const expired = await uploaded("ada", BELL);
  await app.superuser(
    "UPDATE instances.user_uploads SET expires_at = now() - interval '2 hours' WHERE received_at IS NOT NULL",
  );

  const answers = [
    await importOf("ada", { uploadId: awaiting }),
    await importOf("ada", { uploadId: expired }),
  ];

  expect(answers.map(errorsOf)).toMatchObject([
    [{ code: "CONFLICT", message: expect.stringContaining("has no file yet") }],
    [{ code: "CONFLICT", message: expect.stringContaining("has expired") }],
  ]);
});

test("after a file that cannot be read, nothing is stored, and the upload can be used again", async () => {
  const uploadId = await uploaded("ada", Buffer.from("Le caf\xe9 ferme.", "latin1"));
  const fileName = "cafe.txt";

  const refused = await importOf("ada", { uploadId, fileName });
  const stored = await storiesCount();
  const read = await importOf("ada", { uploadId, fileName, encoding: "iso-8859-1" });

  expect(errorsOf(refused)).toMatchObject([{ code: "BAD_USER_INPUT", path: ["uploadId"] }]);
  expect(stored).toBe(0);
  expect(storyOf(read)).toMatchObject({ content: "Le café ferme.", title: "Cafe" });
});

test("of two imports of one upload at the same time, one makes the story", async () => {
  const uploadId = await uploaded("ada", BELL);

  const answers = await Promise.all([importOf("ada", { uploadId }), importOf("ada", { uploadId })]);

  expect(answers.map(errorsOf)).toEqual(
    expect.arrayContaining([[], [expect.objectContaining({ code: "CONFLICT" })]]),
  );
  expect(await storiesCount()).toBe(1);
});

test.each([
  ["neither the bytes nor an upload", {}],
  ["both the bytes and an upload", { dataBase64: base64("A."), uploadId: "VXBsb2FkOjE=" }],
])("an import with %s is refused", async (_what, input) => {
  expect(errorsOf(await importOf("ada", input))).toMatchObject([
    { code: "BAD_USER_INPUT", message: "Send exactly one of dataBase64 and uploadId." },
  ]);
});

test("an unknown encoding is refused with the name of its field", async () => {
  const input = { dataBase64: base64("Once."), fileName: "a.txt", encoding: "utf-9" };

  expect(errorsOf(await importOf("ada", input))).toMatchObject([{ path: ["encoding"] }]);
});

test("the cover of a book is stored, its file is not, and the author can remove the cover", async () => {
  const uploadId = await uploaded("ada", BELL);
  const answer = await importOf("ada", { uploadId });
  const { id, version } = storyOf(answer) as { id: string; version: number };
  const [owner] = await app.superuser<{ public_id: string }>(
    "SELECT public_id FROM platform.users",
  );
  const kept: string[] = [];
  for await (const key of app.storage.list(owner?.public_id ?? "")) kept.push(key);

  const changed = await app.as("ada").query(
    `mutation ($input: UpdateStoryInput!) { updateStory(input: $input) {
      story { coverImageUrl authorName } userErrors { message } } }`,
    { input: { id, version, coverImageUrl: null, authorName: "A. Hale" } },
  );

  // The cover of the book. The file of the upload is gone.
  expect(kept).toHaveLength(1);
  expect(changed.at("updateStory.story")).toEqual({ coverImageUrl: null, authorName: "A. Hale" });
});

test("nobody can read more than two files at the same time", async () => {
  const imports = Array.from({ length: 6 }, () => importOf("ada", { dataBase64: base64(BELL) }));

  const answers = await Promise.all(imports);

  const codes = answers.map((answer) => answer.code).filter((code) => code !== undefined);
  expect(new Set(codes)).toEqual(new Set(["RATE_LIMITED"]));
  expect(await storiesCount()).toBe(6 - codes.length);
});
