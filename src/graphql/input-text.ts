import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from "graphql";
import { InvalidInputError } from "../platform/errors.js";
import type { FabulaContext } from "./context.js";
import { needsNoInfo, withoutInfo } from "./execution/completing/resolve-info.js";
import { describeFailure } from "./mutation.js";

type Resolve = GraphQLFieldResolver<unknown, FabulaContext, object>;

/**
 * Refuses text that PostgreSQL cannot store: U+0000 and half of a surrogate pair. The check runs on
 * the arguments of every field just before the resolver. At this point, the arguments contain literals,
 * variables and defaults. A mutation answers with a user error, any other field with a GraphQL error.
 */
export function guardInputText(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith("__")) continue;
    const isMutation = type === schema.getMutationType();
    for (const field of Object.values(type.getFields())) {
      if (field.args.length === 0) continue;
      if (field.resolve) {
        const guarded = guardResolver(field.resolve, isMutation);
        field.resolve = needsNoInfo(field.resolve) ? withoutInfo(guarded) : guarded;
      }
      if (field.subscribe) field.subscribe = guardResolver(field.subscribe, false);
    }
  }
}

/** Arguments without a fault. Fields of many objects share their arguments, and so do requests. */
const sound = new WeakSet<object>();

function guardResolver(resolve: Resolve, isMutation: boolean): Resolve {
  return (root, args, context, info) => {
    if (sound.has(args)) return resolve(root, args, context, info);
    const fault = findFault(args, []);
    if (!fault) {
      sound.add(args);
      return resolve(root, args, context, info);
    }
    if (isMutation) return describeFailure(fault);
    throw fault;
  };
}

function findFault(value: unknown, path: readonly string[]): InvalidInputError | null {
  if (typeof value === "string") return checkText(value, path);
  if (typeof value !== "object" || value === null) return null;
  for (const [name, part] of Object.entries(value)) {
    const fault = findFault(part, [...path, name]);
    if (fault) return fault;
  }
  return null;
}

function checkText(text: string, path: readonly string[]): InvalidInputError | null {
  const field = path[0] === "input" ? path.slice(1) : path;
  const name = field.join(".");
  if (text.includes("\0")) {
    return new InvalidInputError(
      `${name} contains a NUL character (U+0000). Remove the character.`,
      field,
    );
  }
  return text.isWellFormed()
    ? null
    : new InvalidInputError(
        `${name} contains half of a surrogate pair. Send well-formed Unicode.`,
        field,
      );
}
