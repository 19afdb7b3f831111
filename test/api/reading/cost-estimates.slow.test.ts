import fc from "fast-check";
import { type GraphQLSchema, getNamedType, isCompositeType, isObjectType } from "graphql";
import { FIELD_COSTS } from "../../../src/graphql/cost/weights.js";
import { buildFabulaSchema } from "../../../src/graphql/schema/schema.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import { selectEveryField } from "../harness/every-field.js";
import { generatedQueries } from "../harness/generated-queries.js";
import { seedRows } from "../harness/seeded-rows.js";

let app: ApiApp;
let ids: readonly string[];
beforeAll(async () => {
  app = await apiApp({ worker: true });
  ids = await seedRows(app);
});
afterAll(() => app.close());

/** Counts the objects of an answer. The answer itself counts as one object. */
const objectsIn = (value: unknown): number => {
  if (typeof value !== "object" || value === null) return 0;
  const inner = Object.values(value).reduce<number>((sum, part) => sum + objectsIn(part), 0);
  return Array.isArray(value) ? inner : inner + 1;
};

function everyField(schema: GraphQLSchema): readonly string[] {
  const [story = "", , , rendered = ""] = ids.map((id) => JSON.stringify(id));
  const values = {
    ...{ ID: rendered, StoryByInput: `{ id: ${story} }` },
    NarrationByInput: `{ id: ${rendered} }`,
  };
  const { queries } = selectEveryField({ schema, ids, values });
  // An operation that reads nothing costs nothing.
  return queries.filter((query) => query !== "{ __typename }");
}

test("the estimate covers the objects and the rows of every generated query", async () => {
  const schema = buildFabulaSchema();
  const met = new Set<string>();
  let answered = 0;
  const check = async (query: string): Promise<void> => {
    const answer = await app.as("ada").query(query);
    const refused = answer.errors.filter(
      ({ extensions }) => extensions["code"] !== "BAD_USER_INPUT",
    );
    if (answer.code === "QUERY_TOO_COSTLY") {
      expect(answer.sql.statements).toEqual([]);
      return;
    }
    expect(refused).toEqual([]);
    answered += 1;
    const rows = answer.sql.statements.reduce((sum, statement) => sum + statement.rows, 0);
    expect(answer.cost.requested).toBeGreaterThanOrEqual(objectsIn(answer.data));
    expect(answer.cost.requested).toBeGreaterThanOrEqual(rows);
    for (const [name] of query.matchAll(/\w+/g)) met.add(name);
  };

  // Generated queries seldom reach the deepest fields, so each field is asked for once.
  for (const query of everyField(schema)) await check(query);
  await fc.assert(fc.asyncProperty(generatedQueries({ schema, ids }), check), {
    numRuns: 600,
    seed: 11,
  });

  expect(answered).toBeGreaterThan(200);
  const costly = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !/^__|Payload$|^(Mutation|Subscription|VoicePreview)$/.test(name))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter(
          ({ name, type: fieldType }) =>
            isCompositeType(getNamedType(fieldType)) || `${type.name}.${name}` in FIELD_COSTS,
        )
        .map(({ name }) => name),
    );
  expect([...new Set(costly)].filter((name) => !met.has(name))).toEqual([]);
}, 120_000);
