import { GraphQLError } from "graphql";
import { PendingPart, PendingParts, type Place, Slot, nullAt, partOf } from "./pending.js";
import type { Complete, PlannedField, Run } from "../plan.js";

/** How to complete the entries of a list. */
interface Entries {
  readonly complete: Complete;
  readonly isNullable: boolean;
}

/** Completes lists whose entries `complete` completes. */
export const listCompletion = (complete: Complete, isNullable: boolean): Complete => {
  const entries: Entries = { complete, isNullable };
  return (run, field, list) => {
    if (!isIterable(list)) {
      const name = `${field.parentType.name}.${field.definition.name}`;
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${name}".`);
    }
    return new ListRun(run, field, entries).complete(list);
  };
};

const isIterable = (list: unknown): list is Iterable<unknown> =>
  typeof list === "object" &&
  typeof (list as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] === "function";

/** The completion of one list. */
class ListRun {
  private readonly parts: unknown[] = [];
  private pending: PendingParts | null = null;
  private readonly depth: number;

  constructor(
    private readonly run: Run,
    private readonly field: PlannedField,
    private readonly entries: Entries,
  ) {
    this.depth = run.position.depth;
  }

  /** @throws the error of an entry that cannot be null */
  complete(list: Iterable<unknown>): unknown {
    try {
      // Most lists are arrays, which need no iterator.
      if (Array.isArray(list)) for (let at = 0; at < list.length; at++) this.add(list[at], at);
      else for (const entry of list) this.add(entry, this.parts.length);
    } catch (error) {
      this.pending?.abandon();
      throw error;
    }
    return this.pending ?? this.parts;
  }

  private add(entry: unknown, at: number): void {
    const { run, parts, depth } = this;
    run.position.enter(depth, at);
    const part = this.partOf(entry);
    if (part instanceof PendingPart) {
      this.pending ??= new PendingParts(parts);
      part.receiver = new Slot(this.pending, this.place());
    }
    parts.push(part);
  }

  private partOf(entry: unknown): unknown {
    try {
      return partOf(this.run, this.field, entry, this.entries.complete);
    } catch (error) {
      return nullAt(this.place(), error);
    }
  }

  /** The place of the entry that was added last. */
  private place(): Place {
    const { run, field, entries, depth } = this;
    return { run, field, path: run.position.pathBelow(depth), isNullable: entries.isNullable };
  }
}
