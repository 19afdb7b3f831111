import {
  type Search,
  isRankable,
  matcherOf,
  parseSearch,
} from "../../../src/platform/text/search.js";
import { StoryOrder } from "../../../src/reference/index.js";
import type { StoryFilter } from "../../../src/reference/story/listing/story-conditions.js";
import { storyListStore } from "../../../src/reference/story/listing/story-list.store.js";
import { orderOf } from "../../../src/reference/story/listing/story-order.js";
import { type TestApp, testApp } from "../../support/app.js";

interface Row {
  readonly id: number;
  readonly title: string;
  readonly summary: string | null;
  readonly author_name: string | null;
  readonly category: string;
  readonly genre: string | null;
  readonly language: string;
  readonly tags: readonly string[];
  readonly author: string;
  readonly visibility: string;
  readonly seconds: number;
  readonly listeners: number;
  readonly sound: string;
  readonly at: number;
}

/** Values that are frequent, rare or absent, or that the syntax of a search could misread. */
const VALUES = [
  ...["plain", "plain", "plain", "two words", "category plain", "tag plain", "river"],
  ...["it's", "a\\b", "'", "a & b | !c", "(x)", "Ünïcode", "Plain", "a:b", "absent"],
];
const WORDS = ["river", "Tower", "it's", "plain", "garden", "Kraków’s"];
const NAMES = [null, "Rivera", "Zoë Garden", "River Plain"];
const SECONDS = [0, 1, 59, 60, 61, 600, 601, 7_200, 90_000];
const SOUNDS = ["none", "none", "public", "unlisted", "silent"];
const LISTENERS = 5;

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
  const stored = JSON.stringify(rows);
  const from = `FROM jsonb_to_recordset($1::jsonb) AS r (id int, title text, summary text, author_name text, category text,
    genre text, language text, tags text[], author text, visibility text, seconds int, listeners int, sound text, at int)`;
  await app.superuser(
    `INSERT INTO reference.story_texts
     SELECT DISTINCT lpad(r.seconds::text, 64, '0'), 'x', '[]'::jsonb, 1, r.seconds ${from}`,
    [stored],
  );
  await app.superuser(
    `INSERT INTO reference.stories (id, slug, title, summary, author_name, category, genre, language, tags,
       original_author_id, visibility, content_hash, published_at)
     SELECT r.id, 's' || r.id, r.title, r.summary, r.author_name, r.category, r.genre, r.language, r.tags, r.author,
       r.visibility, lpad(r.seconds::text, 64, '0'), to_timestamp(r.at) ${from}`,
    [stored],
  );
  await app.superuser(
    `INSERT INTO reference.published_narrations (user_id, narration_id, edition, reference_story_id, visibility, header,
       segment_count, audio, published_at)
     SELECT 'ben', r.id, 1, r.id, CASE r.sound WHEN 'unlisted' THEN 'unlisted' ELSE 'public' END, '{}', 1,
       CASE WHEN r.sound <> 'silent' THEN '{}'::jsonb END, now() ${from} WHERE r.sound <> 'none'`,
    [stored],
  );
  await app.superuser(
    `INSERT INTO platform.users (id) SELECT 'listener-' || n FROM generate_series(1, ${LISTENERS}) n`,
  );
  await app.superuser(
    `INSERT INTO instances.listening_positions (user_id, reference_story_id, position, updated_at)
     SELECT 'listener-' || n, r.id, 0, now() ${from}, generate_series(1, ${LISTENERS}) n WHERE n <= r.listeners`,
    [stored],
  );
});
afterAll(() => app.close());

function rowAt(id: number): Row {
  const word = (salt: number): string => among(id * salt, WORDS, "");
  return {
    id,
    title:
      id % 97 === 5 ? "“Tower, garden!”" : `${word(3)} ${word(5)} ${id % 40 === 0 ? "heron" : ""}`,
    summary: id % 3 === 0 ? `A ${word(47)} of ${word(53)}, waiting` : null,
    author_name: among(id * 59, NAMES, null),
    category: id % 350 === 1 ? "rare" : among(id * 7, VALUES.slice(0, -1), ""),
    genre: id % 4 === 0 ? null : among(id * 11, VALUES.slice(0, -1), ""),
    language: id % 300 === 2 ? "is" : among(id * 61, ["en", "en-GB", "EN_us", "pt-BR"], ""),
    tags: [among(id * 13, VALUES.slice(0, -1), ""), among(id * 17, VALUES.slice(0, -1), "")],
    author: id % 200 === 3 ? "ben" : "ada",
    visibility: among(id * 19, ["public", "public", "public", "draft", "archived"], "public"),
    seconds: among(id * 67, SECONDS, 0),
    listeners: pick(id * 71, LISTENERS + 1),
    sound: among(id * 73, SOUNDS, "none"),
    at: 1_700_000_000 + pick(id * 23, 600),
  };
}

const SEARCHES = [
  ...["river", "RIV", "heron", "it's", "-river", '"tower garden"', "!!", "krakow", "wait"],
  ...["zoe", "river waiting", "rivera or heron", "plain -tower", '"plain zoe"', "tower garden"],
  ...["heron or -tower", '"riv"', "nothing", "kraków’s river"],
];

const filterAt = (seed: number): StoryFilter => {
  const maybe = <T>(salt: number, value: T): T | undefined =>
    pick(seed * salt, 3) === 0 ? value : undefined;
  return {
    categories: maybe(3, [among(seed * 29, VALUES, ""), seed % 5 === 0 ? "RARE" : "absent"]),
    genres: maybe(5, [among(seed * 31, VALUES, "")]),
    tags: maybe(7, [...new Set([among(seed * 37, VALUES, ""), among(seed * 41, VALUES, "")])]),
    languages: maybe(11, seed % 2 === 0 ? ["is"] : ["en", "xx"]),
    authorPublicId: maybe(13, authors.get(seed % 2 === 0 ? "ada" : "ben")),
    hasAudio: maybe(19, seed % 2 === 0),
    length: maybe(29, among(seed * 79, LENGTHS, { min: 0, max: 0 })),
    search: maybe(17, parseSearch(among(seed * 43, SEARCHES, ""))),
  };
};

const LENGTHS = [
  ...[
    { min: 0, max: 60 },
    { min: 60, max: 600 },
    { min: 61, max: 2_147_483_647 },
  ],
  ...[
    { min: 100_000, max: 200_000 },
    { min: 0, max: 0 },
    { min: 601, max: 601 },
  ],
];

const isOneOf = (values: readonly string[] | undefined, value: string): boolean =>
  values?.some((wanted) => wanted.toLowerCase() === value.toLowerCase()) ?? true;

const CHECKS: readonly ((filter: StoryFilter, row: Row) => boolean)[] = [
  (_filter, { visibility }) => visibility === "public",
  ({ categories }, { category }) => isOneOf(categories, category),
  ({ genres }, { genre }) => isOneOf(genres, genre ?? ""),
  ({ languages }, { language }) => isOneOf(languages, language.slice(0, 2)),
  ({ tags = [] }, row) => tags.every((tag) => isOneOf(row.tags, tag)),
  ({ authorPublicId: id }, { author }) => id === undefined || id === authors.get(author),
  ({ hasAudio }, { sound }) => hasAudio === undefined || hasAudio === (sound === "public"),
  ({ length }, { seconds }) => !length || (length.min <= seconds && seconds <= length.max),
  ({ search }, row) => search === undefined || isFound(search, row),
];
const matches = (filter: StoryFilter, row: Row): boolean =>
  CHECKS.every((check) => check(filter, row));

const DISPLAY_NAMES: Readonly<Record<string, string>> = { ada: "Ada", ben: "Ben" };
const authorOf = ({ author_name: name, author }: Row): string =>
  `${name ?? ""} ${String(DISPLAY_NAMES[author])}`;

const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

/** Each term is in one of the parts of a story. A phrase never reaches from one part into another. */
function isFound(search: Search, row: Row): boolean {
  const parts = [row.title, authorOf(row), row.summary ?? ""];
  return search
    .map((terms) => terms.filter(({ text }) => hasWords(text)))
    .filter((terms) => terms.length > 0)
    .some((terms) =>
      terms.every(({ excluded, ...term }) => {
        const isPart = matcherOf([[{ ...term, excluded: false }]]);
        return parts.some(isPart) !== excluded;
      }),
    );
}

const wordsIn = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z]+/g, " ")
    .trim();

function rankOf(search: Search, row: Row): number {
  const text = search
    .flat()
    .map((term) => term.text)
    .join(" ");
  const isWanted = matcherOf(search.map((terms) => terms.filter(({ excluded }) => !excluded)));
  if (wordsIn(row.title) === wordsIn(text)) return 0;
  if (isWanted(row.title)) return 1;
  return isWanted(authorOf(row)) ? 2 : 3;
}

const recent = (a: Row, b: Row): number => b.at - a.at || b.id - a.id;
const byTitle = (a: Row, b: Row): number => {
  const [one, other] = [wordsIn(a.title), wordsIn(b.title)];
  if (one === other) return a.id - b.id;
  return one < other ? -1 : 1;
};
const ORDERS: Readonly<Record<StoryOrder, (filter: StoryFilter) => (a: Row, b: Row) => number>> = {
  recent: () => recent,
  oldest: () => (a, b) => recent(b, a),
  title: () => byTitle,
  popular: () => (a, b) => b.listeners - a.listeners || b.id - a.id,
  longest: () => (a, b) => b.seconds - a.seconds || b.id - a.id,
  shortest: () => (a, b) => a.seconds - b.seconds || a.id - b.id,
  relevance:
    ({ search = [] }) =>
    (a, b) =>
      rankOf(search, a) - rankOf(search, b) || recent(a, b),
};

/** The other orders differ from these in nothing but the column. */
const ORDERS_OF_SEARCH: ReadonlySet<StoryOrder> = new Set([
  StoryOrder.Relevance,
  StoryOrder.Recent,
  StoryOrder.Longest,
]);

describe.each(Object.values(StoryOrder))("in the order %s", (wanted) => {
  test.each(Array.from({ length: ORDERS_OF_SEARCH.has(wanted) ? 12 : 3 }, (_, index) => index))(
    "the list has exactly the stories that match, group %i",
    async (group) => {
      for (let seed = group * 12 + 1; seed <= group * 12 + 12; seed += 1) {
        const filter = filterAt(seed);
        const orderBy = orderOf(wanted, filter.search);
        const expected = rows
          .filter((row) => matches(filter, row))
          .sort(ORDERS[orderBy](filter))
          .map(({ id }) => id);

        for (const fromEnd of [false, true]) {
          const { pages, count } = await readAll(filter, orderBy, fromEnd);

          expect({ filter, fromEnd, ids: pages.flat() }).toEqual({
            filter,
            fromEnd,
            ids: expected,
          });
          expect(count).toBe(expected.length);
        }
      }
    },
  );
});

test("a search without any word that a story must have has no ranks", () => {
  const isRanked = (text: string): boolean => isRankable(parseSearch(text) ?? []);

  expect(["river", "-tower river", '"a b"'].map(isRanked)).toEqual([true, true, true]);
  expect(["-river", "!!", "river or -tower", "", '""'].map(isRanked)).toEqual(
    Array.from({ length: 5 }, () => false),
  );
});

/** Reads all pages as a visitor, each larger than the one before. The pages are in the order of the list. */
async function readAll(filter: StoryFilter, orderBy: StoryOrder, fromEnd: boolean) {
  return app.database.read({ viewer: null }, async (tx) => {
    const pages: number[][] = [];
    let place;
    for (;;) {
      const page = await storyListStore.publicPage(tx, {
        ...filter,
        orderBy,
        page: {
          limit: 3 + pages.length * 20,
          ...(fromEnd ? { fromEnd, before: place } : { after: place }),
        },
      });
      pages.push(page.nodes.map(({ id }) => id));
      const isLast = fromEnd ? !page.hasPreviousPage : !page.hasNextPage;
      if (isLast || page.nodes.length === 0) break;
      place = page.placeAt(fromEnd ? 0 : page.nodes.length - 1);
    }
    if (fromEnd) pages.reverse();
    return { pages, count: await storyListStore.publicCount(tx, filter) };
  });
}
