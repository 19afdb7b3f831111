import fc from "fast-check";
import { getNamedType, isCompositeType, isObjectType } from "graphql";
import { FIELD_COSTS } from "../../../src/graphql/cost/weights.js";
import { buildFabulaSchema } from "../../../src/graphql/schema.js";
import { type ApiApp, apiApp } from "../../support/api.js";
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

test("the estimate covers the objects and the rows of every generated query", async () => {
  const schema = buildFabulaSchema();
  const queries = generatedQueries({ schema, ids });
  const met = new Set<string>();
  let answered = 0;

  await fc.assert(
    fc.asyncProperty(queries, async (query) => {
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
    }),
    { numRuns: 600, seed: 11 },
  );

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
