import { AUTHOR, type ListCase, PARENTS, globalIds, listsOf, pageOf } from "./list-case.js";

const STORY = "id slug title";
const COLUMNS = "s.id, s.slug, s.title";
const RECENT = "s.published_at DESC, s.id DESC";

const stories = (args: string): string => `{ list: stories(${args}) ${pageOf(STORY)} }`;

const storySql = (condition = "true", order = RECENT): string =>
  `SELECT ${COLUMNS} FROM reference.stories s WHERE s.visibility = 'public' AND ${condition}
   ORDER BY ${order} LIMIT 20`;

const countSql = (condition = "true"): string =>
  `SELECT count(*)::text AS id FROM reference.stories s WHERE s.visibility = 'public' AND ${condition}`;

const lastSql = `SELECT * FROM (${storySql("true", "s.published_at, s.id")}) s ORDER BY s.id DESC`;

const listedSql = (condition: string, order = RECENT): string =>
  `SELECT ${COLUMNS} FROM reference.listed_stories l JOIN reference.stories s ON s.id = l.id WHERE ${condition}
   ORDER BY ${order} LIMIT 20`;

const listedCountSql = (condition: string): string =>
  `SELECT count(*)::text AS id FROM reference.listed_stories l WHERE ${condition}`;

/** The words begin words of summaries, and of no titles, so that all stories have one rank. */
const searchSql = (words: string): string => `l.words @@ to_tsquery('simple', '${words}')`;

/** @param authorId the public id of the author, as a global id */
export const storyCases = (authorId: string): ListCase[] => [
  ...orderCases,
  ...filterCases,
  {
    name: "Query.stories(filter.author)",
    query: stories(`first: 20, filter: { author: "${authorId}" }`),
    sql: storySql(`s.original_author_id = '${AUTHOR}'`),
  },
  {
    name: "User.publicStories",
    query: listsOf("User", `publicStories(first: 5) ${pageOf(STORY)}`),
    ids: [authorId],
    sql: listedSql(`l.author_id = '${AUTHOR}'`).replace("LIMIT 20", "LIMIT 5"),
  },
  {
    name: "User.publicNarrations",
    query: listsOf("User", `publicNarrations(first: 5) ${pageOf("id")}`),
    ids: [authorId],
    sql: `SELECT e.narration_id AS id FROM reference.published_narrations e
      WHERE e.user_id = '${AUTHOR}' AND e.visibility = 'public'
      ORDER BY e.published_at DESC, e.narration_id DESC LIMIT 5`,
  },
  ...searchCases,
];

const orderCases: ListCase[] = [
  { name: "Query.stories", query: stories("first: 20"), sql: storySql() },
  {
    name: "Query.stories(orderBy) OLDEST",
    query: stories("first: 20, orderBy: OLDEST"),
    sql: storySql("true", "s.published_at, s.id"),
  },
  {
    name: "Query.stories(orderBy) TITLE",
    query: stories("first: 20, orderBy: TITLE"),
    sql: storySql("true", "s.title, s.id"),
  },
  {
    name: "Query.stories(orderBy) POPULAR",
    query: stories("first: 20, orderBy: POPULAR"),
    sql: listedSql("true", "l.listeners DESC, l.id DESC"),
  },
  {
    name: "Query.stories(orderBy) LONGEST",
    query: stories("first: 20, orderBy: LONGEST"),
    sql: listedSql("true", "l.reading_seconds DESC, l.id DESC"),
  },
  {
    name: "Query.stories(orderBy) SHORTEST",
    query: stories("first: 20, orderBy: SHORTEST"),
    sql: listedSql("true", "l.reading_seconds, l.id"),
  },
  { name: "Query.stories(last)", query: stories("last: 20"), sql: lastSql },
];

const filterCases: ListCase[] = [
  {
    name: "Query.stories(filter.category)",
    query: stories(`first: 20, filter: { category: ["memoir"] }`),
    sql: storySql("s.category = 'memoir'"),
  },
  {
    name: "Query.stories(filter.category) absent",
    query: stories(`first: 20, filter: { category: ["nothing"] }`),
    sql: storySql("s.category = 'nothing'"),
  },
  {
    name: "Query.stories(filter.genre)",
    query: stories(`first: 20, filter: { genre: ["horror"] }`),
    sql: storySql("s.genre = 'horror'"),
  },
  {
    name: "Query.stories(filter.tags)",
    query: stories(`first: 20, filter: { tags: ["tag150"] }`),
    sql: storySql("s.tags @> '{tag150}'"),
    isUnsecured: true,
  },
  {
    name: "Query.stories(filter.tags) absent",
    query: stories(`first: 20, filter: { tags: ["nothing"] }`),
    sql: storySql("s.tags @> '{nothing}'"),
    isUnsecured: true,
  },
  {
    name: "Query.stories(filter.language)",
    query: stories(`first: 20, filter: { language: ["de"] }`),
    sql: storySql("s.language = 'de'"),
  },
  {
    name: "Query.stories(filter.language) absent",
    query: stories(`first: 20, filter: { language: ["fr"] }`),
    sql: storySql("s.language = 'fr'"),
  },
  {
    name: "Query.stories(filter.hasAudio)",
    query: stories("first: 20, filter: { hasAudio: false }"),
    sql: listedSql("l.facets @@ '''audio no'''"),
  },
  {
    name: "Query.stories(filter.length)",
    query: stories("first: 20, filter: { length: { min: 300, max: 600 } }"),
    sql: listedSql("l.reading_seconds BETWEEN 300 AND 600"),
  },
  {
    name: "Query.stories(filter.length) rare",
    query: stories("first: 20, filter: { length: { max: 101 } }"),
    sql: listedSql("l.reading_seconds <= 101"),
  },
];

const searchCases: ListCase[] = [
  {
    name: "Query.stories(search) rare",
    query: stories(`first: 20, search: "number 1234"`),
    sql: listedSql(searchSql("number:* & 1234:*")),
  },
  {
    name: "Query.stories(search) common",
    query: stories(`first: 20, search: "harbour"`),
    sql: listedSql(searchSql("harbour:*")),
  },
  {
    name: "Query.stories(search) absent",
    query: stories(`first: 20, search: "xylophone"`),
    sql: listedSql(searchSql("xylophone:*")),
  },
  {
    name: "Query.stories totalCount",
    query: "{ list: stories { totalCount } }",
    sql: countSql(),
  },
  {
    name: "Query.stories(filter.tags) totalCount",
    query: `{ list: stories(filter: { tags: ["tag150"] }) { totalCount } }`,
    sql: countSql("s.tags @> '{tag150}'"),
    isUnsecured: true,
  },
  {
    name: "Query.stories(search) totalCount",
    query: `{ list: stories(search: "harbour") { totalCount } }`,
    sql: listedCountSql(searchSql("harbour:*")),
  },
];

const TEMPLATE = "id key displayName";
const TEMPLATE_COLUMNS = "t.id, t.modulation_key, t.display_name";
const templates = (args: string): string =>
  `{ list: voiceModulationTemplates(${args}) ${pageOf(TEMPLATE)} }`;
const templateSql = (condition = "true"): string =>
  `SELECT ${TEMPLATE_COLUMNS} FROM reference.voice_modulation_templates t WHERE t.is_active AND ${condition}
   ORDER BY t.modulation_type || ' ' || t.modulation_key, t.id LIMIT 20`;

const ofStories = (types: string): string => `
  SELECT t.* FROM reference.stories p
  CROSS JOIN LATERAL (
    SELECT a.id FROM reference.story_analyses a
    WHERE a.content_hash = p.content_hash AND a.language = p.language AND a.status = 'ready'
    ORDER BY a.rank DESC, a.id DESC LIMIT 1) a
  CROSS JOIN LATERAL (
    SELECT ${TEMPLATE_COLUMNS}, o.occurrences FROM reference.story_modulation_occurrences o
    JOIN reference.voice_modulation_templates t ON t.id = o.template_id
    WHERE o.analysis_id = a.id AND t.is_active ${types}
    ORDER BY o.occurrences DESC, o.template_id DESC LIMIT 3) t
  WHERE p.id = ANY ('{${PARENTS.stories.join()}}') ORDER BY p.id DESC, t.occurrences DESC, t.id DESC`;

const storySegments = (condition = "true"): string => `
  SELECT g.analysis_id || '.' || g.position AS id, g.kind, g.text FROM reference.story_analyses p
  CROSS JOIN LATERAL (
    SELECT g.analysis_id, g.position, g.kind, g.text FROM reference.story_segments g
    WHERE g.analysis_id = p.id AND ${condition} ORDER BY g.position LIMIT 10) g
  WHERE p.id = ANY ('{${PARENTS.analyses.join()}}') ORDER BY p.id DESC, g.position`;

const segmentCase = (name: string, args: string, condition?: string): ListCase => ({
  name: `StoryAnalysis.segments${name}`,
  query: listsOf("StoryAnalysis", `segments(first: 10${args}) ${pageOf("id kind text")}`),
  ids: globalIds("StoryAnalysis", PARENTS.analyses),
  sql: storySegments(condition),
});

const apparatusCase = (name: string, args: string, condition = "true"): ListCase => ({
  name: `StoryAnalysis.apparatus${name}`,
  query: listsOf("StoryAnalysis", `apparatus(first: 10${args}) ${pageOf("kind start end said")}`),
  ids: globalIds("StoryAnalysis", PARENTS.analyses),
  sql: `SELECT g.* FROM reference.story_analyses p
  CROSS JOIN LATERAL (
    SELECT g.kind, g.utf16_start, g.utf16_end, g.said FROM reference.story_apparatus g
    WHERE g.analysis_id = p.id AND ${condition} ORDER BY g.utf16_start LIMIT 10) g
  WHERE p.id = ANY ('{${PARENTS.analyses.join()}}') ORDER BY p.id DESC, g.utf16_start`,
});

export const analysisCases: ListCase[] = [
  { name: "Query.voiceModulationTemplates", query: templates("first: 20"), sql: templateSql() },
  {
    name: "Query.voiceModulationTemplates(types)",
    query: templates("first: 20, types: [EMOTION]"),
    sql: templateSql("t.modulation_type = 'emotion'"),
  },
  {
    name: "Query.voiceModulationTemplates(search)",
    query: templates(`first: 20, search: "sound 1"`),
    sql: templateSql(
      "to_tsvector('simple', t.modulation_key || ' ' || t.display_name || ' ' || t.description) @@ to_tsquery('simple', 'sound:* & 1:*')",
    ),
  },
  {
    name: "ReferenceStory.voiceModulationTemplates",
    query: listsOf("ReferenceStory", `voiceModulationTemplates(first: 3) ${pageOf(TEMPLATE)}`),
    ids: globalIds("ReferenceStory", PARENTS.stories),
    sql: ofStories(""),
  },
  {
    name: "ReferenceStory.voiceModulationTemplates(types)",
    query: listsOf(
      "ReferenceStory",
      `voiceModulationTemplates(first: 3, types: [SOUND]) ${pageOf(TEMPLATE)}`,
    ),
    ids: globalIds("ReferenceStory", PARENTS.stories),
    sql: ofStories("AND t.modulation_type = 'sound'"),
  },
  segmentCase("", ""),
  segmentCase("(kinds)", ", kinds: [DIALOGUE]", "g.kind = 'dialogue'"),
  segmentCase("(fromIndex)", ", fromIndex: 5", "g.position >= 5"),
  segmentCase("(toIndex)", ", toIndex: 5", "g.position <= 5"),
  {
    name: "StoryAnalysis.segments(characterId)",
    query: `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on StoryAnalysis {
      list: segments(first: 10, characterId: "${globalIds("StoryCharacter", ["20000.c1"])[0] ?? ""}") ${pageOf("id kind text")} } } }`,
    ids: globalIds("StoryAnalysis", [20_000]),
    sql: storySegments("g.speaker_id = 'c1' AND g.analysis_id = 20000"),
  },
  apparatusCase("", ""),
  apparatusCase("(kinds)", ", kinds: [HYPHENATION]", "g.kind = 'hyphenation'"),
  ...templateStories("common", 2),
  ...templateStories("rare", 100),
];

/** A template in most stories, and a template in one of a hundred stories. The best plans differ. */
function templateStories(name: string, id: number): ListCase[] {
  const found = `reference.story_modulation_occurrences o JOIN reference.story_analyses a ON a.id = o.analysis_id`;
  const same = "a.content_hash = s.content_hash AND a.language = s.language";
  const rare = `s.id IN (SELECT s.id FROM ${found} JOIN reference.stories s ON ${same} WHERE o.template_id = ${id})`;
  const common = `EXISTS (SELECT FROM reference.story_analyses a JOIN reference.story_modulation_occurrences o
    ON o.analysis_id = a.id AND o.template_id = ${id} WHERE ${same} OFFSET 0)`;
  const ids = globalIds("VoiceModulationTemplate", [id]);
  return [
    {
      name: `VoiceModulationTemplate.stories ${name}`,
      query: listsOf("VoiceModulationTemplate", `stories(first: 20) ${pageOf(STORY)}`),
      ids,
      sql: storySql(name === "rare" ? rare : common),
    },
    {
      name: `VoiceModulationTemplate.stories ${name} totalCount`,
      query: listsOf("VoiceModulationTemplate", "stories { totalCount }"),
      ids,
      sql: `SELECT count(DISTINCT s.id)::text AS id FROM ${found} JOIN reference.stories s ON ${same}
        WHERE o.template_id = ${id} AND s.visibility = 'public'`,
    },
  ];
}
