import {
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  GraphQLSkipDirective,
  type InlineFragmentNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  getDirectiveValues,
  isAbstractType,
  typeFromAST,
} from "graphql";
import type { PlannedOperation, Values } from "../plan.js";

/**
 * Returns the selected fields of objects of one type by response name, in the order of the answer. Each
 * fragment counts once.
 * @throws GraphQLError if the condition of a `@skip` or `@include` is null
 */
export function collectFields(
  planned: PlannedOperation,
  type: GraphQLObjectType,
  selected: readonly SelectionSetNode[],
  variables: Values,
): ReadonlyMap<string, readonly FieldNode[]> {
  const collector = new FieldCollector(planned, type, variables);
  for (const set of selected) collector.collect(set);
  return collector.fields;
}

class FieldCollector {
  readonly fields = new Map<string, FieldNode[]>();
  private readonly seen = new Set<string>();

  constructor(
    private readonly planned: PlannedOperation,
    private readonly type: GraphQLObjectType,
    private readonly variables: Values,
  ) {}

  collect({ selections }: SelectionSetNode): void {
    for (const selection of selections) {
      switch (selection.kind) {
        case Kind.FIELD:
          if (this.isIncluded(selection)) this.add(selection);
          break;
        case Kind.INLINE_FRAGMENT:
          if (this.isIncluded(selection)) this.collectMatching(selection);
          break;
        case Kind.FRAGMENT_SPREAD:
          this.collectNamed(selection);
      }
    }
  }

  private add(field: FieldNode): void {
    const name = (field.alias ?? field.name).value;
    const nodes = this.fields.get(name);
    if (nodes) nodes.push(field);
    else this.fields.set(name, [field]);
  }

  private collectNamed(spread: FragmentSpreadNode): void {
    const name = spread.name.value;
    if (this.seen.has(name) || !this.isIncluded(spread)) return;
    this.seen.add(name);
    const fragment = this.planned.fragments[name];
    if (fragment) this.collectMatching(fragment);
  }

  private collectMatching(fragment: InlineFragmentNode | FragmentDefinitionNode): void {
    const { schema } = this.planned;
    const { typeCondition, selectionSet } = fragment;
    const wanted = typeCondition ? typeFromAST(schema, typeCondition) : this.type;
    const isMatch =
      wanted === this.type || (isAbstractType(wanted) && schema.isSubType(wanted, this.type));
    if (isMatch) this.collect(selectionSet);
  }

  private isIncluded(node: SelectionNode): boolean {
    if (!node.directives?.length) return true;
    const skip = getDirectiveValues(GraphQLSkipDirective, node, this.variables);
    if (skip?.["if"] === true) return false;
    const include = getDirectiveValues(GraphQLIncludeDirective, node, this.variables);
    return include?.["if"] !== false;
  }
}
