import fc from "fast-check";
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInterfaceType,
  isNonNullType,
  isObjectType,
} from "graphql";

type Field = GraphQLField<unknown, unknown>;

export interface GeneratedQueryOptions {
  readonly schema: GraphQLSchema;
  /** Global ids of existing objects. */
  readonly ids: readonly string[];
}

const LEVELS = 4;
const MAX_FIRST = 6;

/** Generates valid queries with nested selections, pages, fragments and directives. */
export function generatedQueries(options: GeneratedQueryOptions): fc.Arbitrary<string> {
  const { schema, ids } = options;
  const query = schema.getQueryType();
  const node = schema.getType("Node");
  if (!query || !isInterfaceType(node)) throw new Error("The schema has no queries.");
  const anyField = selections(query, options, LEVELS).map((selected) => `query ${selected}`);
  const anyNode = fc
    .constantFrom(...schema.getPossibleTypes(node))
    .chain((type) =>
      selections(type, options, LEVELS).map((selected) => `... on ${type.name} ${selected}`),
    )
    .map((fragment) => `query { nodes(ids: ${JSON.stringify(ids)}) { ${fragment} } }`);
  // The server allows five directives in a document.
  return fc.oneof(anyField, anyNode).filter((text) => text.split("@").length <= 6);
}

/** Generates a selection set of one type, with at least one field. No field occurs twice. */
function selections(
  type: GraphQLNamedType,
  options: GeneratedQueryOptions,
  levels: number,
): fc.Arbitrary<string> {
  if (isInterfaceType(type)) return typeConditions(type, options, levels);
  if (!isObjectType(type)) return fc.constant("");
  const fields = Object.values(type.getFields()).filter(
    (field) => levels > 0 || isScalar(field) || isConnectionPart(type.name),
  );
  return fc
    .subarray(fields, { minLength: 1, maxLength: Math.min(4, fields.length) })
    .chain((chosen) => fc.tuple(...chosen.map((field) => selection(type, field, options, levels))))
    .chain((selected) => wrapped(type.name, selected.join(" ")));
}

/**
 * Generates the selection set, sometimes inside an inline fragment. One kind of inline fragment has a
 * directive.
 */
const wrapped = (typeName: string, selected: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant(`{ ${selected} }`) },
    { weight: 1, arbitrary: fc.constant(`{ ... on ${typeName} { ${selected} } }`) },
    { weight: 1, arbitrary: fc.constant(`{ ... @include(if: true) { ${selected} } }`) },
  );

const typeConditions = (
  type: GraphQLNamedType,
  options: GeneratedQueryOptions,
  levels: number,
): fc.Arbitrary<string> => {
  const possible = isInterfaceType(type) ? options.schema.getPossibleTypes(type) : [];
  // Select from one type at a time. Two types can have fields with one name but different arguments,
  // which GraphQL does not allow in one selection.
  return fc
    .constantFrom(...possible)
    .chain((each) =>
      selections(each, options, levels).map((selected) => `{ id ... on ${each.name} ${selected} }`),
    );
};

function selection(
  parent: GraphQLNamedType,
  field: Field,
  options: GeneratedQueryOptions,
  levels: number,
): fc.Arbitrary<string> {
  const inner = isConnectionPart(parent.name) ? levels : levels - 1;
  return fc
    .tuple(argumentsOf(field, options), selections(getNamedType(field.type), options, inner))
    .map(([args, selected]) => `${field.name}${args} ${selected}`.trim());
}

/**
 * Returns true for a part of a connection. These parts do not count as levels: a list and its nodes are
 * one level.
 */
const isConnectionPart = (name: string): boolean => /(Connection|Edge)$/.test(name);

const isScalar = ({ type }: Field): boolean => {
  const named = getNamedType(type);
  return !isObjectType(named) && !isInterfaceType(named);
};

function argumentsOf({ args }: Field, { ids }: GeneratedQueryOptions): fc.Arbitrary<string> {
  const values = args
    .map((argument) => argumentOf(argument, ids))
    .filter((value) => value !== null);
  return fc.tuple(...values).map((all) => {
    const given = all.filter(Boolean);
    return given.length > 0 ? `(${given.join(", ")})` : "";
  });
}

function argumentOf(
  argument: GraphQLArgument,
  ids: readonly string[],
): fc.Arbitrary<string> | null {
  const { name, type } = argument;
  const given = (value: fc.Arbitrary<string>) => value.map((text) => `${name}: ${text}`);
  if (name === "first") {
    const size = given(fc.integer({ min: 1, max: MAX_FIRST }).map(String));
    return fc.oneof({ weight: 4, arbitrary: size }, fc.constant(""));
  }
  if (!isNonNullType(type)) return null;
  const id = fc.constantFrom(...ids).map((each) => JSON.stringify(each));
  const list = fc.array(id, { minLength: 1, maxLength: 5 }).map((all) => `[${all.join(", ")}]`);
  if (name === "ids") return given(list);
  return valueOf(type, id)?.map((text) => `${name}: ${text}`) ?? null;
}

function valueOf(type: GraphQLInputType, id: fc.Arbitrary<string>): fc.Arbitrary<string> | null {
  const named = getNamedType(type);
  if (isEnumType(named)) return fc.constantFrom(...named.getValues().map(({ name }) => name));
  if (named.name === "ID") return id;
  if (/^(Story|Narration)ByInput$/.test(named.name)) return id.map((each) => `{ id: ${each} }`);
  return null;
}
