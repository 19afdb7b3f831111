import { getNamedType, isObjectType } from "graphql";
import { buildFabulaSchema } from "../../../src/graphql/schema/schema.js";

const types = Object.values(buildFabulaSchema().getTypeMap()).filter(isObjectType);
const connections = types.filter(({ name }) => name.endsWith("Connection"));
const lists = types.flatMap((type) =>
  Object.values(type.getFields())
    .filter((field) => getNamedType(field.type).name.endsWith("Connection"))
    .map((field) => ({ name: `${type.name}.${field.name}`, args: field.args })),
);

test("every list can be read from either end", () => {
  const paging = lists.map(({ name, args }) => [
    name,
    Object.fromEntries(args.map((arg) => [arg.name, String(arg.type)])),
  ]);

  expect(lists.length).toBeGreaterThan(10);
  for (const [name, args] of paging) {
    expect([name, args]).toEqual([
      name,
      expect.objectContaining({ first: "Int", after: "String", last: "Int", before: "String" }),
    ]);
  }
});

test("every connection has its nodes beside its edges", () => {
  for (const type of connections) {
    const { edges, nodes, pageInfo, totalCount } = type.getFields();
    const name = type.name.replace(/Connection$/, "");

    expect([
      name,
      ...[edges, nodes, pageInfo, totalCount].map((each) => String(each?.type)),
    ]).toEqual([name, `[${name}Edge!]!`, `[${name}!]!`, "PageInfo!", "Int!"]);
  }
});
