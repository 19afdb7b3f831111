import { type ResponsePath, locatedError, responsePathAsArray } from "graphql";
import type { Complete, PlannedField, Run } from "../plan.js";
import { isPromise } from "./promises.js";

/** Takes a part of the answer, or the error of the part. One of the methods is called, once. */
export interface Receiver {
  take(part: unknown): void;
  refuse(error: unknown): void;
}

/**
 * A part of the answer that is not there yet. Promises would do the same, but need three or more turns of
 * the queue for each object, and more memory. The part never arrives before its receiver is set.
 */
export abstract class PendingPart {
  receiver: Receiver | null = null;
}

/** Gives a part to its receiver, now or when the part is there. */
function deliver(part: unknown, receiver: Receiver): void {
  if (part instanceof PendingPart) part.receiver = receiver;
  else receiver.take(part);
}

/** A part that a function makes from the value of a promise. */
export class PromisedPart extends PendingPart {
  constructor(
    { position }: Run,
    promise: PromiseLike<unknown>,
    makePart: (value: unknown) => unknown,
  ) {
    super();
    const { path } = position;
    // The thenable of another library may call back at once. A promise does not.
    Promise.resolve(promise).then(
      (value) => {
        if (!this.receiver) return;
        position.startAt(path);
        completeInto(this.receiver, makePart, value);
      },
      (error: unknown) => this.receiver?.refuse(error),
    );
  }
}

/** Completes a value, or a promise of a value. */
export const partOf = (
  run: Run,
  field: PlannedField,
  value: unknown,
  complete: Complete,
): unknown =>
  isPromise(value) ? partLater(run, field, value, complete) : complete(run, field, value);

// A function of its own, because V8 makes an object for the variables of a closure in each call of the
// function that contains the closure.
const partLater = (
  run: Run,
  field: PlannedField,
  promise: PromiseLike<unknown>,
  complete: Complete,
): PromisedPart => new PromisedPart(run, promise, (value) => complete(run, field, value));

function completeInto(
  receiver: Receiver,
  makePart: (value: unknown) => unknown,
  value: unknown,
): void {
  let part: unknown;
  try {
    part = makePart(value);
  } catch (error) {
    receiver.refuse(error);
    return;
  }
  deliver(part, receiver);
}

type Container = Record<string, unknown> | unknown[];

/** An object or a list of the answer with parts that are not there yet. */
export class PendingParts extends PendingPart {
  private waiting = 0;
  private isOver = false;
  private thrown: { readonly error: unknown } | null = null;

  constructor(readonly container: Container) {
    super();
  }

  expect(): void {
    this.waiting += 1;
  }

  /** The object is refused with this error, but first its other parts end, as in graphql-js. */
  refuseAtEnd(error: unknown): void {
    this.thrown = { error };
  }

  /** Nobody waits for the parts any more. */
  abandon(): void {
    this.isOver = true;
  }

  put(key: string | number, part: unknown): void {
    (this.container as Record<string | number, unknown>)[key] = part;
    this.waiting -= 1;
    if (this.waiting > 0 || this.isOver) return;
    this.isOver = true;
    if (this.thrown) this.receiver?.refuse(this.thrown.error);
    else this.receiver?.take(this.container);
  }

  refuse(error: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.receiver?.refuse(this.thrown ? this.thrown.error : error);
  }
}

/** The place of a field or of a list entry in the answer, which can become null. */
export interface Place {
  readonly run: Run;
  readonly field: PlannedField;
  readonly path: ResponsePath;
  readonly isNullable: boolean;
}

/** @throws the error if the place has no null, because the error then makes its parent null */
export function nullAt({ run, field, path, isNullable }: Place, error: unknown): null {
  const located = locatedError(error, field.nodes, responsePathAsArray(path));
  if (!isNullable) throw located;
  run.errors.add(located, path);
  return null;
}

/** Puts a part into its object or list, as soon as the part is there. */
export class Slot implements Receiver {
  constructor(
    private readonly owner: PendingParts,
    private readonly place: Place,
  ) {
    owner.expect();
  }

  take(part: unknown): void {
    this.owner.put(this.place.path.key, part);
  }

  refuse(error: unknown): void {
    try {
      this.take(nullAt(this.place, error));
    } catch (located) {
      this.owner.refuse(located);
    }
  }
}
