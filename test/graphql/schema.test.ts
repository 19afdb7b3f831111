import { readFile, writeFile } from "node:fs/promises";
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from "graphql";
import { printFabulaSchema } from "../../src/graphql/print-schema.js";
import { buildFabulaSchema } from "../../src/graphql/schema.js";

const GOLDEN = new URL("../../schema.graphql", import.meta.url);
const schema = buildFabulaSchema();

test("schema.graphql equals the schema of the code", async () => {
  const printed = printFabulaSchema(schema);
  if (process.env["UPDATE_GOLDEN"] === "1") await writeFile(GOLDEN, printed);

  expect(printed).toBe(await readFile(GOLDEN, "utf8"));
});

test("every type, field, argument and enum value has a description", () => {
  expect(undescribed(schema)).toEqual([]);
});

test("NarrationByInput and StoryByInput are the only oneOf inputs", () => {
  const oneOf = Object.values(schema.getTypeMap()).filter(
    (type) => isInputObjectType(type) && type.isOneOf,
  );

  expect(oneOf.map(({ name }) => name).toSorted()).toEqual(["NarrationByInput", "StoryByInput"]);
});

test("every mutation takes one input and returns a nullable payload with user errors", () => {
  const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});

  expect(mutations.length).toBeGreaterThan(0);
  for (const { name, args, type } of mutations) {
    expect([name, args.map((arg) => `${arg.name}: ${String(arg.type)}`)]).toEqual([
      name,
      [`input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!`],
    ]);
    const payload = isObjectType(type) ? type.getFields() : {};
    expect(String(payload["userErrors"]?.type)).toBe("[UserError!]!");
  }
});

interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
}

function undescribed(of: GraphQLSchema): string[] {
  return Object.values(of.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .flatMap((type) => [["", type] as const, ...membersOf(type)])
    .filter(([, { description }]) => !description?.trim())
    .map(([path, { name }]) => path + name);
}

function membersOf(type: GraphQLNamedType): (readonly [string, Described])[] {
  const path = `${type.name}.`;
  if (isEnumType(type)) return type.getValues().map((value) => [path, value] as const);
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => [path, field] as const);
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    [path, field] as const,
    ...field.args.map((argument) => [`${path}${field.name}.`, argument] as const),
  ]);
}
