import { type ApiApp, apiApp } from "../../support/api.js";
import { textNamed } from "../../support/texts.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const STORIES = `query Stories($filter: StoryFilter, $search: String, $orderBy: StoryOrder) {
  stories(filter: $filter, search: $search, orderBy: $orderBy) { totalCount edges { node { title } } }
}`;

/** Returns the titles of the list in order. */
async function titles(variables: object): Promise<string[]> {
  const answer = await app.anonymous().query(STORIES, variables);
  expect(answer.errors).toEqual([]);
  const found = answer.list("stories.edges.*.node.title").map(String);
  expect(answer.at("stories.totalCount")).toBe(found.length);
  return found;
}

const shelve = (title: string, about: object = {}) =>
  app.given.story({ title, text: textNamed(title), publish: true, ...about });

test("a search finds the beginnings of words, in titles first, then in names, then in summaries", async () => {
  await shelve("Waiting for Rain");
  await shelve("A Long Night", { summary: "Two sisters are waiting." });
  await shelve("The Letter", { authorName: "Ada Waithe" });
  await shelve("Wait");
  await shelve("The Harbour");

  expect(await titles({ search: "WAIT" })).toEqual([
    "Wait",
    "Waiting for Rain",
    "The Letter",
    "A Long Night",
  ]);
  expect(await titles({ search: "wait", orderBy: "TITLE" })).toEqual([
    "A Long Night",
    "The Letter",
    "Wait",
    "Waiting for Rain",
  ]);
  expect(await titles({ search: '"wait"' })).toEqual(["Wait"]);
  expect(await titles({ search: "wait -rain" })).toHaveLength(3);
  expect(await titles({ search: "-wait" })).toHaveLength(4);
});

test("a search finds a story by the display name of its author, without diacritics", async () => {
  await app.given.user("zoë");
  await shelve("The Kite", { author: "zoë" });
  await shelve("The Ant");

  expect(await titles({ search: "zoe" })).toEqual(["The Kite"]);
  expect(await titles({ search: "kite zöe" })).toEqual(["The Kite"]);
});

test("filters ignore the case of values, and a language has all its regions", async () => {
  await shelve("One", { genre: "mystery", category: "Fiction", tags: ["Night"], language: "en" });
  await shelve("Two", { genre: "Mystery", language: "EN-gb" });
  await shelve("Three", { genre: "fable", language: "pt_BR" });

  expect(await titles({ filter: { genre: ["MYSTERY"] }, orderBy: "OLDEST" })).toEqual([
    "One",
    "Two",
  ]);
  expect(await titles({ filter: { tags: ["NIGHT"], category: ["fiction"] } })).toEqual(["One"]);
  for (const language of ["en", "EN-gb", "en_US", "eng"])
    expect(await titles({ filter: { language: [language] }, orderBy: "OLDEST" })).toEqual([
      "One",
      "Two",
    ]);
  expect(await titles({ filter: { language: ["pt"] } })).toEqual(["Three"]);
});

test("a story has the canonical tag of its language", async () => {
  const { language } = await shelve("One", { language: "pt_br" });

  expect(language).toBe("pt-BR");
});

test("a filter refuses what is no language, and a length that ends before it begins", async () => {
  for (const [filter, path] of [
    [{ language: ["English"] }, "filter.language is not a language tag such as en or pt-BR"],
    [{ length: { min: 60, max: 59 } }, "filter.length needs a min"],
    [{ length: { min: -1 } }, "filter.length needs a min"],
  ]) {
    const answer = await app.anonymous().query(STORIES, { filter });

    expect(answer.code).toBe("BAD_USER_INPUT");
    expect(answer.errors[0]?.message).toContain(path);
  }
  const voices = await app
    .anonymous()
    .query(`{ voices(filter: { language: "English" }) { totalCount } }`);
  expect(voices.code).toBe("BAD_USER_INPUT");
});

test("stories are ordered by listeners and by length, and filtered by length", async () => {
  const short = await shelve("Short", { text: "The bell rang. ".repeat(20) });
  await shelve("Long", { text: "The bell rang over the river. ".repeat(400) });
  const middle = await shelve("Middle", { text: "The bell rang at noon. ".repeat(100) });
  for (const [name, id] of [
    ["ada", middle.id],
    ["ben", middle.id],
    ["ben", short.id],
  ] as const) {
    const listener = await app.given.user(name);
    await app.superuser(
      `INSERT INTO instances.listening_positions (user_id, reference_story_id, position, updated_at)
       VALUES ($1, $2, 0, now())`,
      [listener.id, id],
    );
  }

  expect(await titles({ orderBy: "POPULAR" })).toEqual(["Middle", "Short", "Long"]);
  expect(await titles({ orderBy: "LONGEST" })).toEqual(["Long", "Middle", "Short"]);
  expect(await titles({ orderBy: "SHORTEST" })).toEqual(["Short", "Middle", "Long"]);
  expect(await titles({ filter: { length: { max: 60 } } })).toEqual(["Short"]);
  expect(await titles({ filter: { length: { min: 61 } }, orderBy: "SHORTEST" })).toEqual([
    "Middle",
    "Long",
  ]);
});

test("stories are filtered by whether a public narration has sound", async () => {
  const story = await app.given.story({ title: "Heard", analyse: true });
  await shelve("Unheard");
  await app.given.narration({ owner: "ben", story, publish: "public" });
  await app.superuser("UPDATE reference.published_narrations SET audio_blob_key = 'blob'");

  expect(await titles({ filter: { hasAudio: true } })).toEqual(["Heard"]);
  expect(await titles({ filter: { hasAudio: false } })).toEqual(["Unheard"]);
});

test("titles are in alphabetical order without regard to case, diacritics and quotation marks", async () => {
  for (const title of ["apple", "Zebra", "Éclair", "“Banana”"]) await shelve(title);

  expect(await titles({ orderBy: "TITLE" })).toEqual(["apple", "“Banana”", "Éclair", "Zebra"]);
});

test("voices and templates are found like stories", async () => {
  const voices = async (filter: object): Promise<readonly unknown[]> =>
    (
      await app
        .anonymous()
        .query(
          `query ($filter: VoiceFilter) { voices(filter: $filter) { edges { node { displayName } } } }`,
          { filter },
        )
    ).list("voices.edges.*.node.displayName");
  const templates = async (search: string): Promise<readonly unknown[]> =>
    (
      await app
        .anonymous()
        .query(
          `query ($search: String) { voiceModulationTemplates(search: $search) { totalCount edges { node { key } } } }`,
          { search },
        )
    ).list("voiceModulationTemplates.edges.*.node.key");
  const all = await voices({});
  const [name] = all;

  expect(await voices({ search: String(name).slice(0, 3).toUpperCase() })).toContain(name);
  expect(await voices({ search: `-"${String(name)}"` })).not.toContain(name);
  expect(await voices({ search: "nobody" })).toEqual([]);
  expect(await voices({ provider: "FLITE", language: "EN_gb" })).toEqual(all);
  expect(await templates("NEUT")).toEqual(["neutral"]);
  expect(await templates('unhurr "emotion is measured"')).toEqual(["neutral"]);
  expect(await templates("-even")).not.toContain("neutral");
  expect(await templates("utral")).toEqual([]);
});
