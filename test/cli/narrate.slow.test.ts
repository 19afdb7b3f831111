import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import NodeId3 from "node-id3";
import { epubOf } from "../support/epub.js";
import { givenPersonalVoice } from "../support/personal-voice.js";
import { type TestDatabase, cloneDatabase } from "../support/test-database.js";
import { runCli } from "./cli.process.js";

const RUSSIAN = "Река поднялась ночью.\n\n«Кто там?» — спросила Анна.\n\n";
const ENGLISH = "The river rose in the night.\n\n“Who is there?” asked Anna.\n\n";

let folder: string;
let database: TestDatabase;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fabula-narrate-"));
  database = await cloneDatabase();
});
afterEach(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number;
  readonly said: string;
  readonly stories: readonly object[];
  readonly files: readonly string[];
}

/** Returns the names of the files in a folder. Returns an empty list if the folder does not exist. */
const filesIn = async (path: string): Promise<string[]> =>
  (await readdir(path).catch(() => [])).sort();

/** Runs `narrate` in a separate process, as a person does at a terminal. */
async function narrate(text: string, ...options: string[]): Promise<Outcome> {
  const file = join(folder, "night.txt");
  const out = join(folder, "out");
  await writeFile(file, text);
  const words = ["narrate", file, "--out", out, ...options];
  const { code, result, notes } = await runCli(words, { database, folder });
  const stories = await database.superuser("SELECT visibility FROM reference.stories");
  return { code, said: result + notes, stories, files: await filesIn(out) };
}

test.each([
  ["a text that no voice can speak", RUSSIAN, []],
  ["a text most of which no voice can speak", RUSSIAN + RUSSIAN + ENGLISH, []],
  ["a language without a voice", ENGLISH, ["--language", "ru"]],
  ["a voice that does not exist", ENGLISH, ["--voice", "flite:nobody"]],
  ["a voice of one's own that does not exist", ENGLISH, ["--voice", "mine"]],
  ["an empty text", "\n\n", []],
])("narrate publishes nothing of %s", async (_name, text, words) => {
  const { code, said, stories, files } = await narrate(text, ...words);

  expect(code).toBe(1);
  expect(said).not.toBe("");
  expect(stories).toEqual([]);
  expect(files).toEqual([]);
});

test("narrate says that everyone can read the text, and writes the sound", async () => {
  const { code, said, stories, files } = await narrate(ENGLISH);

  expect(code).toBe(0);
  expect(said).toMatch(/Publishing “.+”: everyone can read it/);
  expect(stories).toEqual([{ visibility: "public" }]);
  expect(files).toEqual(["night.json", "night.mp3", "night.vtt"]);
});

test("narrate puts the author and the cover of a book into the story and the sound", async () => {
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]);
  const book = epubOf({
    pages: [{ body: "<p>The river rose in the night.</p>" }],
    manifest: '<item id="c" href="c.png" media-type="image/png" properties="cover-image"/>',
    parts: { "OEBPS/c.png": png },
  });
  const file = join(folder, "bell.epub");
  await writeFile(file, book);

  const { code } = await runCli(["narrate", file, "--out", folder], { database, folder });

  const { title, artist, image } = NodeId3.read(await readFile(join(folder, "bell.mp3")));
  const stories = await database.superuser(
    "SELECT author_name, cover_content_type FROM reference.stories",
  );
  expect(code).toBe(0);
  expect(stories).toEqual([{ author_name: "Ada Lovelace", cover_content_type: "image/png" }]);
  expect({ title, artist }).toEqual({ title: "The Bell", artist: "Ada Lovelace" });
  expect(image).toMatchObject({ mime: "image/png", imageBuffer: Buffer.from(png) });
});

const ADA = "demo-user-ada";

/** Makes a personal voice of Ada that no consent covers. */
async function givenSilentVoice(): Promise<string> {
  await database.superuser("INSERT INTO platform.users (id) VALUES ($1)", [ADA]);
  return givenPersonalVoice(database, ADA, { displayName: "Адa’s voice" });
}

test("narrate says how to get a voice of one's own", async () => {
  const { said } = await narrate(ENGLISH, "--voice", "mine");

  expect(said).toContain("You have no voice of your own; train it first: npm run voice -- --train");
});

test.each([["mine"], ["адA’S voice"], ["its id"]])(
  "narrate says how to make a voice of one's own speak, chosen by %s",
  async (choice) => {
    const id = await givenSilentVoice();

    const { code, said, stories } = await narrate(
      ENGLISH,
      ...["--voice", choice === "its id" ? id : choice],
    );

    expect(code).toBe(1);
    expect(said).toMatch(
      /Your voice “Адa’s voice” may not be used, .* agree again first: npm run voice -- --agree \d/,
    );
    expect(stories).toEqual([]);
  },
);

test("narrate does not know the voice of another person", async () => {
  const id = await givenSilentVoice();

  const { code, said } = await narrate(ENGLISH, "--user", "ben", "--voice", id);

  expect(code).toBe(1);
  expect(said).toContain(`There is no voice ${id}. Choose one of Sally (flite:slt), `);
  expect(said).not.toContain("Адa");
});
