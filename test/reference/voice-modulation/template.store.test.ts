import { templateStore } from "../../../src/reference/voice-modulation/template.store.js";
import type { ExtractedTemplate } from "../../../src/reference/voice-modulation/extraction.js";
import { extractTemplates } from "../../../src/reference/voice-modulation/extraction.js";
import { DELIVERED_EMOTIONS, analyseText } from "../../../src/reference/index.js";
import { type TestApp, testApp } from "../../support/app.js";
import { BRIDGE, ORCHARD, longText } from "../../support/texts.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ poolSize: 20 });
});
afterEach(() => app.clean());
afterAll(() => app.close());

interface TemplateRow {
  readonly key: string;
  readonly source: number | null;
  readonly name: string;
}

const templates = () =>
  app.superuser<TemplateRow>(
    `SELECT modulation_type || ' ' || modulation_key AS key, source_analysis_id AS source, display_name AS name
     FROM reference.voice_modulation_templates ORDER BY 1`,
  );
const occurrences = () =>
  app.superuser<{ analysis: number; key: string; occurrences: number }>(
    `SELECT o.analysis_id AS analysis, t.modulation_type || ' ' || t.modulation_key AS key, o.occurrences
     FROM reference.story_modulation_occurrences o
     JOIN reference.voice_modulation_templates t ON t.id = o.template_id ORDER BY 1, 2`,
  );
const analysisOf = async (story: { readonly contentHash: string | null }): Promise<number> => {
  const [row] = await app.superuser<{ id: number }>(
    "SELECT id FROM reference.story_analyses WHERE content_hash = $1",
    [story.contentHash],
  );
  return row?.id ?? 0;
};

/** The templates that the analyses brought. */
const found = async () => (await templates()).filter(({ source }) => source !== null);

test("a fresh install has every emotion that can be asked for, without a source", async () => {
  const given = [...DELIVERED_EMOTIONS].map((key) =>
    key === "whisper" ? `modulation ${key}` : `emotion ${key}`,
  );

  expect((await templates()).map(({ key }) => key)).toEqual(given.toSorted());
  expect(await found()).toEqual([]);
});

test("a story's emotions, sounds and modulations become templates with its analysis as source", async () => {
  const story = await app.given.story({ analyse: true });

  const source = await analysisOf(story);
  const merged = await found();
  expect(merged).toEqual(
    expect.arrayContaining([
      { key: "emotion joy", source, name: "Joy" },
      { key: "modulation whisper", source, name: "Whisper" },
    ]),
  );
  expect(await occurrences()).toHaveLength(merged.length);
});

test("a second story merges into existing templates, and the first story stays their source", async () => {
  const first = await app.given.story({ title: "First", analyse: true });
  const before = await templates();

  const second = await app.given.story({
    title: "Second",
    text: `${BRIDGE}\n\n“Run!” whispered Marta.`,
    analyse: true,
  });

  const [one, two] = [await analysisOf(first), await analysisOf(second)];
  const after = await templates();
  expect(after).toEqual(expect.arrayContaining(before));
  expect(new Set(after.map(({ key }) => key)).size).toBe(after.length);
  const whispers = (await occurrences()).filter(({ key }) => key === "modulation whisper");
  expect(whispers.map(({ analysis }) => analysis)).toEqual([one, two]);
  expect(whispers[1]?.occurrences).toBe((whispers[0]?.occurrences ?? 0) + 1);
});

test("the source story of a template is the public story, not a draft with the same text", async () => {
  await app.given.story({ author: "ben", title: "Draft" });
  const story = await app.given.story({ author: "ada", title: "Public", analyse: true });
  const [template] = await app.superuser<{ id: number }>(
    "SELECT id FROM reference.voice_modulation_templates WHERE source_analysis_id IS NOT NULL LIMIT 1",
  );

  const sources = await app.database.read({ viewer: "ben" }, async (tx) => ({
    first: await templateStore.sourceStories(tx, [template?.id ?? 0]),
    counts: await templateStore.storyCounts(tx, [template?.id ?? 0]),
  }));

  expect(sources.first.map(({ id }) => id)).toEqual([story.id]);
  expect([...sources.counts.values()]).toEqual([1]);
});

test("a document gives each template once, ordered by type and key", () => {
  const text = longText(30);

  const extracted = extractTemplates(analyseText(text, { language: "en" }), text);

  const keys = extracted.map(({ type, key }) => `${type} ${key}`);
  expect(keys).toEqual([...new Set(keys)].sort());
  expect(
    extracted.every(({ sampleText }) => sampleText.length > 0 && sampleText.length <= 241),
  ).toBe(true);
});

test("analyses stored at the same time merge their templates without a deadlock", async () => {
  const stories = await Promise.all(
    ["ada", "ben", "cleo", "dora"].map((author) =>
      app.given.story({ author, text: `${ORCHARD}\n\n${author}.`, publish: true }),
    ),
  );
  const ids = await Promise.all(stories.map(analysisOf));
  const keysFrom = (at: number): ExtractedTemplate[] =>
    Array.from({ length: 60 }, (_, n) => ({
      type: "modulation" as const,
      key: `key-${String(n + at).padStart(3, "0")}`,
      displayName: "Key",
      description: "A line.",
      sampleText: "A line.",
      category: "modulation",
      occurrences: 1,
      strength: 1,
      examplePosition: 0,
    }));

  let tries = 0;
  await Promise.all(
    ids.map((id, at) =>
      app.jobDatabase.write(null, async (tx) => {
        tries += 1;
        await templateStore.merge(tx, id, keysFrom(at));
      }),
    ),
  );

  expect(tries).toBe(ids.length);
  expect(await found()).toHaveLength(60 + ids.length - 1);
  expect(await occurrences()).toHaveLength(60 * ids.length);
});

test("a story with the same text in another language is not a source of the templates", async () => {
  const german = await app.given.story({ title: "Zuerst", publish: true, language: "de" });
  const english = await app.given.story({ title: "Second", author: "ben", publish: true });
  const [analysis] = await app.superuser<{ id: number }>(
    "SELECT id FROM reference.story_analyses WHERE language = 'en'",
  );

  await app.analyses.run(analysis?.id ?? 0);

  expect(german.contentHash).toBe(english.contentHash);
  const found = await app.database.read({ viewer: null }, async (tx) => {
    const { nodes } = await templateStore.page(tx, { types: ["modulation"], page: { limit: 1 } });
    const ids = nodes.map(({ id }) => id);
    const pages = await templateStore.storyPages(tx, ids, { limit: 9 });
    return {
      sources: (await templateStore.sourceStories(tx, ids)).map(({ id }) => id),
      stories: [...pages.values()].flatMap((page) => page.nodes.map(({ id }) => id)),
      counts: [...(await templateStore.storyCounts(tx, ids)).values()],
    };
  });
  expect(found).toEqual({ sources: [english.id], stories: [english.id], counts: [1] });
});
