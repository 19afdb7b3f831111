import {
  type GraphQLAbstractType,
  GraphQLError,
  type GraphQLObjectType,
  defaultTypeResolver,
  isObjectType,
} from "graphql";
import { inspect } from "graphql/jsutils/inspect.js";
import { PromisedPart } from "./pending.js";
import type { Complete, PlannedField, Run } from "../plan.js";
import { isPromise } from "./promises.js";
import { infoOf } from "./resolve-info.js";

/** Completes values of an interface or a union. The type's `resolveType` finds the type of each value. */
export const abstractCompletion = (
  type: GraphQLAbstractType,
  completionOf: (type: GraphQLObjectType) => Complete,
): Complete => {
  const completions = new Map<unknown, Complete>();
  return (run, field, value) => {
    const completeAs = (name: unknown): unknown => {
      let complete = completions.get(name);
      if (!complete) {
        complete = completionOf(possibleType(type, name, { run, field, value }));
        completions.set(name, complete);
      }
      return complete(run, field, value);
    };
    const resolveType = type.resolveType ?? defaultTypeResolver;
    const name = resolveType(value, run.contextValue, infoOf(run, field), type);
    return isPromise(name) ? new PromisedPart(run, name, completeAs) : completeAs(name);
  };
};

interface Place {
  readonly run: Run;
  readonly field: PlannedField;
  readonly value: unknown;
}

/** @throws GraphQLError with the message of graphql-js, if `name` is not the name of a possible type */
function possibleType(
  type: GraphQLAbstractType,
  name: unknown,
  { run, field, value }: Place,
): GraphQLObjectType {
  const { schema } = run.planned;
  if (typeof name !== "string") throw noName(type, name, { run, field, value });
  const found = schema.getType(name);
  const refusal = (message: string) => new GraphQLError(message, { nodes: field.nodes });
  if (!found) {
    throw refusal(
      `Abstract type "${type.name}" was resolved to a type "${name}" that does not exist inside the schema.`,
    );
  }
  if (!isObjectType(found)) {
    throw refusal(`Abstract type "${type.name}" was resolved to a non-object type "${name}".`);
  }
  if (!schema.isSubType(type, found)) {
    throw refusal(`Runtime Object type "${name}" is not a possible type for "${type.name}".`);
  }
  return found;
}

function noName(type: GraphQLAbstractType, name: unknown, { field, value }: Place): GraphQLError {
  const place = `${field.parentType.name}.${field.definition.name}`;
  const demand = `Abstract type "${type.name}" must resolve to an Object type at runtime for field "${place}"`;
  if (name === null || name === undefined) {
    return new GraphQLError(
      `${demand}. Either the "${type.name}" type should provide a "resolveType" function or each possible type should provide an "isTypeOf" function.`,
      { nodes: field.nodes },
    );
  }
  return new GraphQLError(
    isObjectType(name)
      ? "Support for returning GraphQLObjectType from resolveType was removed in graphql-js@16.0.0 please return type name instead."
      : `${demand} with value ${inspect(value)}, received "${inspect(name)}".`,
  );
}
