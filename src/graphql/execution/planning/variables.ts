import { type DirectiveNode, Kind, type SelectionSetNode, type ValueNode } from "graphql";
import type { PlannedOperation } from "../plan.js";

/** Returns true if a value contains a variable. */
export function usesVariable(value: ValueNode): boolean {
  switch (value.kind) {
    case Kind.VARIABLE:
      return true;
    case Kind.LIST:
      return value.values.some(usesVariable);
    case Kind.OBJECT:
      return value.fields.some((field) => usesVariable(field.value));
    default:
      return false;
  }
}

/** Returns the names of the variables that decide what an operation selects. */
export function conditionVariables({
  operation,
  fragments,
}: Pick<PlannedOperation, "operation" | "fragments">): readonly string[] {
  const names = new Set<string>();
  const note = (directives: readonly DirectiveNode[] = []): void => {
    for (const { name, arguments: given = [] } of directives) {
      if (name.value !== "skip" && name.value !== "include") continue;
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    }
  };
  const search = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      note(selection.directives);
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet)
        search(selection.selectionSet);
    }
  };
  search(operation.selectionSet);
  for (const { selectionSet } of Object.values(fragments)) search(selectionSet);
  return [...names];
}
