import {
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  defaultFieldResolver,
  getNamedType,
  isCompositeType,
  isObjectType,
} from "graphql";
import type { FabulaContext } from "../context.js";
import { isConnection, isList, isPriced, listSize } from "./estimate.js";
import {
  ARGUMENT_COSTS,
  type ArgumentCost,
  FIELD_COSTS,
  ROW_COSTS,
  SIZED_BY_ARGUMENT,
} from "./weights.js";

/**
 * Wraps the resolvers of lists without a page and of fields that read many rows. The wrapped resolvers
 * report their size to the operation's CostLedger.
 */
export function noteLists(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__") || isConnection(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const noting = notingResolver(type, field);
      if (noting) field.resolve = noting;
    }
  }
  return schema;
}

/** Returns null for a field whose size nobody must know. */
function notingResolver(
  type: GraphQLObjectType,
  field: GraphQLField<unknown, unknown>,
): Resolve | null {
  const name = `${type.name}.${field.name}`;
  const resolve: Resolve = field.resolve ?? defaultFieldResolver;
  const rows = ROW_COSTS[name];
  const priced = ARGUMENT_COSTS[name];
  if (priced) return notingArgument(name, priced, resolve);
  if (rows !== undefined) return notingRows(name, rows, resolve);
  if (!isObjectList(field) || SIZED_BY_ARGUMENT[name] !== undefined) return null;
  return notingList(name, listSize(type.name, field.name), resolve);
}

const isObjectList = (field: GraphQLField<unknown, unknown>): boolean =>
  isList(field) && isCompositeType(getNamedType(field.type));

type Resolve = GraphQLFieldResolver<unknown, FabulaContext>;

const notingRows =
  (name: string, member: string, resolve: Resolve): Resolve =>
  (source, args, context, info) => {
    const found = Number((source as Readonly<Record<string, unknown>>)[member]);
    context.cost.noteRows(name, { expected: FIELD_COSTS[name] ?? 0, found });
    return resolve(source, args, context, info);
  };

const notingArgument =
  (name: string, priced: ArgumentCost, resolve: Resolve): Resolve =>
  (source, args, context, info) => {
    if (isPriced(priced, args as Readonly<Record<string, unknown>>)) {
      const found = Number((source as Readonly<Record<string, unknown>>)[priced.rows]);
      context.cost.noteRows(name, { expected: priced.cost, found });
    }
    return resolve(source, args, context, info);
  };

function notingList(name: string, expected: number, resolve: Resolve): Resolve {
  return (source, args, context, info) => {
    const note = (list: unknown): unknown => {
      if (Array.isArray(list)) {
        context.cost.noteList(name, info.fieldNodes, { expected, found: list.length });
      }
      return list;
    };
    const list: unknown = resolve(source, args, context, info);
    return list instanceof Promise ? list.then(note) : note(list);
  };
}
