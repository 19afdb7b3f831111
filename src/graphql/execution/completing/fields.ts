import { getArgumentValues } from "graphql";
import {
  PendingPart,
  PendingParts,
  type Place,
  PromisedPart,
  Slot,
  nullAt,
  partOf,
} from "./pending.js";
import type { PlannedField, PlannedSelection, Run, Values } from "../plan.js";
import { type ResolveInfo, infoOf } from "./resolve-info.js";

type Result = Record<string, unknown>;

/** Runs the fields of one object. Returns the object, or a PendingPart if a field is not there yet. */
export function runFields(run: Run, selection: PlannedSelection, source: unknown): unknown {
  const { depth } = run.position;
  const result = selection.newResult();
  let pending: PendingParts | null = null;
  try {
    for (const field of selection.fields) {
      const part = runField(run, field, source, depth);
      if (part instanceof PendingPart) {
        // The place of the field in the answer is now, although its part comes later.
        result[field.responseName] = null;
        pending ??= new PendingParts(result);
        part.receiver = new Slot(pending, placeOf(run, field, depth));
      } else result[field.responseName] = part;
    }
  } catch (error) {
    if (!pending) throw error;
    pending.refuseAtEnd(error);
  }
  return pending ?? result;
}

/** Runs the fields of a mutation, each after the end of the field before it. */
export function runSerially(run: Run, selection: PlannedSelection, source: unknown): unknown {
  const runNext = (result: Result, field: PlannedField): Result | Promise<Result> => {
    run.position.startAt(undefined);
    const add = (part: unknown): Result => {
      result[field.responseName] = part;
      return result;
    };
    const part = runField(run, field, source, 0);
    return part instanceof PendingPart
      ? promiseOf(part, placeOf(run, field, 0)).then(add)
      : add(part);
  };
  let results: Result | Promise<Result> = selection.newResult();
  for (const field of selection.fields) {
    const before: Result | Promise<Result> = results;
    results =
      before instanceof Promise
        ? before.then((result: Result) => runNext(result, field))
        : runNext(before, field);
  }
  if (!(results instanceof Promise)) return results;
  run.position.startAt(undefined);
  return new PromisedPart(run, results, (all) => all);
}

/** Returns a promise of a part. The promise rejects if the part cannot be null. */
const promiseOf = async (part: PendingPart, place: Place): Promise<unknown> => {
  const arrived = await new Promise<{ readonly part: unknown } | { readonly error: unknown }>(
    (resolve) => {
      part.receiver = {
        take: (taken) => {
          resolve({ part: taken });
        },
        refuse: (error) => {
          resolve({ error });
        },
      };
    },
  );
  return "part" in arrived ? arrived.part : nullAt(place, arrived.error);
};

/** The place of a field that was entered from a place of this depth. */
const placeOf = (run: Run, field: PlannedField, depth: number): Place => ({
  run,
  field,
  path: run.position.pathBelow(depth),
  isNullable: field.isNullable,
});

/**
 * @param depth the depth of the field's parent
 * @throws the error of a field that cannot be null
 */
function runField(run: Run, field: PlannedField, source: unknown, depth: number): unknown {
  run.position.enter(depth, field);
  try {
    return partOf(run, field, valueOf(run, field, source), field.complete);
  } catch (error) {
    return nullAt(placeOf(run, field, depth), error);
  }
}

/** What a resolver gets that does not read the info. */
const NO_INFO = Object.freeze({}) as ResolveInfo;

function valueOf(run: Run, field: PlannedField, source: unknown): unknown {
  const { resolve } = field;
  const args = field.constantArgs ?? argumentsOf(run, field);
  if (!resolve) return readProperty(run, field, source, args);
  const info = field.needsInfo ? infoOf(run, field) : NO_INFO;
  return resolve(source, args, run.contextValue, info);
}

type Method = (args: Values, contextValue: unknown, info: ResolveInfo) => unknown;

/** Reads the property with the field's name. Calls a method. */
function readProperty(run: Run, field: PlannedField, source: unknown, args: Values): unknown {
  if (!isContainer(source)) return undefined;
  const { name } = field.definition;
  const property = source[name];
  if (typeof property !== "function") return property;
  return (source as Readonly<Record<string, Method>>)[name]?.(
    args,
    run.contextValue,
    infoOf(run, field),
  );
}

const isContainer = (source: unknown): source is Values =>
  (typeof source === "object" && source !== null) || typeof source === "function";

function argumentsOf(run: Run, field: PlannedField): Values {
  const known = run.args.get(field);
  if (known) return known;
  const [node] = field.nodes;
  const args = node ? getArgumentValues(field.definition, node, run.variables) : {};
  run.args.set(field, args);
  return args;
}
