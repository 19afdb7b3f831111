import type { InputProblems } from "../../platform/input/input-problems.js";
import { type GlobalIdType, NO_ROW, fromGlobalId } from "./global-id.js";

/** Reads the ids of one input. Refused ids become problems, so that the other fields are checked, too. */
export class InputIds {
  constructor(readonly problems: InputProblems) {}

  /** Returns the raw id. NO_ROW stands for an id that was refused, until the whole input is refused. */
  read(id: string, type: GlobalIdType, path: readonly string[]): string {
    return this.problems.check(() => fromGlobalId(id, type, path), NO_ROW);
  }

  /** Returns the raw id as a number, for types with integer ids. */
  readInteger(id: string, type: GlobalIdType, path: readonly string[]): number {
    return Number(this.read(id, type, path));
  }

  /** Returns the raw id, undefined for a refused id, and the value itself if no id is given. */
  readOptional<V extends string | null | undefined>(
    id: V,
    type: GlobalIdType,
    path: readonly string[],
  ): V | string | undefined {
    if (typeof id !== "string") return id;
    return this.problems.check(() => fromGlobalId(id, type, path), undefined);
  }
}
