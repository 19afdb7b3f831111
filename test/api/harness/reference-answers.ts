import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { signed, tokenFor } from "../../support/api.js";
import type { TestDatabase } from "../../support/test-database.js";
import type { FabulaProcess } from "./fabula.process.js";
import { GraphqlClient } from "./graphql.client.js";

/** A user, or null for a visitor without a token. */
export type Viewer = string | null;

/** How many stories the queries ask for by slug. */
const SLUGS = 12;

const STORY = `fragment Story on ReferenceStory {
  id slug title summary tags category genre mood language license visibility version excerpt(length: 40)
  publishedAt updatedAt analysisStatus originalAuthor { displayName }
}`;

const ANALYSIS = `fragment Analysis on StoryAnalysis {
  id summary textMood { label valence } characters { name aliases quoteCount }
}`;

const TEMPLATE = `fragment Template on VoiceModulationTemplate {
  id type key displayName description sampleText category voiceSettings
}`;

const STORIES = `{ totalCount pageInfo { hasNextPage endCursor } edges { cursor node { ...Story } } }`;

const TEMPLATES = `fragment Templates on ReferenceStory {
  voiceModulationTemplates(first: 3) { pageInfo { endCursor } edges { occurrences strength node { ...Template } } }
  emotions: voiceModulationTemplates(types: [EMOTION]) { totalCount edges { example { text } node { key } } }
}`;

const LISTS = `query Lists {
  recent: stories(first: 20) ${STORIES}
  analysed: stories(first: 20) { edges { node { slug analysis { ...Analysis } ...Templates } } }
  same: stories(first: 20) { edges { node { analysisStatus ...Templates } } }
  oldest: stories(first: 3, orderBy: OLDEST) ${STORIES}
  last: stories(last: 4, orderBy: TITLE) ${STORIES}
  tagged: stories(first: 10, filter: { tags: ["odd"] }) ${STORIES}
  german: stories(first: 10, filter: { language: ["de"] }, orderBy: TITLE) ${STORIES}
  found: stories(first: 10, search: "river") ${STORIES}
  viewer { stories(first: 20) ${STORIES} }
  voiceModulationTemplates(first: 50) {
    totalCount edges { cursor node {
      ...Template sourceStory { ...Story } stories(first: 3) { totalCount edges { node { ...Story } } }
    } }
  }
  emotions: voiceModulationTemplates(first: 3, types: [EMOTION], search: "a") {
    totalCount edges { node { ...Template } }
  }
}
${STORY}
${ANALYSIS}
${TEMPLATES}
${TEMPLATE}`;

const SLUG_VARIABLES = Array.from({ length: SLUGS }, (_, slot) => `$slug${slot}: String!`);
const BY_SLUG = Array.from(
  { length: SLUGS },
  (_, slot) => `slug${slot}: story(by: { slug: $slug${slot} }) { id title }`,
);

const OBJECTS = `query Objects($ids: [ID!]!, ${SLUG_VARIABLES.join(", ")}) {
  ${BY_SLUG.join("\n")}
  nodes(ids: $ids) {
    ...Story ...Analysis ...Template
    ... on ReferenceStory {
      analysis { ...Analysis segments(first: 4) { totalCount edges { node { text speaker { name } } } } }
      voiceModulationTemplates(first: 3) {
        totalCount edges { occurrences example { text } node { ...Template } }
      }
      publicNarrations(first: 2) { edges { node { ...Narration } } }
    }
  }
  viewer { narrations(first: 8) { edges { node { ...Narration referenceStory { ...Story } } } } }
}
fragment Narration on UserStoryNarration {
  id title isOutdated narratorVoice { displayName }
  cast { character { name } voice { displayName } }
  segments(first: 4) { edges { node { text speaker { name } storySegment { text speaker { name } } } } }
}
${STORY}
${ANALYSIS}
${TEMPLATE}`;

export const clientOf = ({ url }: FabulaProcess, viewer: Viewer): GraphqlClient =>
  new GraphqlClient({
    url,
    ...(viewer === null ? {} : { authorization: () => signed(tokenFor(viewer)) }),
  });

type Variables = Readonly<Record<string, unknown>>;

/** Returns the variables of the queries: every id and slug of reference data. */
export async function variablesOf({ superuser }: TestDatabase): Promise<Variables> {
  const rows = await superuser<{ type: Parameters<typeof toGlobalId>[0]; id: number }>(
    `SELECT 'ReferenceStory' AS type, id FROM reference.stories
     UNION ALL SELECT 'StoryAnalysis', id FROM reference.story_analyses
     UNION ALL SELECT 'VoiceModulationTemplate', id FROM reference.voice_modulation_templates
     ORDER BY type, id`,
  );
  const stories = await superuser<{ slug: string }>(
    "SELECT slug FROM reference.stories ORDER BY id",
  );
  const slugs = Array.from({ length: SLUGS }, (_, slot) => [
    `slug${slot}`,
    stories[slot]?.slug ?? "nothing",
  ]);
  return {
    ids: rows.map(({ type, id }) => toGlobalId(type, id)),
    ...(Object.fromEntries(slugs) as object),
  };
}

/** Returns the data of broad queries as text. @throws Error if a query fails */
export async function answersOf(
  server: FabulaProcess,
  viewer: Viewer,
  variables: Variables,
): Promise<string> {
  const client = clientOf(server, viewer);
  const answers = await Promise.all([client.query(LISTS), client.query(OBJECTS, variables)]);
  return answers
    .map((answer) => {
      if (answer.errors.length > 0) throw new Error(answer.body);
      return JSON.stringify(answer.data);
    })
    .join("\n");
}
