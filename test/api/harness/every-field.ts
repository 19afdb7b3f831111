import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isNonNullType,
  isObjectType,
} from "graphql";

export interface EveryFieldOptions {
  readonly schema: GraphQLSchema;
  /** Global ids of existing objects of every type. */
  readonly ids: readonly string[];
  /** Values of required arguments, by the name of their type. */
  readonly values: Readonly<Record<string, string>>;
}

/** Fields, as `Type.field`, and queries that together select all of them. */
export interface EveryField {
  readonly fields: ReadonlySet<string>;
  readonly queries: readonly string[];
}

/** Returns a whole query that contains this selection of fields of one type. */
type Wrap = (selected: string) => string;

/**
 * Makes one query for each field that returns an object. The query selects all fields of this object
 * that return no objects.
 */
export function selectEveryField({ schema, ids, values }: EveryFieldOptions): EveryField {
  const node = schema.getType("Node");
  const query = schema.getQueryType();
  if (!isInterfaceType(node) || !query) throw new Error("The schema has no queries.");
  const nodes = `nodes(ids: ${JSON.stringify(ids)})`;
  const reached = new Map<GraphQLObjectType, Wrap>([
    [query, (selected) => `{ ${selected} }`],
    ...schema
      .getPossibleTypes(node)
      .map((type): [GraphQLObjectType, Wrap] => [
        type,
        (selected) => `{ ${nodes} { ... on ${type.name} { ${selected} } } }`,
      ]),
  ]);
  const fields = new Set<string>();
  const queries: string[] = [];
  const select = (type: GraphQLObjectType): string => {
    const plain = Object.values(type.getFields()).filter((field) =>
      isLeafType(getNamedType(field.type)),
    );
    for (const { name } of plain) fields.add(`${type.name}.${name}`);
    return ["__typename", ...plain.map((field) => called(field, values))].join(" ");
  };
  // The loop also visits the types that the loop itself adds to the map.
  for (const [type, wrap] of reached) {
    queries.push(wrap(select(type)));
    for (const field of Object.values(type.getFields())) {
      const inner = getNamedType(field.type);
      if (isLeafType(inner)) continue;
      fields.add(`${type.name}.${field.name}`);
      const within: Wrap = (selected) => wrap(`${called(field, values)} { ${selected} }`);
      if (!isObjectType(inner)) queries.push(within("__typename"));
      else if (reached.has(inner)) queries.push(within(select(inner)));
      else reached.set(inner, within);
    }
  }
  return { fields, queries };
}

function called(field: GraphQLField<unknown, unknown>, values: EveryFieldOptions["values"]) {
  const given = field.args.flatMap((argument) => {
    const value = valueOf(argument, values);
    return value === null ? [] : [`${argument.name}: ${value}`];
  });
  return given.length > 0 ? `${field.name}(${given.join(", ")})` : field.name;
}

function valueOf(
  { name, type, defaultValue }: GraphQLArgument,
  values: EveryFieldOptions["values"],
): string | null {
  if (name === "first") return "3";
  if (!isNonNullType(type) || defaultValue !== undefined) return null;
  const named = getNamedType(type);
  const value = isEnumType(named) ? named.getValues()[0]?.name : values[named.name];
  if (value === undefined)
    throw new Error(`Add a value of ${named.name} for the argument ${name}.`);
  return name === "ids" ? `[${value}]` : value;
}
