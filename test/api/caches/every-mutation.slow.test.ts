import { isObjectType } from "graphql";
import { decodeGlobalId } from "../../../src/graphql/relay/global-id.js";
import { buildFabulaSchema } from "../../../src/graphql/schema/schema.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import { SharedServer, apollo, graphcache } from "./cache-clients.js";
import { MUTATION_CASES, type MutationCase } from "./mutation-inputs.js";
import { Selections, isListOrPage } from "./selections.js";
import { type World, givenWorld } from "./world.js";

const schema = buildFabulaSchema();
const mutations = schema.getMutationType()?.getFields() ?? {};
const selections = new Selections(schema);

/**
 * Lists that the walk does not read. No mutation changes an analysis or its parts. The sound of a segment is
 * read with the segment, which its narration returns. An estimate and a quality are read when they are
 * shown. The other lists are constants, or have no object with an id above them.
 */
const NOT_READ: readonly string[] = [
  "NarrationSegment.degraded",
  "NarrationSegmentAudio.words",
  "Query.nodes",
  "RenderEstimate.silentSegments",
  "RenderEstimate.unavailableVoices",
  "SampleQuality.issues",
  "StoryAnalysis.apparatus",
  "StoryAnalysis.characters",
  "StoryAnalysis.degraded",
  "StoryAnalysis.segments",
  "StoryCharacter.aliases",
  "StorySegment.modulations",
  "StorySegment.sounds",
  "Upload.headers",
  "UserError.path",
  "VoiceModulationTemplate.recordingPrompts",
  "VoicePreview.degraded",
];

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

test("every mutation of the schema has a case", () => {
  expect(Object.keys(MUTATION_CASES).toSorted()).toEqual(Object.keys(mutations).toSorted());
});

test("every list of the schema is read, or is named as one that no mutation returns", async () => {
  pagesOf(await givenWorld(app));
  const all = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !/^__|Payload$|Connection$/.test(name) && name !== "Mutation")
    .flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })))
    .filter(({ field }) => isListOrPage(field))
    .map(({ type, field }) => `${type.name}.${field.name}`);

  expect(all.filter((list) => !selections.lists.has(list)).toSorted()).toEqual(NOT_READ);
});

interface Page {
  readonly name: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** The pages of a client app: the root, the viewer, and one page for each object. */
function pagesOf({ parents }: World): Page[] {
  const page = (name: string, operation: string, variables = {}) => ({
    name,
    operation,
    variables,
  });
  return [
    page("Query", selections.root()),
    page("User", `{ viewer ${selections.whole("User")} }`),
    ...parents.map((id) => {
      const name = decodeGlobalId(id)?.type ?? "";
      const object = `id ... on ${name} ${selections.whole(name)}`;
      return page(name, `($id: ID!) { node(id: $id) { ${object} } }`, { id });
    }),
  ].map(({ operation, ...about }, index) => ({
    ...about,
    document: selections.documentOf(`query Page${index} ${operation}`),
  }));
}

function mutationDocument(name: string): string {
  const payload = mutations[name]?.type;
  if (!isObjectType(payload)) throw new Error(`${name} has no payload.`);
  const input = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  return selections.documentOf(
    `mutation Change($input: ${input}!) { ${name}(input: $input) ${selections.payload(payload)} }`,
  );
}

type Node = { readonly id: string; readonly version?: number } | null;

/**
 * Reads all pages into both caches, runs the mutation, and reads all pages from the caches. Returns
 * the parts that differ from what the server has, by the name of the cache.
 */
async function staleAfter(name: string, { before, input }: MutationCase) {
  const world = await givenWorld(app);
  await before?.(app);
  const pages = pagesOf(world);
  const server = new SharedServer(app.url, app.as("ada"));
  const caches = { apollo: apollo(server), graphcache: graphcache(server) };
  const versions = new Map<string, number>();
  for (const { document, variables } of pages) {
    for (const cache of Object.values(caches)) {
      const { node } = (await cache.fetch(document, variables)) as { node?: Node };
      if (node) versions.set(node.id, node.version ?? 0);
    }
  }

  const variables = { input: input(world, (id) => versions.get(id) ?? 0) };
  for (const cache of Object.values(caches)) {
    const answer = await cache.mutate(mutationDocument(name), variables);
    expect(answer).toMatchObject({ [name]: { userErrors: [] } });
  }

  server.forget();
  const stale: string[] = [];
  for (const { name: about, ...page } of pages) {
    const current = await apollo(server).fetch(page.document, page.variables);
    if ((current as { node?: Node }).node === null) continue;
    for (const [cache, { read }] of Object.entries(caches)) {
      const known = await read(page.document, page.variables);
      stale.push(...differences(`${cache}: ${about}`, known, current));
    }
  }
  return stale;
}

describe.each(Object.entries(MUTATION_CASES))("after %s", (name, cases) => {
  test.each(cases)("every list in a cache is as on the server", async (about) => {
    expect(await staleAfter(name, about)).toEqual([]);
  });
});

/** Returns the paths at which two answers differ, with both values. */
function differences(path: string, known: unknown, current: unknown): string[] {
  if (!isObject(known) || !isObject(current)) {
    if (known === current) return [];
    return [`${path}: ${shortly(known)}, now ${shortly(current)}`];
  }
  // Graphcache hides the names of types that a document does not select.
  const names = new Set([...Object.keys(known), ...Object.keys(current)]);
  names.delete("__typename");
  return [...names].flatMap((name) => differences(`${path}.${name}`, known[name], current[name]));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const shortly = (value: unknown): string =>
  (JSON.stringify(value) as string | undefined)?.slice(0, 60) ?? "absent";
