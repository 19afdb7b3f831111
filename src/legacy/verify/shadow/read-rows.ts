import { toGlobalId } from "../../../graphql/relay/global-id.js";
import type { Answer, ApiReader } from "./api-reader.js";
import type { Counts, ExpectedRow, Values } from "./legacy-sample.js";

/** A value of the API beside the value that the legacy row says. */
export interface Checked {
  readonly name: string;
  readonly expected: unknown;
  readonly found: unknown;
}

/** Who reads besides the owner. */
export interface Readers {
  readonly api: ApiReader;
  /** Someone else, who was allowed to read a moment ago. null if there is no such person. */
  readonly other: string | null;
}

const NOBODY = "a person without an account";

/** Reads as someone else. The old application may deactivate a person at any time, so another takes over. */
async function readAsOther(
  { api, other }: Readers,
  operation: string,
  variables: Values,
): Promise<Answer> {
  const answer = await api.read(operation, variables, other ?? NOBODY);
  return answer.kind === "refused" ? api.read(operation, variables, NOBODY) : answer;
}

const STORY = `query ($id: ID!) { found: story(by: { id: $id }) {
  title content summary language category genre tags mood ageRating coverImageUrl license visibility
  publishedAt createdAt updatedAt } }`;
const NARRATION = `query ($id: ID!) { found: narration(by: { id: $id }) {
  narratorVoice { id } narratorVoiceType status narrationVisibility durationMs createdAt updatedAt
  segments(first: 100) { totalCount edges { node { text kind emotion { label intensity } } } } } }`;
const VIEWER = `query { found: viewer {
  customDisplayName avatarUrl stories(first: 1) { totalCount } narrations(first: 1) { totalCount } } }`;

/** A draft is its author's alone. Every other story is the same for everybody. */
export async function readStory(row: ExpectedRow, readers: Readers): Promise<Checked[]> {
  const { ownerId, values } = row;
  const id = toGlobalId("ReferenceStory", row.key);
  const read = (viewer: string | null) => readers.api.read(STORY, { id }, viewer);
  const isDraft = values["visibility"] === "draft";
  const told = storyOf(values);
  const byAuthor = ownerId === null || row.isOwnerBarred ? [] : compare(told, await read(ownerId));
  const asOther = await readAsOther(readers, STORY, { id });
  const asAnyone = await read(null);
  if (isDraft || !row.isHere) {
    return [
      ...(row.isHere ? byAuthor : []),
      invisible("as another person", asOther),
      invisible("without a token", asAnyone),
    ];
  }
  return [
    ...byAuthor,
    ...compare(told, asOther, "as another person: "),
    ...compare(told, asAnyone, "without a token: "),
  ];
}

/** A private narration is its owner's alone. An edition of ours may show others another state. */
export async function readNarration(row: ExpectedRow, readers: Readers): Promise<Checked[]> {
  const { ownerId, values } = row;
  const id = toGlobalId("UserStoryNarration", row.key);
  const read = (viewer: string | null) => readers.api.read(NARRATION, { id }, viewer);
  const isReadable = row.isHere && ownerId !== null && !row.isOwnerBarred;
  const own = isReadable ? await read(ownerId) : null;
  const checked = own ? compare(narrationOf(values, row.segments), flattened(own)) : [];
  if (own && memberOf(own, "narrationVisibility") !== "PRIVATE") return checked;
  return [
    ...checked,
    invisible("as another person", await readAsOther(readers, NARRATION, { id })),
    invisible("without a token", await read(null)),
  ];
}

/** A deactivated or erased user reads nothing. */
export async function readUser(
  row: ExpectedRow,
  { api }: Readers,
  { stories, narrations }: Counts,
): Promise<Checked[]> {
  const answer = await api.read(VIEWER, {}, row.key);
  if (!row.isHere) return [invisible("the user", answer)];
  const mayRead = row.values["is_active"] === true && !row.isOwnerErased;
  const isRefused = answer.kind === "refused";
  if (!mayRead || isRefused) return [{ name: "may read", expected: mayRead, found: !isRefused }];
  const { display_name: customDisplayName, avatar_url: avatarUrl } = row.values;
  const told = {
    ...{ customDisplayName, avatarUrl },
    ...{ stories: { totalCount: stories }, narrations: { totalCount: narrations } },
  };
  return compare(told, answer);
}

const storyOf = (values: Values): Values => ({
  ...{ title: values["title"], content: values["text.content"] ?? "", summary: values["summary"] },
  ...{ language: values["language"], category: values["category"], genre: values["genre"] },
  ...{ tags: values["tags"], mood: values["mood"], ageRating: upper(values["age_rating"]) },
  ...{ coverImageUrl: values["cover_image_url"], license: enumNameOf(values["license"]) },
  visibility: upper(values["visibility"]),
  ...{ publishedAt: time(values["published_at"]), createdAt: time(values["created_at"]) },
  updatedAt: time(values["updated_at"]),
});

const MOST_SEGMENTS = 100;

const narrationOf = (values: Values, segments: readonly Values[]): Values => ({
  narratorVoice: { id: toGlobalId("Voice", String(values["narrator_voice"])) },
  narratorVoiceType: upper(values["narrator_voice_type"]),
  ...{ status: upper(values["status"]), durationMs: values["duration_ms"] },
  ...{ createdAt: time(values["created_at"]), updatedAt: time(values["updated_at"]) },
  "number of segments": values["segment_count"],
  ...Object.fromEntries(
    segments
      .slice(0, MOST_SEGMENTS)
      .map(({ text, kind, emotion, intensity }, index) => [
        nameOfSegment(index),
        { text, kind: upper(kind), emotion: { label: emotion, intensity } },
      ]),
  ),
});

const nameOfSegment = (index: number): string => `segment ${index}`;

/** Returns the answer with one member for each segment. */
function flattened(answer: Answer): Answer {
  if (answer.kind === "refused" || !isNarration(answer.field)) return answer;
  const { segments, ...narration } = answer.field;
  const nodes = segments.edges.map(({ node }, index) => [nameOfSegment(index), node]);
  return {
    kind: "read",
    field: {
      ...narration,
      "number of segments": segments.totalCount,
      ...(Object.fromEntries(nodes) as Values),
    },
  };
}

interface ReadNarration {
  readonly segments: {
    readonly totalCount: number;
    readonly edges: readonly { readonly node: unknown }[];
  };
}

const isNarration = (field: unknown): field is ReadNarration =>
  typeof field === "object" && field !== null && "segments" in field;

const memberOf = (answer: Answer, name: string): unknown =>
  answer.kind === "read" && isValues(answer.field) ? answer.field[name] : undefined;

const isValues = (field: unknown): field is Values => typeof field === "object" && field !== null;

const upper = (value: unknown): unknown =>
  typeof value === "string" ? value.toUpperCase() : value;

/** The API answers in milliseconds. Undefined for a time that no date can hold, which is not compared. */
function time(value: unknown): unknown {
  if (typeof value !== "string") return value;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

const invisible = (name: string, answer: Answer): Checked => ({
  ...{ name, expected: "nothing" },
  found: answer.kind === "refused" || answer.field === null ? "nothing" : answer.field,
});

/** Compares the members of `told` with the answer. A missing answer is one difference. */
function compare(told: Values, answer: Answer, prefix = ""): Checked[] {
  const field = answer.kind === "read" ? answer.field : "refused";
  if (!isValues(field))
    return [{ name: `${prefix}the answer`, expected: "an answer", found: field }];
  return Object.entries(told).flatMap(([name, expected]) =>
    expected === undefined
      ? []
      : [{ name: `${prefix}${name}`, expected, found: field[name] ?? null }],
  );
}

/** Returns the name of a stored value in an enum of the schema. Names have no hyphens and no dots. */
const enumNameOf = (value: unknown): string => String(value).toUpperCase().replace(/[-.]/g, "_");
