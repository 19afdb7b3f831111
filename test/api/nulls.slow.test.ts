import {
  type GraphQLInputObjectType,
  buildSchema,
  isInputObjectType,
  isNonNullType,
} from "graphql";
import { readFileSync } from "node:fs";
import { type ApiApp, apiApp } from "../support/api.js";
import { type Fields, NullProbes, type Outcome } from "./harness/null-probes.js";

let app: ApiApp;
let probes: NullProbes;
beforeAll(async () => {
  app = await apiApp();
  probes = new NullProbes(app);
});
afterEach(() => app.clean());
afterAll(() => app.close());

const schema = buildSchema(readFileSync("schema.graphql", "utf8"));
const inputs = Object.values(schema.getTypeMap()).filter(isInputObjectType);

const nullableFields = (type: GraphQLInputObjectType) =>
  Object.values(type.getFields()).filter((field) => !isNonNullType(field.type));

const SAME = /null is the same as absent|absent or null|absent, null|null or absent/i;
const REFUSED = /null is refused|cannot be null/i;
const CLEARS = /with null|null (clears|removes)/i;

const oneOf = inputs.filter((type) => type.isOneOf);
const plain = inputs.filter((type) => !type.isOneOf && nullableFields(type).length > 0);

test("every input with a field that may be null is tried here", () => {
  expect(Object.keys(probes.byInput).toSorted()).toEqual(plain.map(({ name }) => name).toSorted());
});

const placesLike = (meaning: RegExp): [string, string][] =>
  plain.flatMap((type) =>
    nullableFields(type)
      .filter(({ description }) => meaning.test(description ?? ""))
      .map(({ name }): [string, string] => [type.name, name]),
  );

test("every description of such a field gives null one meaning", () => {
  const all = plain.flatMap((type) => nullableFields(type).map(({ name }) => [type.name, name]));

  const described = [SAME, REFUSED, CLEARS].flatMap(placesLike);
  expect(described.toSorted()).toEqual(all.toSorted());
});

function send(type: string, fields: Fields): Promise<Outcome> {
  const probe = probes.byInput[type];
  if (!probe) throw new Error(`There is no probe for ${type}.`);
  return probe(fields);
}

test.each(placesLike(SAME))("%s.%s: null is the same as absent", async (type, field) => {
  const absent = await send(type, { [field]: undefined });
  await app.clean();

  expect(await send(type, { [field]: null })).toEqual(absent);
});

test.each(placesLike(REFUSED))("%s.%s: null is refused", async (type, field) => {
  const { errors } = await send(type, { [field]: null });

  expect(errors).toEqual([{ code: "BAD_USER_INPUT", path: expect.arrayContaining([field]) }]);
});

/** Where the state shows a field that has another name there, and what the cleared field has. */
const SHOWN: Readonly<Record<string, readonly [name: string, cleared: unknown]>> = {
  "UpdateNarrationInput.title": ["title", "The High River"],
  "UpdateNarrationInput.voiceModifications": [
    "voiceModifications",
    {
      ...{ rate: null, pitch: null, range: null, gain: null, pauses: null },
      ...{ emotions: [], characters: [], lexicon: [] },
    },
  ],
  "UpdateProfileInput.displayName": ["displayName", "Someone"],
  "UpdateStoryInput.tags": ["tags", []],
  "SegmentEditInput.prosody": ["modification", null],
  "SegmentEditInput.speakerId": ["speaker", null],
  // The speaker's voice speaks again.
  "SegmentEditInput.voice": [
    "voice",
    expect.not.objectContaining({ id: expect.stringContaining("rms") }),
  ],
};

test.each(placesLike(CLEARS))("%s.%s: null clears the field", async (type, field) => {
  const { errors, state } = await send(type, { [field]: null });

  const [name, cleared] = SHOWN[`${type}.${field}`] ?? [field, null];
  expect(errors).toEqual([]);
  expect(valuesOf(state, name)).toEqual([cleared]);
});

/** Returns the values of all members with this name, however deep. */
function valuesOf(value: unknown, name: string): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]: [string, unknown]) =>
    key === name ? [part] : valuesOf(part, name),
  );
}

test.each(oneOf.flatMap((type) => nullableFields(type).map(({ name }) => [type.name, name])))(
  "%s.%s: null is no choice",
  async (type, field) => {
    const query = type === "StoryByInput" ? "story" : "narration";
    const answer = await app
      .anonymous()
      .query(`query ($by: ${type}!) { ${query}(by: $by) { id } }`, { by: { [field]: null } });

    expect(answer.code).toBe("BAD_USER_INPUT");
  },
);

const LISTS = ["stories", "voices", "voiceModulationTemplates"];

test.each(LISTS)("Query.%s: null is the same as absent for every argument", async (list) => {
  await app.given.story({ analyse: true });
  const field = schema.getQueryType()?.getFields()[list];
  const args = (field?.args ?? []).map(({ name }) => `${name}: null`).join(", ");

  const absent = await app.anonymous().query(`{ ${list} { totalCount nodes { id } } }`);
  const given = await app.anonymous().query(`{ ${list}(${args}) { totalCount nodes { id } } }`);

  expect(given.errors).toEqual([]);
  expect(given.data).toEqual(absent.data);
});
