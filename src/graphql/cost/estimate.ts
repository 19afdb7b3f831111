import {
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  getArgumentValues,
  getNamedType,
  getVariableValues,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  isObjectType,
  typeFromAST,
} from "graphql";
import { isGiven } from "../given.js";
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from "../relay/pagination.js";
import {
  ARGUMENT_COSTS,
  type ArgumentCost,
  FIELD_COSTS,
  LIST_SIZES,
  MUTATION_COST,
  SIZED_BY_ARGUMENT,
  SUBSCRIPTION_COST,
  TOTAL_COUNT_COST,
  UNKNOWN_LIST_SIZE,
} from "./weights.js";

/**
 * The expected cost of an operation, before the operation runs. A "list without a page" is a plain
 * GraphQL list, not a connection.
 */
export interface Estimate {
  readonly requested: number;
  /** The cost of one entry, for each selected list without a page. */
  readonly entryCosts: ReadonlyMap<FieldNode, number>;
}

export interface PricedOperation {
  readonly operation: OperationDefinitionNode;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** The variables as the client sent them. */
  readonly variables: Readonly<Record<string, unknown>>;
}

type ObjectField = GraphQLField<unknown, unknown>;
type Fields = ReadonlyMap<string, readonly FieldNode[]>;

/**
 * The maximum number of selections that the estimator computes, because fragments can combine into
 * very many different selections. With more selections, the cost is infinite.
 */
const MAX_SELECTIONS = 5_000;

/**
 * Estimates the cost of a valid operation without reading data. The estimate is an upper bound of the
 * objects in the answer and of the rows read. The only exception is a list without a page, which
 * counts with its expected length in LIST_SIZES. Selections are merged as during execution. Selections
 * with `@skip` or `@include` count as included. For an interface, the most expensive type counts.
 */
export function estimateCost(schema: GraphQLSchema, priced: PricedOperation): Estimate {
  const { operation, variables } = priced;
  const { coerced } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    variables,
    // Nobody sees these errors. One error is enough, because each error contains the whole value.
    { maxErrors: 1 },
  );
  const root = schema.getRootType(operation.operation);
  // graphql-js executes nothing if the variables are invalid.
  if (!coerced || !root) return { requested: 0, entryCosts: new Map() };
  const estimator = new Estimator(schema, priced.fragments, coerced);
  const fields = estimator.costOf(root, [operation.selectionSet]);
  const requested = fields === 0 ? 0 : Math.min(fields + 1, Number.MAX_SAFE_INTEGER);
  return { requested, entryCosts: estimator.entryCosts };
}

class Estimator {
  readonly entryCosts = new Map<FieldNode, number>();
  private readonly known = new Map<string, number>();
  private readonly numbers = new Map<SelectionSetNode, number>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: PricedOperation["fragments"],
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {}

  /** Returns the cost of the selected fields of one object. The object itself is not included. */
  costOf(type: GraphQLObjectType, selected: readonly SelectionSetNode[]): number {
    const key = `${type.name} ${selected.map((set) => this.numberOf(set)).join(" ")}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    if (this.known.size >= MAX_SELECTIONS) return Infinity;
    // If a fragment contains itself, the recursion finds this value, and the cost is infinite.
    this.known.set(key, Infinity);
    let cost = 0;
    for (const nodes of this.fieldsOf(type, selected).values()) cost += this.fieldCost(type, nodes);
    this.known.set(key, cost);
    return cost;
  }

  private fieldCost(type: GraphQLObjectType, nodes: readonly FieldNode[]): number {
    const [first] = nodes;
    const field = first && type.getFields()[first.name.value];
    if (!field) return 0; // __typename, __schema, __type
    const own = ownCost(this.schema, type, field) + this.argumentCost(type, field, first);
    const named = getNamedType(field.type);
    if (!isCompositeType(named)) return own;
    const selected = selectionsOf(nodes);
    if (isObjectType(named) && isConnection(named)) {
      return own + this.pageCost(named, selected, this.pageSize(field, first));
    }
    const entry = 1 + this.mostExpensive(named, selected);
    if (!isList(field)) return own + entry;
    return own + this.listCost(type, field, { nodes, entry });
  }

  private argumentCost(type: GraphQLObjectType, field: ObjectField, node: FieldNode): number {
    const priced = ARGUMENT_COSTS[`${type.name}.${field.name}`];
    return priced && isPriced(priced, this.argumentsOf(field, node)) ? priced.cost : 0;
  }

  private mostExpensive(
    type: ReturnType<typeof getNamedType>,
    selected: SelectionSetNode[],
  ): number {
    if (isObjectType(type)) return this.costOf(type, selected);
    if (!isAbstractType(type)) return 0;
    const types = this.schema.getPossibleTypes(type);
    return Math.max(0, ...types.map((possible) => this.costOf(possible, selected)));
  }

  private listCost(
    type: GraphQLObjectType,
    field: ObjectField,
    { nodes, entry }: { readonly nodes: readonly FieldNode[]; readonly entry: number },
  ): number {
    const argument = SIZED_BY_ARGUMENT[`${type.name}.${field.name}`];
    const [first] = nodes;
    if (argument !== undefined && first) {
      const value = this.argumentsOf(field, first)[argument];
      // The resolver refuses longer lists.
      const length = Array.isArray(value) ? value.length : 1;
      return Math.min(Math.max(1, length), MAX_PAGE_SIZE) * entry;
    }
    for (const node of nodes) {
      this.entryCosts.set(node, Math.max(entry, this.entryCosts.get(node) ?? 0));
    }
    return listSize(type.name, field.name) * entry;
  }

  /**
   * Returns the sum of three costs: 1 for the connection, 1 for the extra row that decides hasNextPage,
   * and the cost of the entries. The rows of a page count even if no entries are selected, because the
   * rows are read.
   */
  private pageCost(
    type: GraphQLObjectType,
    selected: readonly SelectionSetNode[],
    size: number,
  ): number {
    let entry = 0;
    let others = 0;
    for (const nodes of this.fieldsOf(type, selected).values()) {
      const name = nodes[0]?.name.value ?? "";
      const listed = ENTRY_FIELDS.has(name) && getNamedType(type.getFields()[name]?.type);
      if (listed) entry += 1 + this.mostExpensive(listed, selectionsOf(nodes));
      else others += this.fieldCost(type, nodes);
    }
    return 2 + others + size * Math.max(1, entry);
  }

  /** Returns the page size. A size that the resolver refuses counts as the maximum. */
  private pageSize(field: ObjectField, node: FieldNode): number {
    const { first, last } = this.argumentsOf(field, node);
    const sizes = [first, last].filter(isGiven).map((size) => {
      const isSize = typeof size === "number" && size >= 1 && size <= MAX_PAGE_SIZE;
      return isSize ? size : MAX_PAGE_SIZE;
    });
    return sizes.length === 0 ? DEFAULT_PAGE_SIZE : Math.max(...sizes);
  }

  private argumentsOf(field: ObjectField, node: FieldNode): Readonly<Record<string, unknown>> {
    try {
      return getArgumentValues(field, node, this.variables);
    } catch {
      // The arguments are invalid. graphql-js reports this error later and does not execute the field.
      return {};
    }
  }

  /** Collects fields as graphql-js does: by response name, each fragment once. */
  private fieldsOf(type: GraphQLObjectType, selected: readonly SelectionSetNode[]): Fields {
    const fields = new Map<string, FieldNode[]>();
    const seen = new Set<string>();
    const collect = ({ selections }: SelectionSetNode): void => {
      for (const selection of selections) {
        if (selection.kind === Kind.FIELD) {
          const name = (selection.alias ?? selection.name).value;
          const nodes = fields.get(name);
          if (nodes) nodes.push(selection);
          else fields.set(name, [selection]);
          continue;
        }
        const fragment = this.fragmentOf(selection, seen);
        if (fragment && this.matches(type, fragment)) collect(fragment.selectionSet);
      }
    };
    selected.forEach(collect);
    return fields;
  }

  private fragmentOf(
    selection: InlineFragmentNode | FragmentSpreadNode,
    seen: Set<string>,
  ): InlineFragmentNode | FragmentDefinitionNode | undefined {
    if (selection.kind === Kind.INLINE_FRAGMENT) return selection;
    const name = selection.name.value;
    if (seen.has(name)) return undefined;
    seen.add(name);
    return this.fragments.get(name);
  }

  private matches(
    type: GraphQLObjectType,
    { typeCondition }: InlineFragmentNode | FragmentDefinitionNode,
  ): boolean {
    if (!typeCondition) return true;
    const wanted = typeFromAST(this.schema, typeCondition);
    if (wanted === type) return true;
    return isAbstractType(wanted) && this.schema.isSubType(wanted, type);
  }

  private numberOf(set: SelectionSetNode): number {
    const known = this.numbers.get(set);
    if (known !== undefined) return known;
    this.numbers.set(set, this.numbers.size);
    return this.numbers.size - 1;
  }
}

/** The fields of a connection that have one object for each row of the page. */
const ENTRY_FIELDS = new Set(["edges", "nodes"]);

const selectionsOf = (nodes: readonly FieldNode[]): SelectionSetNode[] =>
  nodes.flatMap(({ selectionSet }) => selectionSet ?? []);

function ownCost(schema: GraphQLSchema, type: GraphQLObjectType, { name }: ObjectField): number {
  const known = FIELD_COSTS[`${type.name}.${name}`];
  if (known !== undefined) return known;
  if (name === "totalCount" && isConnection(type)) return TOTAL_COUNT_COST;
  if (type === schema.getMutationType()) return MUTATION_COST;
  return type === schema.getSubscriptionType() ? SUBSCRIPTION_COST : 0;
}

/** Returns true if the arguments have the member that costs something. */
export function isPriced(
  { argument, member }: ArgumentCost,
  args: Readonly<Record<string, unknown>>,
): boolean {
  const value = args[argument] as Readonly<Record<string, unknown>> | null | undefined;
  return isGiven(value?.[member]);
}

/** Returns the expected number of entries of a list without a page. */
export const listSize = (typeName: string, fieldName: string): number =>
  LIST_SIZES[`${typeName}.${fieldName}`] ??
  (typeName.endsWith("Payload") ? LIST_SIZES[`Payload.${fieldName}`] : undefined) ??
  UNKNOWN_LIST_SIZE;

export const isConnection = ({ name }: GraphQLObjectType): boolean => name.endsWith("Connection");

export const isList = ({ type }: Pick<ObjectField, "type">): boolean =>
  isListType(isNonNullType(type) ? type.ofType : type);
