import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from "graphql";
import { InvalidInputError } from "../platform/errors.js";
import type { FabulaContext } from "./context.js";
import { describeFailure } from "./mutation.js";

type Resolve = GraphQLFieldResolver<unknown, FabulaContext>;

/**
 * PostgreSQL stores neither U+0000 nor half a surrogate pair. Every argument of every field is
 * checked where it is handed to its resolver, so literals, variables and defaults are all covered.
 * In a mutation the fault is a user error, elsewhere a GraphQL error.
 */
export function guardInputText(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    const isMutation = type === schema.getMutationType();
    for (const field of Object.values(type.getFields())) {
      if (field.args.length === 0) continue;
      if (field.resolve) field.resolve = guarded(field.resolve, isMutation);
      if (field.subscribe) field.subscribe = guarded(field.subscribe, false);
    }
  }
}

function guarded(resolve: Resolve, isMutation: boolean): Resolve {
  return (root, args, context, info) => {
    const fault = faultIn(args, []);
    if (!fault) return resolve(root, args, context, info);
    if (isMutation) return describeFailure(fault);
    throw fault;
  };
}

function faultIn(value: unknown, path: readonly string[]): InvalidInputError | null {
  if (typeof value === "string") return faultOf(value, path);
  if (typeof value !== "object" || value === null) return null;
  for (const [name, part] of Object.entries(value)) {
    const fault = faultIn(part, [...path, name]);
    if (fault) return fault;
  }
  return null;
}

function faultOf(text: string, path: readonly string[]): InvalidInputError | null {
  const field = path[0] === "input" ? path.slice(1) : path;
  const name = field.join(".");
  if (text.includes("\0")) {
    return new InvalidInputError(`${name} holds a NUL character; leave it out.`, field);
  }
  return text.isWellFormed()
    ? null
    : new InvalidInputError(
        `${name} holds half of a surrogate pair; send well-formed Unicode.`,
        field,
      );
}
