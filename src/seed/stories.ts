import { readFile } from "node:fs/promises";

/** A story of the demo data, with the values that an author enters. The text is in `stories/<file>`. */
export interface SeedStory {
  readonly file: string;
  readonly slug: string;
  readonly author: "ada" | "ben" | "cleo";
  readonly summary: string;
  readonly category: string;
  readonly genre: string;
  readonly tags: readonly string[];
  readonly mood: string;
  readonly ageRating: string;
  readonly license: string;
  readonly status: "public" | "draft";
  /** A sentence of the text, and what stood there when the story was published and first narrated. */
  readonly revision?: { readonly sentence: string; readonly before: string };
}

/**
 * The demo stories. The seeding publishes them in this order. The list of public stories shows the
 * newest story first, so the list begins with the last story here.
 */
export const seedStories = [
  {
    file: "the-waiting-room-at-hollin-halt.txt",
    slug: "the-waiting-room-at-hollin-halt",
    author: "ben",
    summary:
      "A traveller who has missed the last train shares a stove with two people who have waited longer than he knows.",
    category: "fiction",
    genre: "ghost story",
    tags: ["railway", "night", "rain"],
    mood: "eerie",
    ageRating: "teen",
    license: "CC0-1.0",
    status: "public",
  },
  {
    file: "a-quiet-word-with-the-ship.txt",
    slug: "a-quiet-word-with-the-ship",
    author: "cleo",
    summary:
      "Two centuries from port, a starship asks its only waking engineer what becomes of a ship that has arrived.",
    category: "fiction",
    genre: "science fiction",
    tags: ["starship", "robots", "friendship"],
    mood: "tender",
    ageRating: "general",
    license: "CC0-1.0",
    status: "public",
  },
  {
    file: "the-goose-committee.txt",
    slug: "the-goose-committee",
    author: "ada",
    summary: "A parish council meets to remove a goose. The goose attends.",
    category: "fiction",
    genre: "comedy",
    tags: ["village", "goose", "politics"],
    mood: "playful",
    ageRating: "general",
    license: "CC0-1.0",
    status: "public",
  },
  {
    file: "the-marigold-and-the-reef.txt",
    slug: "the-marigold-and-the-reef",
    author: "ben",
    summary:
      "In fog, with a warship behind her and a reef ahead, a captain trusts the ears of a stowaway.",
    category: "fiction",
    genre: "adventure",
    tags: ["sea", "courage", "stowaway"],
    mood: "thrilling",
    ageRating: "general",
    license: "CC0-1.0",
    status: "public",
    revision: {
      sentence: "The fog had the schooner by the throat.",
      before: "The fog was thick around the schooner.",
    },
  },
  {
    file: "the-tuners-wednesday.txt",
    slug: "the-tuners-wednesday",
    author: "cleo",
    summary: "A piano tuner is asked what an old piano is worth, and takes his time to answer.",
    category: "fiction",
    genre: "realism",
    tags: ["music", "family", "memory"],
    mood: "wistful",
    ageRating: "general",
    license: "CC0-1.0",
    status: "public",
  },
  {
    file: "the-girl-who-pawned-her-shadow.txt",
    slug: "the-girl-who-pawned-her-shadow",
    author: "ada",
    summary:
      "To buy medicine a girl pawns her shadow to a badger, and must win it back on the one dry day of the year.",
    category: "children",
    genre: "fairy tale",
    tags: ["magic", "badger", "grandmother"],
    mood: "whimsical",
    ageRating: "general",
    license: "CC0-1.0",
    status: "public",
  },
  {
    file: "the-heron-and-the-eel.txt",
    slug: "the-heron-and-the-eel",
    author: "ada",
    summary: "A hungry heron offers an old eel a lift. The eel asks to hold on.",
    category: "children",
    genre: "fable",
    tags: ["animals", "trust", "short"],
    mood: "wry",
    ageRating: "general",
    license: "CC0-1.0",
    status: "public",
  },
  {
    file: "the-clock-that-struck-thirteen.txt",
    slug: "the-clock-that-struck-thirteen",
    author: "ada",
    summary: "An emerald, a library, and one chair too many. Unfinished.",
    category: "fiction",
    genre: "mystery",
    tags: ["detective", "country house"],
    mood: "suspenseful",
    ageRating: "general",
    license: "CC0-1.0",
    status: "draft",
  },
] as const satisfies readonly SeedStory[];

const STORIES_FOLDER = new URL("stories/", import.meta.url);

/** A story as its file has it, and the text that it had before its revision. */
export interface SeedText {
  readonly title: string;
  readonly content: string;
  readonly firstContent: string;
}

/** Reads a story from its file. The first line is the title, and the rest is the text. */
export async function readSeedStory({ file, revision }: SeedStory): Promise<SeedText> {
  const text = await readFile(new URL(file, STORIES_FOLDER), "utf8");
  const endOfTitle = text.indexOf("\n");
  const content = text.slice(endOfTitle).trim();
  const firstContent = revision ? content.replace(revision.sentence, revision.before) : content;
  return { title: text.slice(0, endOfTitle), content, firstContent };
}
