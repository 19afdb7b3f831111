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
import { printFabulaSchema } from "../../../src/graphql/schema/print-schema.js";
import { buildFabulaSchema } from "../../../src/graphql/schema/schema.js";

const GOLDEN = new URL("../../../schema.graphql", import.meta.url);
const schema = buildFabulaSchema();

test("schema.graphql equals the schema of the code", async () => {
  const printed = printFabulaSchema(schema);
  if (process.env["UPDATE_GOLDEN"] === "1") await writeFile(GOLDEN, printed);

  expect(printed).toBe(await readFile(GOLDEN, "utf8"));
});

test("every type, field, argument and enum value has a description", () => {
  const silent = described(schema).filter(([, { description }]) => !description?.trim());

  expect(silent.map(([place]) => place)).toEqual([]);
});

test("NarrationByInput and StoryByInput are the only oneOf inputs", () => {
  const oneOf = Object.values(schema.getTypeMap()).filter(
    (type) => isInputObjectType(type) && type.isOneOf,
  );

  expect(oneOf.map(({ name }) => name).toSorted()).toEqual(["NarrationByInput", "StoryByInput"]);
});

/** A segment is no node, so nothing finds it by its id. */
const DELETES_NODE = /^delete(?!\w*Segments$)/;

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
    expect([String(payload["viewer"]?.type), String(payload["query"]?.type)]).toEqual([
      ...["User", "Query!"],
    ]);
    const deletedIds = Object.keys(payload).filter((field) => /^deleted\w*Id$/.test(field));
    expect(deletedIds).toEqual(DELETES_NODE.test(name) ? ["deletedId"] : []);
  }
});

test("every field with the name id is a unique id, because caches find objects by id", () => {
  const ids = described(schema).filter(([place]) => place.endsWith(".id"));

  expect(ids.length).toBeGreaterThan(20);
  expect(ids.filter(([, { type }]) => !/^ID!?$/.test(String(type)))).toEqual([]);
});

test("a text whose description lists its values is an enum", () => {
  const texts = described(schema).filter(([, { type }]) => /^\[?String/.test(String(type)));
  const listed = (text: string) =>
    /\bone of \S+, |\b[A-Z]+_[A-Z]+ if\b|: (\S+, )+\S+(,? (or|and)) /i.test(text) ||
    /: \w+(, \w+)+ or \w+[.;]/.test(text);

  expect(listed("The age rating, one of general, teen, mature, adult.")).toBe(true);
  expect(listed("The age rating: general, teen, mature or adult.")).toBe(true);
  expect(listed("The kind: PROVIDER_FAILED if the voice was gone.")).toBe(true);
  expect(
    texts.filter(([, { description }]) => listed(description ?? "")).map(([place]) => place),
  ).toEqual([]);
});

interface Described {
  readonly name: string;
  readonly description?: string | null | undefined;
  readonly type?: unknown;
}

/** Returns all types and their members, with their places: `Type` or `Type.member`. */
function described(of: GraphQLSchema): (readonly [place: string, Described])[] {
  return Object.values(of.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .flatMap((type) => [[type.name, type] as const, ...membersOf(type)]);
}

function membersOf(type: GraphQLNamedType): (readonly [string, Described])[] {
  const place = ({ name }: Described): string => `${type.name}.${name}`;
  if (isEnumType(type)) return type.getValues().map((value) => [place(value), value] as const);
  if (isInputObjectType(type)) {
    return Object.values(type.getFields()).map((field) => [place(field), field] as const);
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [
    [place(field), field] as const,
    ...field.args.map((argument) => [`${place(field)}.${argument.name}`, argument] as const),
  ]);
}
