import {
  GraphQLError,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNullableType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { inspect } from "graphql/jsutils/inspect.js";
import { abstractCompletion } from "./abstract-completion.js";
import { runFields } from "./fields.js";
import { leafCompletion, withShortcut } from "./leaf-completion.js";
import { listCompletion } from "./list-completion.js";
import { PromisedPart } from "./pending.js";
import type { Complete, PlannedField } from "../plan.js";
import { isPromise } from "./promises.js";
import { infoOf } from "./resolve-info.js";

const known = new WeakMap<GraphQLOutputType, Complete>();

/** Returns the function that completes values of a type. Its answers and errors are those of graphql-js. */
export function completionOf(type: GraphQLOutputType): Complete {
  const made = known.get(type);
  if (made) return made;
  const complete = makeCompletion(type);
  known.set(type, complete);
  return complete;
}

function makeCompletion(type: GraphQLOutputType): Complete {
  const nullable = getNullableType(type);
  const unlessNull = nullable === type ? ifGiven : neverNull;
  if (isLeafType(nullable)) return withShortcut(nullable, unlessNull(leafCompletion(nullable)));
  if (isObjectType(nullable)) return unlessNull(objectCompletion(nullable));
  if (!isListType(nullable)) return unlessNull(abstractCompletion(nullable, objectCompletion));
  const { ofType } = nullable;
  return unlessNull(listCompletion(completionOf(ofType), !isNonNullType(ofType)));
}

const ifGiven =
  (complete: Complete): Complete =>
  (run, field, value) => {
    if (value === null || value === undefined) return null;
    if (value instanceof Error) throw value;
    return complete(run, field, value);
  };

const neverNull =
  (complete: Complete): Complete =>
  (run, field, value) => {
    if (value === null || value === undefined) throw nullError(field);
    if (value instanceof Error) throw value;
    return complete(run, field, value);
  };

const nullError = ({ parentType, definition }: PlannedField): Error =>
  new Error(`Cannot return null for non-nullable field ${parentType.name}.${definition.name}.`);

const objectCompletion = (type: GraphQLObjectType): Complete =>
  type.isTypeOf
    ? checkedCompletion(type)
    : (run, field, source) => runFields(run, field.selectionOf(run, type), source);

const checkedCompletion =
  (type: GraphQLObjectType): Complete =>
  (run, field, source) => {
    const selection = field.selectionOf(run, type);
    const runChecked = (isOfType: unknown): unknown => {
      if (isOfType) return runFields(run, selection, source);
      throw new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(source)}.`, {
        nodes: field.nodes,
      });
    };
    const isOfType = type.isTypeOf?.(source, run.contextValue, infoOf(run, field));
    return isPromise(isOfType) ? new PromisedPart(run, isOfType, runChecked) : runChecked(isOfType);
  };
