import {
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  defaultFieldResolver,
  getNamedType,
  isCompositeType,
  isObjectType,
} from "graphql";
import type { FabulaContext } from "../context.js";
import { isConnection, isList, listSize } from "./estimate.js";
import { FIELD_COSTS, ROW_COSTS, SIZED_BY_ARGUMENT } from "./weights.js";

/**
 * Wraps the resolvers of lists without a page and of fields that read many rows. The wrapped resolvers
 * report their size to the operation's CostLedger.
 */
export function noteLists(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__") || isConnection(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const name = `${type.name}.${field.name}`;
      const rows = ROW_COSTS[name];
      const resolve = field.resolve ?? defaultFieldResolver;
      if (rows !== undefined) field.resolve = notingRows(name, rows, resolve);
      else if (isObjectList(field) && SIZED_BY_ARGUMENT[name] === undefined) {
        field.resolve = notingList(name, listSize(type.name, field.name), resolve);
      }
    }
  }
  return schema;
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
