import { StoryOrder } from "../../../src/reference/index.js";
import { type StoryFilter, storyListStore } from "../../../src/reference/story/story-list.store.js";
import { type TestApp, testApp } from "../../support/app.js";

interface Row {
  readonly id: number;
  readonly title: string;
  readonly category: string;
  readonly genre: string | null;
  readonly language: string;
  readonly tags: readonly string[];
  readonly author: string;
  readonly visibility: string;
  readonly at: number;
}

/** Values that are frequent, rare or absent, or that the syntax of a search could misread. */
const VALUES = [
  ...["plain", "plain", "plain", "two words", "category plain", "tag plain", "river"],
  ...["it's", "a\\b", "'", "a & b | !c", "(x)", "Ünïcode", "Plain", "a:b", "absent"],
];
const WORDS = ["river", "tower", "it's", "plain", "garden"];

/** Returns a number below `below` that depends only on its seed. */
const pick = (seed: number, below: number): number =>
  Math.floor((Math.abs(Math.sin(seed * 12.9898) * 43_758.5453) % 1) * below);
const among = <T>(seed: number, values: readonly T[], fallback: T): T =>
  values[pick(seed, values.length)] ?? fallback;

let app: TestApp;
let rows: Row[];
const authors = new Map<string, string>();
beforeAll(async () => {
  app = await testApp();
  for (const name of ["ada", "ben"]) authors.set(name, (await app.given.user(name)).publicId);
  rows = Array.from({ length: 700 }, (_, index) => rowAt(index + 1));
  await app.superuser(
    "INSERT INTO reference.story_texts VALUES (repeat('0', 64), 'x', '[]', 1, 1)",
  );
  await app.superuser(
    `INSERT INTO reference.stories (id, slug, title, category, genre, language, tags, original_author_id, visibility,
       content_hash, published_at)
     SELECT r.id, 's' || r.id, r.title, r.category, r.genre, r.language, r.tags, r.author, r.visibility,
       repeat('0', 64), to_timestamp(r.at)
     FROM jsonb_to_recordset($1::jsonb) AS r (id int, title text, category text, genre text, language text,
       tags text[], author text, visibility text, at int)`,
    [JSON.stringify(rows)],
  );
});
afterAll(() => app.close());

function rowAt(id: number): Row {
  return {
    id,
    title: `${among(id * 3, WORDS, "")} ${among(id * 5, WORDS, "")} ${id % 40 === 0 ? "heron" : ""}`,
    category: id % 350 === 1 ? "rare" : among(id * 7, VALUES.slice(0, -1), ""),
    genre: id % 4 === 0 ? null : among(id * 11, VALUES.slice(0, -1), ""),
    language: id % 300 === 2 ? "is" : "en",
    tags: [among(id * 13, VALUES.slice(0, -1), ""), among(id * 17, VALUES.slice(0, -1), "")],
    author: id % 200 === 3 ? "ben" : "ada",
    visibility: among(id * 19, ["public", "public", "public", "draft", "archived"], "public"),
    at: 1_700_000_000 + pick(id * 23, 600),
  };
}

const filterAt = (seed: number): StoryFilter => {
  const maybe = <T>(salt: number, value: T): T | undefined =>
    pick(seed * salt, 3) === 0 ? value : undefined;
  return {
    categories: maybe(3, [among(seed * 29, VALUES, ""), seed % 5 === 0 ? "rare" : "absent"]),
    genres: maybe(5, [among(seed * 31, VALUES, "")]),
    tags: maybe(7, [...new Set([among(seed * 37, VALUES, ""), among(seed * 41, VALUES, "")])]),
    languages: maybe(11, seed % 2 === 0 ? ["is"] : ["en", "xx"]),
    authorPublicId: maybe(13, authors.get(seed % 2 === 0 ? "ada" : "ben")),
    search: maybe(
      17,
      among(seed * 43, ["river", "heron", "it's", "-river", '"tower garden"', "!!"], ""),
    ),
  };
};

const CHECKS: readonly ((filter: StoryFilter, row: Row) => boolean)[] = [
  (_filter, { visibility }) => visibility === "public",
  ({ categories }, { category }) => categories?.includes(category) ?? true,
  ({ genres }, { genre }) => genres?.includes(genre ?? "") ?? true,
  ({ languages }, { language }) => languages?.includes(language) ?? true,
  ({ tags = [] }, row) => tags.every((tag) => row.tags.includes(tag)),
  ({ authorPublicId: id }, { author }) => id === undefined || id === authors.get(author),
  ({ search }, { title }) => search === undefined || SEARCHES[search]?.(title) === true,
];
const matches = (filter: StoryFilter, row: Row): boolean =>
  CHECKS.every((check) => check(filter, row));

const SEARCHES: Readonly<Record<string, (title: string) => boolean>> = {
  river: (title) => title.includes("river"),
  heron: (title) => title.includes("heron"),
  "it's": (title) => title.includes("it's"),
  "-river": (title) => !title.includes("river"),
  '"tower garden"': (title) => title.includes("tower garden"),
  "!!": () => false,
};

const ORDERS: Readonly<Record<StoryOrder, (a: Row, b: Row) => number>> = {
  recent: (a, b) => b.at - a.at || b.id - a.id,
  oldest: (a, b) => a.at - b.at || a.id - b.id,
  title: () => 0,
};

describe.each([StoryOrder.Recent, StoryOrder.Oldest])("in the order %s", (orderBy) => {
  test.each(Array.from({ length: 12 }, (_, index) => index))(
    "the list has exactly the stories that match, group %i",
    async (group) => {
      for (let seed = group * 12 + 1; seed <= group * 12 + 12; seed += 1) {
        const filter = filterAt(seed);
        const expected = rows.filter((row) => matches(filter, row)).sort(ORDERS[orderBy]);

        const { pages, count } = await readAll(filter, orderBy);

        expect({ filter, ids: pages.flat() }).toEqual({
          filter,
          ids: expected.map(({ id }) => id),
        });
        expect(count).toBe(expected.length);
      }
    },
  );
});

/** Reads all pages as a visitor, each larger than the one before. */
async function readAll(filter: StoryFilter, orderBy: StoryOrder) {
  return app.database.read({ viewer: null }, async (tx) => {
    const pages: number[][] = [];
    let after;
    for (;;) {
      const page = await storyListStore.publicPage(tx, {
        ...filter,
        orderBy,
        page: { limit: 3 + pages.length * 20, after },
      });
      pages.push(page.nodes.map(({ id }) => id));
      after = page.nodes.length > 0 ? page.placeAt(page.nodes.length - 1) : undefined;
      if (!page.hasNextPage) break;
    }
    return { pages, count: await storyListStore.publicCount(tx, filter) };
  });
}
