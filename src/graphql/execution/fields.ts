import { type ResponsePath, getArgumentValues } from "graphql";
import { PendingPart, PendingParts, type Place, PromisedPart, Slot, nullAt } from "./pending.js";
import type { PlannedField, PlannedSelection, Run, Values } from "./plan.js";
import { isPromise } from "./promises.js";
import { ResolveInfo } from "./resolve-info.js";

type Result = Record<string, unknown>;

/** The object whose fields are selected. */
interface Parent {
  readonly source: unknown;
  /** undefined for the root. */
  readonly path: ResponsePath | undefined;
}

/** Runs the fields of one object. Returns the object, or a PendingPart if a field is not there yet. */
export function runFields(run: Run, selection: PlannedSelection, parent: Parent): unknown {
  const result = selection.newResult();
  let pending: PendingParts | null = null;
  try {
    for (const field of selection.fields) {
      // Only an error needs the path of a leaf.
      const known = field.isLeaf ? null : pathOf(field, parent);
      const part = runField(run, field, parent, known);
      if (part instanceof PendingPart) {
        // The place of the field in the answer is now, although its part comes later.
        result[field.responseName] = null;
        pending ??= new PendingParts(result);
        const path = known ?? pathOf(field, parent);
        part.receiver = new Slot(pending, { run, field, path, isNullable: field.isNullable });
      } else result[field.responseName] = part;
    }
  } catch (error) {
    if (!pending) throw error;
    pending.refuseAtEnd(error);
  }
  return pending ?? result;
}

/** Runs the fields of a mutation, each after the end of the field before it. */
export function runSerially(run: Run, selection: PlannedSelection, parent: Parent): unknown {
  const runNext = (result: Result, field: PlannedField): Result | Promise<Result> => {
    const path = pathOf(field, parent);
    const add = (part: unknown): Result => {
      result[field.responseName] = part;
      return result;
    };
    const part = runField(run, field, parent, path);
    if (!(part instanceof PendingPart)) return add(part);
    return promiseOf(part, { run, field, path, isNullable: field.isNullable }).then(add);
  };
  let results: Result | Promise<Result> = selection.newResult();
  for (const field of selection.fields) {
    const before: Result | Promise<Result> = results;
    results =
      before instanceof Promise
        ? before.then((result: Result) => runNext(result, field))
        : runNext(before, field);
  }
  return results instanceof Promise ? new PromisedPart(results, (all) => all) : results;
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

const pathOf = ({ responseName, parentType }: PlannedField, { path }: Parent): ResponsePath => ({
  prev: path,
  key: responseName,
  typename: parentType.name,
});

/**
 * @param path the path of the field; null for a leaf, whose path is made when it is needed
 * @throws the error of a field that cannot be null
 */
function runField(
  run: Run,
  field: PlannedField,
  parent: Parent,
  path: ResponsePath | null,
): unknown {
  try {
    const value = valueOf(run, field, parent, path);
    if (!isPromise(value)) return complete(run, field, value, path);
    return new PromisedPart(value, (resolved) => complete(run, field, resolved, path));
  } catch (error) {
    const place = path ?? pathOf(field, parent);
    return nullAt({ run, field, path: place, isNullable: field.isNullable }, error);
  }
}

/** What a resolver gets that does not read the info. */
const NO_INFO = Object.freeze({}) as ResolveInfo;

/** The path that a leaf gets, because the completion of a leaf reads no path. */
const NO_PATH: ResponsePath = { prev: undefined, key: "", typename: undefined };

const complete = (
  run: Run,
  field: PlannedField,
  value: unknown,
  path: ResponsePath | null,
): unknown => field.complete(run, field, value, path ?? NO_PATH);

function valueOf(
  run: Run,
  field: PlannedField,
  parent: Parent,
  path: ResponsePath | null,
): unknown {
  const { resolve } = field;
  const args = field.constantArgs ?? argumentsOf(run, field);
  if (!resolve) return readProperty(run, field, { parent, args, path });
  const info = field.needsInfo
    ? new ResolveInfo(run, field, path ?? pathOf(field, parent))
    : NO_INFO;
  return resolve(parent.source, args, run.contextValue, info);
}

interface Reading {
  readonly parent: Parent;
  readonly args: Values;
  readonly path: ResponsePath | null;
}

type Method = (args: Values, contextValue: unknown, info: ResolveInfo) => unknown;

/** Reads the property with the field's name. Calls a method. */
function readProperty(run: Run, field: PlannedField, { parent, args, path }: Reading): unknown {
  const { source } = parent;
  if (!isContainer(source)) return undefined;
  const { name } = field.definition;
  const property = source[name];
  if (typeof property !== "function") return property;
  return (source as Readonly<Record<string, Method>>)[name]?.(
    args,
    run.contextValue,
    new ResolveInfo(run, field, path ?? pathOf(field, parent)),
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
