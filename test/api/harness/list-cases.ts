import { toGlobalId } from "../../../src/graphql/relay/global-id.js";

/** The parents that the test cases use: at least two of each type. */
export interface ListParents {
  readonly storyIds: readonly number[];
  readonly analysisIds: readonly number[];
  readonly templateIds: readonly number[];
  readonly narrationIds: readonly string[];
  /** Public ids. */
  readonly userIds: readonly string[];
}

interface ListCase {
  readonly query: string;
  /** The ids of the parents, for a list that has parents. */
  readonly parents?: (rows: ListParents) => readonly string[];
  /** The paths of the statements of the list, including its totalCount. */
  readonly statements: readonly string[];
}

const LIST = "{ totalCount nodes { id } edges { cursor node { id } } pageInfo { endCursor } }";

const rootList = (field: string, statements: readonly string[]): ListCase => ({
  query: `{ list: ${field}(first: 2) ${LIST} }`,
  statements,
});

const viewerList = (field: string): ListCase => ({
  query: `{ viewer { list: ${field}(first: 2) ${LIST} } }`,
  statements: ["viewer.list", "viewer.list.totalCount"],
});

const nestedList = (
  type: string,
  field: string,
  { statements, parents }: Required<Pick<ListCase, "statements" | "parents">>,
): ListCase => ({
  query: `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ${type} { list: ${field}(first: 2) ${LIST} } } }`,
  parents,
  statements,
});

const idsOf =
  (type: Parameters<typeof toGlobalId>[0], rows: keyof ListParents) =>
  (parents: ListParents): string[] =>
    parents[rows].map((id) => toGlobalId(type, id));

const stories = idsOf("ReferenceStory", "storyIds");
const templates = idsOf("VoiceModulationTemplate", "templateIds");
const users = idsOf("User", "userIds");
const BOTH = ["nodes.list", "nodes.list.totalCount"];

/**
 * One case for every field of the schema that returns a connection. `statements` does not contain the
 * statements that read the parents.
 */
export const LIST_CASES: Readonly<Record<string, ListCase>> = {
  "Query.stories": rootList("stories", ["list", "list.totalCount"]),
  "Query.voiceModulationTemplates": rootList("voiceModulationTemplates", [
    "list",
    "list.totalCount",
  ]),
  // The catalogue is in memory. The statement reads the viewer's personal voices.
  "Query.voices": rootList("voices", ["list"]),
  "User.voices": { ...viewerList("voices"), statements: ["viewer.list"] },
  "User.narrations": viewerList("narrations"),
  // The first statement reads the places, the second the stories.
  "User.continueListening": {
    ...viewerList("continueListening"),
    statements: ["viewer.list", "viewer.list", "viewer.list.totalCount"],
  },
  "User.stories": viewerList("stories"),
  "User.publicStories": nestedList("User", "publicStories", { parents: users, statements: BOTH }),
  // An additional statement finds the viewer's own narrations among all editions.
  "User.publicNarrations": nestedList("User", "publicNarrations", {
    parents: users,
    statements: ["nodes.list", ...BOTH],
  }),
  "ReferenceStory.userNarrations": nestedList("ReferenceStory", "userNarrations", {
    parents: stories,
    statements: BOTH,
  }),
  // An additional statement finds the viewer's own narrations among all editions.
  "ReferenceStory.publicNarrations": nestedList("ReferenceStory", "publicNarrations", {
    parents: stories,
    statements: ["nodes.list", ...BOTH],
  }),
  // The first statement loads the current analyses of the stories. The others load the templates and
  // their total count.
  "ReferenceStory.voiceModulationTemplates": nestedList(
    "ReferenceStory",
    "voiceModulationTemplates",
    { parents: stories, statements: ["nodes.list", ...BOTH] },
  ),
  "StoryAnalysis.segments": nestedList("StoryAnalysis", "segments", {
    parents: idsOf("StoryAnalysis", "analysisIds"),
    statements: BOTH,
  }),
  "StoryAnalysis.apparatus": {
    query: `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on StoryAnalysis { list: apparatus(first: 2) {
      totalCount nodes { start } edges { cursor node { start text } } pageInfo { endCursor } } } } }`,
    parents: idsOf("StoryAnalysis", "analysisIds"),
    // The texts of the entries come from the analyses and their stories' texts.
    statements: [...BOTH, "nodes.list.edges.node.text", "nodes.list.edges.node.text"],
  },
  // The narration's row contains the length of its script.
  "UserStoryNarration.segments": nestedList("UserStoryNarration", "segments", {
    parents: idsOf("UserStoryNarration", "narrationIds"),
    statements: ["nodes.list"],
  }),
  "VoiceModulationTemplate.stories": nestedList("VoiceModulationTemplate", "stories", {
    parents: templates,
    statements: BOTH,
  }),
  "VoiceModulationTemplate.viewerSamples": nestedList("VoiceModulationTemplate", "viewerSamples", {
    parents: templates,
    statements: BOTH,
  }),
};
