import { GraphQLError, type ResponsePath } from "graphql";
import { PendingPart, PendingParts, PromisedPart, Slot, nullAt } from "./pending.js";
import type { Complete } from "./plan.js";
import { isPromise } from "./promises.js";

/** Completes lists whose entries `completeEntry` completes. */
export const listCompletion = (completeEntry: Complete, isNullable: boolean): Complete => {
  /** @throws the error of an entry that cannot be null */
  const complete: Complete = (run, field, entry, path) => {
    try {
      return isPromise(entry)
        ? new PromisedPart(entry, (resolved) => completeEntry(run, field, resolved, path))
        : completeEntry(run, field, entry, path);
    } catch (error) {
      return nullAt({ run, field, path, isNullable }, error);
    }
  };
  return (run, field, list, path) => {
    if (!isIterable(list)) {
      const name = `${field.parentType.name}.${field.definition.name}`;
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${name}".`);
    }
    const parts: unknown[] = [];
    let pending: PendingParts | null = null;
    try {
      for (const entry of list) {
        const entryPath: ResponsePath = { prev: path, key: parts.length, typename: undefined };
        const part = complete(run, field, entry, entryPath);
        if (part instanceof PendingPart) {
          pending ??= new PendingParts(parts);
          part.receiver = new Slot(pending, { run, field, path: entryPath, isNullable });
        }
        parts.push(part);
      }
    } catch (error) {
      pending?.abandon();
      throw error;
    }
    return pending ?? parts;
  };
};

const isIterable = (list: unknown): list is Iterable<unknown> =>
  typeof list === "object" &&
  typeof (list as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === "function";
