import {
  type GraphQLArgument,
  buildSchema,
  getNamedType,
  isInputObjectType,
  isObjectType,
} from "graphql";
import { readFile } from "node:fs/promises";
import { useIdKey } from "../../src/graphql/relay/id-key.js";
import { testIdKey } from "../support/id-key.js";

// The cases make ids when they are loaded.
useIdKey(testIdKey());
const { instanceCases } = await import("../../bench/lists/instance-cases.js");
const { analysisCases, storyCases } = await import("../../bench/lists/reference-cases.js");

const PAGING = new Set(["first", "after", "before", "last"]);

test("the bench of the lists has a case for every list, filter and order of the schema", async () => {
  const schema = buildSchema(await readFile("schema.graphql", "utf8"));
  const lists = Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => getNamedType(field.type).name.endsWith("Connection"))
        .flatMap((field) => namesOf(`${type.name}.${field.name}`, field.args)),
    );

  const cases = [...storyCases("author"), ...analysisCases, ...instanceCases];
  const missing = lists.filter((list) => !cases.some(({ name }) => name.split(" ")[0] === list));

  expect(lists.length).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});

/** Returns the list itself, and the list with each of its filters. */
const namesOf = (list: string, args: readonly GraphQLArgument[]): string[] => [
  list,
  ...args
    .filter(({ name }) => !PAGING.has(name))
    .flatMap(({ name, type }) => {
      const named = getNamedType(type);
      return isInputObjectType(named)
        ? Object.keys(named.getFields()).map((member) => `${list}(${name}.${member})`)
        : [`${list}(${name})`];
    }),
];
