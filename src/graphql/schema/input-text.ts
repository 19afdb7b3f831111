import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from "graphql";
import { type InputProblem, InvalidInputError } from "../../platform/errors.js";
import type { FabulaContext } from "../context.js";
import { needsNoInfo, withoutInfo } from "../execution/completing/resolve-info.js";
import { describeFailure } from "../mutation.js";

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
    const faults = findFaults(args, []);
    if (faults.length === 0) {
      sound.add(args);
      return resolve(root, args, context, info);
    }
    const refusal = InvalidInputError.of(faults);
    if (isMutation) return describeFailure(refusal);
    throw refusal;
  };
}

function findFaults(value: unknown, path: readonly string[]): InputProblem[] {
  if (typeof value === "string") return checkText(value, path);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => findFaults(part, [...path, name]));
}

function checkText(text: string, path: readonly string[]): InputProblem[] {
  const field = path[0] === "input" ? path.slice(1) : path;
  const name = field.join(".");
  if (text.includes("\0")) {
    const message = `${name} contains a NUL character (U+0000). Remove the character.`;
    return [{ message, path: field }];
  }
  if (text.isWellFormed()) return [];
  const message = `${name} contains half of a surrogate pair. Send well-formed Unicode.`;
  return [{ message, path: field }];
}
