import { toGlobalId } from "../../src/graphql/relay/global-id.js";

/** Rows of the large database that lists have as parents. */
export interface PlanParents {
  /** The newest story, with thousands of narrations, and others. */
  readonly storyIds: readonly number[];
  /** The first occurs everywhere, each other in fewer stories than the one before. */
  readonly templateIds: readonly number[];
  readonly ownNarrationIds: readonly string[];
  readonly editionIds: readonly string[];
  readonly longAnalysisId: number;
  /** Public ids of users. */
  readonly authors: Readonly<Record<"viewer" | "frequent" | "rare", string>>;
}

export interface PlanCase {
  /** A list with its arguments. */
  readonly list: string;
  readonly ids?: readonly string[];
  /** The type of the parents. */
  readonly on?: string;
  /** True if the list has `last` and `before`. */
  readonly isTwoWay?: boolean;
  /** True if the count must read the whole table, because nearly all rows match. */
  readonly countsMostRows?: boolean;
}

const STORY_FILTERS = {
  "no filter": "",
  "a frequent category": `filter: { category: ["category 0"] }`,
  "a rare category": `filter: { category: ["rare"] }`,
  "an absent category": `filter: { category: ["absent"] }`,
  "several categories": `filter: { category: ["category 19", "rare", "absent", "rare"] }`,
  "a frequent genre": `filter: { genre: ["genre 0"] }`,
  "an absent genre": `filter: { genre: ["absent"] }`,
  "a frequent language": `filter: { language: ["en"] }`,
  "a rare language": `filter: { language: ["is"] }`,
  "an absent language": `filter: { language: ["xx"] }`,
  "a frequent tag": `filter: { tags: ["common"] }`,
  "a rare tag": `filter: { tags: ["topic 1990"] }`,
  "an absent tag": `filter: { tags: ["absent"] }`,
  "two frequent tags": `filter: { tags: ["common", "tag 0"] }`,
  "a frequent and a rare tag": `filter: { tags: ["common", "topic 1500"] }`,
  "filters that exclude each other": `filter: { tags: ["common"], category: ["rare"] }`,
  "filters of every kind": `filter: { tags: ["common"], category: ["category 0", "category 1"], genre: ["genre 0"], language: ["en", "de"] }`,
  "a frequent word": `search: "river"`,
  "a rare word": `search: "w2950"`,
  "an absent word": `search: "nowhere"`,
  "no word": `search: "!!"`,
  "a phrase": `search: "\\"a tale of w1\\""`,
  "an excluded word": `search: "-river"`,
  "a frequent and a rare word": `search: "river w2500"`,
  "the beginning of frequent words": `search: "w"`,
  "the beginning of rare words": `search: "w295"`,
  "the name of an author": `search: "Vïewer"`,
  "a word of a title and one of a summary": `search: "tower w17"`,
  alternatives: `search: "w2950 or garden"`,
  sound: `filter: { hasAudio: true }`,
  "no sound": `filter: { hasAudio: false }`,
  "a frequent length": `filter: { length: { max: 1000 } }`,
  "a rare length": `filter: { length: { min: 100000 } }`,
  "a frequent length and a rare tag": `filter: { length: { min: 10 }, tags: ["topic 1990"] }`,
  "a rare length and a frequent tag": `filter: { length: { min: 5000, max: 6000 }, tags: ["common"] }`,
  "a word and filters": `search: "river", filter: { category: ["category 3"], tags: ["topic 40"] }`,
} as const;

const storyFilters = ({ authors }: PlanParents): Record<string, string> => {
  const by = (name: keyof typeof authors, more = ""): string =>
    `filter: { author: "${toGlobalId("User", authors[name])}"${more} }`;
  return {
    ...STORY_FILTERS,
    "an author of many stories": by("viewer"),
    "an author of some stories": by("frequent"),
    "an author of few stories": by("rare"),
    "an unknown author": `filter: { author: "${toGlobalId("User", "00000000-0000-4000-8000-000000000000")}" }`,
    "an author and a tag": by("viewer", `, tags: ["tag 3"]`),
  };
};

const withArguments = (field: string, ...given: string[]): string => {
  const all = given.filter((text) => text !== "").join(", ");
  return all === "" ? field : `${field}(${all})`;
};

/** The filters that nearly all stories match. */
const COUNTS_MOST: ReadonlySet<string> = new Set([
  "no filter",
  "an excluded word",
  "the beginning of frequent words",
  "no sound",
  "a frequent length",
]);

const storyCases = (parents: PlanParents): [string, PlanCase][] =>
  Object.entries(storyFilters(parents)).flatMap(([name, filter]) =>
    ["", "RECENT", "OLDEST", "TITLE", "POPULAR", "SHORTEST"].map((order): [string, PlanCase] => [
      `stories with ${name}${order && `, by ${order}`}`,
      {
        list: withArguments("stories", filter, order && `orderBy: ${order}`),
        // The end of this ranked list is found among all words that are not in titles.
        isTwoWay: order !== "" || name !== "the beginning of frequent words",
        countsMostRows: COUNTS_MOST.has(name),
      },
    ]),
  );

const NARRATION_STATUSES = {
  "of every status": "",
  "of a frequent status": "status: [DRAFT]",
  "of a rare status": "status: [FAILED]",
  "of an absent status": "status: [CANCELLED]",
  "of several statuses": "status: [FAILED, QUEUED, READY, FAILED]",
} as const;

const viewerCases = (): [string, PlanCase][] => [
  ...Object.entries(NARRATION_STATUSES).map(([name, status]): [string, PlanCase] => [
    `the viewer's narrations ${name}`,
    { list: withArguments("narrations", status), on: "viewer", isTwoWay: true },
  ]),
  ...["", "visibility: [PUBLIC]", "visibility: [ARCHIVED, DRAFT]"].map(
    (visibility): [string, PlanCase] => [
      `the viewer's stories ${visibility}`,
      { list: withArguments("stories", visibility), on: "viewer", isTwoWay: true },
    ],
  ),
  ["the viewer's voices", { list: "voices", on: "viewer" }],
];

const ofStories = ({ storyIds }: PlanParents): [string, PlanCase][] => {
  const ids = storyIds.map((id) => toGlobalId("ReferenceStory", id));
  const on = "ReferenceStory";
  return [
    ...Object.entries(NARRATION_STATUSES).map(([name, status]): [string, PlanCase] => [
      `narrations ${name} of stories`,
      { list: withArguments("userNarrations", status), on, ids },
    ]),
    ["public narrations of stories", { list: "publicNarrations", on, ids }],
    ["templates of stories", { list: "voiceModulationTemplates", on, ids }],
    [
      "templates of one type of stories",
      { list: "voiceModulationTemplates(types: [SOUND])", on, ids },
    ],
  ];
};

const ofUsers = ({ authors }: PlanParents): [string, PlanCase][] => {
  const ids = Object.values(authors).map((id) => toGlobalId("User", id));
  return ["publicStories", "publicNarrations"].map((list): [string, PlanCase] => [
    `${list} of users`,
    { list, on: "User", ids, isTwoWay: true },
  ]);
};

const ofOthers = (parents: PlanParents): [string, PlanCase][] => {
  const templates = parents.templateIds.map((id) => toGlobalId("VoiceModulationTemplate", id));
  const ids = [toGlobalId("StoryAnalysis", parents.longAnalysisId)];
  const speaker = (name: string): string =>
    `characterId: "${toGlobalId("StoryCharacter", `${parents.longAnalysisId}.${name}`)}"`;
  const narrations = (raw: readonly string[]): string[] =>
    raw.map((id) => toGlobalId("UserStoryNarration", id));
  return [
    ...templates.map((id, place): [string, PlanCase] => [
      `stories of template ${place}`,
      { list: "stories", on: "VoiceModulationTemplate", ids: [id] },
    ]),
    [
      "samples of templates",
      { list: "viewerSamples", on: "VoiceModulationTemplate", ids: templates },
    ],
    ...["", speaker("c1"), speaker("absent"), "kinds: [DIALOGUE]"].map(
      (filter): [string, PlanCase] => [
        `segments of a long analysis ${filter.slice(0, 12)} ${filter.length}`,
        { list: withArguments("segments", filter), on: "StoryAnalysis", ids },
      ],
    ),
    ...["", "kinds: [HYPHENATION]"].map((filter): [string, PlanCase] => [
      `apparatus of a long analysis ${filter}`,
      { list: withArguments("apparatus", filter), on: "StoryAnalysis", ids },
    ]),
    [
      "segments of own narrations",
      { list: "segments", on: "UserStoryNarration", ids: narrations(parents.ownNarrationIds) },
    ],
    [
      "segments of editions",
      { list: "segments", on: "UserStoryNarration", ids: narrations(parents.editionIds) },
    ],
    ["templates", { list: "voiceModulationTemplates" }],
    ["templates of two types", { list: "voiceModulationTemplates(types: [EMOTION, SOUND])" }],
    ["templates with a text", { list: `voiceModulationTemplates(search: "key 77")` }],
    ["templates with an absent text", { list: `voiceModulationTemplates(search: "absent")` }],
    ["voices", { list: "voices" }],
  ];
};

/** Every list, with the filters and values that need different plans. */
export const planCases = (parents: PlanParents): [string, PlanCase][] => [
  ...storyCases(parents),
  ...viewerCases(),
  ...ofStories(parents),
  ...ofUsers(parents),
  ...ofOthers(parents),
];

/** Returns the query for a page or for the count of a list. `paging` is for example `first: 20`. */
export function queryOf({ list, on }: PlanCase, paging: string, selected: string): string {
  const [field = "", given = ""] = list.split(/\((.*)\)$/s);
  const call = `list: ${withArguments(field, given, paging)} { ${selected} }`;
  if (on === undefined) return `{ ${call} }`;
  if (on === "viewer") return `{ viewer { ${call} } }`;
  return `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on ${on} { ${call} } } }`;
}
