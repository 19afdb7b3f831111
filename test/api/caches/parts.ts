import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";

type Field = GraphQLField<unknown, unknown>;

/** A part without an id, and the way from an object with an id to this part. */
export interface PartPlace {
  readonly owner: string;
  readonly part: GraphQLObjectType;
  readonly path: readonly Field[];
}

/** Returns the object types that a query can reach. */
function reachedTypes(schema: GraphQLSchema): ReadonlySet<GraphQLObjectType> {
  const reached = new Set<GraphQLObjectType>();
  const reach = (type: unknown): void => {
    if (isInterfaceType(type)) schema.getPossibleTypes(type).forEach(reach);
    if (!isObjectType(type) || reached.has(type)) return;
    reached.add(type);
    for (const field of Object.values(type.getFields())) reach(getNamedType(field.type));
  };
  reach(schema.getQueryType());
  return reached;
}

const isPart = (type: unknown): type is GraphQLObjectType =>
  isObjectType(type) && !("id" in type.getFields()) && !/^Query$|Edge$/.test(type.name);

/** Returns the names of the types without an id. An edge always stands in a list. */
export const partNames = (schema: GraphQLSchema): string[] =>
  [...reachedTypes(schema)]
    .filter(isPart)
    .map(({ name }) => name)
    .toSorted();

/** Returns the parts in each object with an id, except the parts in lists. */
export function partPlaces(schema: GraphQLSchema): PartPlace[] {
  const places: PartPlace[] = [];
  const visit = (owner: string, type: GraphQLObjectType, path: readonly Field[]): void => {
    for (const field of Object.values(type.getFields())) {
      const part = getNamedType(field.type);
      if (!isPart(part) || isListType(getNullableType(field.type)) || field.args.some(isRequired)) {
        continue;
      }
      if (path.some((above) => getNamedType(above.type) === part)) continue;
      places.push({ owner, part, path: [...path, field] });
      visit(owner, part, [...path, field]);
    }
  };
  for (const type of reachedTypes(schema)) if ("id" in type.getFields()) visit(type.name, type, []);
  return places;
}

const isRequired = ({ type, defaultValue }: GraphQLArgument): boolean =>
  isNonNullType(type) && defaultValue === undefined;

/** Returns the fields of a part that contain no objects. */
export const leavesOf = (part: GraphQLObjectType): readonly Field[] =>
  Object.values(part.getFields()).filter(({ type }) => isLeafType(getNamedType(type)));

/** Returns a value that the server could send. */
export function valueOf({ name, type }: Field): unknown {
  const named = getNamedType(type);
  const value = isEnumType(named) ? named.getValues()[0]?.name : VALUES[named.name];
  if (value === undefined) throw new Error(`Add a value of ${named.name} for the field ${name}.`);
  return isListType(getNullableType(type)) ? [value] : value;
}

const VALUES: Readonly<Record<string, unknown>> = {
  String: "words",
  Int: 7,
  Float: 0.5,
  Boolean: true,
  DateTime: "2026-03-14T09:26:53.589Z",
};
