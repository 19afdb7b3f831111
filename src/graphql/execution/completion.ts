import {
  GraphQLError,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";
import { inspect } from "graphql/jsutils/inspect.js";
import { abstractCompletion } from "./abstract-completion.js";
import { runFields } from "./fields.js";
import { listCompletion } from "./list-completion.js";
import { PromisedPart } from "./pending.js";
import type { Complete } from "./plan.js";
import { isPromise } from "./promises.js";
import { ResolveInfo, fieldPathOf } from "./resolve-info.js";

const known = new WeakMap<GraphQLOutputType, Complete>();

/** Returns the function that completes values of a type. Its answers and errors are those of graphql-js. */
export function completionOf(type: GraphQLOutputType): Complete {
  const made = known.get(type);
  if (made) return made;
  const complete = makeCompletion(type);
  known.set(type, complete);
  return complete;
}

const neverNull =
  (complete: Complete): Complete =>
  (run, field, value, path) => {
    const part = complete(run, field, value, path);
    if (part !== null) return part;
    const name = `${field.parentType.name}.${field.definition.name}`;
    throw new Error(`Cannot return null for non-nullable field ${name}.`);
  };

const ifGiven =
  (complete: Complete): Complete =>
  (run, field, value, path) => {
    if (value === null || value === undefined) return null;
    if (value instanceof Error) throw value;
    return complete(run, field, value, path);
  };

function makeCompletion(type: GraphQLOutputType): Complete {
  if (isNonNullType(type)) return neverNull(completionOf(type.ofType));
  if (isListType(type)) {
    const { ofType } = type;
    return ifGiven(listCompletion(completionOf(ofType), !isNonNullType(ofType)));
  }
  if (isLeafType(type)) return ifGiven(leafCompletion(type));
  if (isObjectType(type)) return ifGiven(objectCompletion(type));
  return ifGiven(abstractCompletion(type, objectCompletion));
}

const leafCompletion =
  (type: GraphQLLeafType): Complete =>
  (_run, _field, value) => {
    const written: unknown = type.serialize(value);
    if (written !== null && written !== undefined) return written;
    throw new Error(
      `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(written)}`,
    );
  };

const objectCompletion =
  (type: GraphQLObjectType): Complete =>
  (run, field, source, path) => {
    const selection = field.selectionOf(run, type);
    if (!type.isTypeOf) return runFields(run, selection, { source, path });
    const info = new ResolveInfo(run, field, fieldPathOf(path));
    const isOfType = type.isTypeOf(source, run.contextValue, info);
    const runChecked = (isRight: unknown): unknown => {
      if (isRight) return runFields(run, selection, { source, path });
      throw new GraphQLError(`Expected value of type "${type.name}" but got: ${inspect(source)}.`, {
        nodes: field.nodes,
      });
    };
    return isPromise(isOfType) ? new PromisedPart(isOfType, runChecked) : runChecked(isOfType);
  };
