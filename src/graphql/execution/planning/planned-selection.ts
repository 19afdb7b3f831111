import {
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
  getArgumentValues,
  isNonNullType,
} from "graphql";
import { collectFields } from "./collect-fields.js";
import { completionOf } from "../completing/completion.js";
import type {
  Complete,
  PlannedField,
  PlannedOperation,
  PlannedSelection,
  Run,
  Values,
} from "../plan.js";
import { needsNoInfo } from "../completing/resolve-info.js";
import { usesVariable } from "./variables.js";

type Definition = GraphQLField<unknown, unknown>;

/** Plans the fields of one type. The plan is right for all runs with the same conditions. */
export function planSelection(
  planned: PlannedOperation,
  type: GraphQLObjectType,
  selected: readonly SelectionSetNode[],
  variables: Values,
): PlannedSelection {
  const collected = collectFields(planned, type, selected, variables);
  const fields: PlannedField[] = [];
  for (const [responseName, nodes] of collected) {
    const definition = definitionOf(planned, type, nodes);
    if (definition)
      fields.push(new FieldPlan({ planned, responseName, parentType: type, definition, nodes }));
  }
  planned.note(fields.length);
  return { fields, newResult: resultMaker() };
}

function definitionOf(
  { schema }: PlannedOperation,
  type: GraphQLObjectType,
  [node]: readonly FieldNode[],
): Definition | undefined {
  const name = node?.name.value ?? "";
  if (name === TypeNameMetaFieldDef.name) return TypeNameMetaFieldDef;
  if (type === schema.getQueryType()) {
    if (name === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name === TypeMetaFieldDef.name) return TypeMetaFieldDef;
  }
  return type.getFields()[name];
}

interface FieldFacts {
  readonly planned: PlannedOperation;
  readonly responseName: string;
  readonly parentType: GraphQLObjectType;
  readonly definition: Definition;
  readonly nodes: readonly FieldNode[];
}

class FieldPlan implements PlannedField {
  readonly responseName: string;
  readonly parentType: GraphQLObjectType;
  readonly definition: Definition;
  readonly nodes: readonly FieldNode[];
  readonly resolve: PlannedField["resolve"];
  readonly constantArgs: Values | null;
  readonly complete: Complete;
  readonly isNullable: boolean;
  readonly needsInfo: boolean;
  private readonly planned: PlannedOperation;
  private readonly selections = new Map<GraphQLObjectType, PlannedSelection>();
  // Most fields have objects of one type, so the map is seldom needed.
  private lastType: GraphQLObjectType | null = null;
  private lastSelection: PlannedSelection | null = null;

  constructor({ planned, responseName, parentType, definition, nodes }: FieldFacts) {
    this.planned = planned;
    this.responseName = responseName;
    this.parentType = parentType;
    this.definition = definition;
    this.nodes = nodes;
    this.resolve = definition.resolve ?? null;
    this.constantArgs = constantArguments(definition, nodes);
    this.complete = completionOf(definition.type);
    this.isNullable = !isNonNullType(definition.type);
    this.needsInfo = this.resolve !== null && !needsNoInfo(this.resolve);
  }

  selectionOf(run: Run, type: GraphQLObjectType): PlannedSelection {
    if (this.lastSelection && this.lastType === type) return this.lastSelection;
    this.lastSelection = this.selections.get(type) ?? this.plan(run, type);
    this.lastType = type;
    return this.lastSelection;
  }

  private plan({ variables }: Run, type: GraphQLObjectType): PlannedSelection {
    const selected = this.nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    const selection = planSelection(this.planned, type, selected, variables);
    this.selections.set(type, selection);
    return selection;
  }
}

const NO_ARGUMENTS: Values = Object.freeze({});

/** Returns the arguments of a field, or null if they depend on variables or are invalid. */
function constantArguments(definition: Definition, [node]: readonly FieldNode[]): Values | null {
  if (definition.args.length === 0) return NO_ARGUMENTS;
  if (!node || (node.arguments ?? []).some(({ value }) => usesVariable(value))) return null;
  try {
    return frozen(getArgumentValues(definition, node));
  } catch {
    // The run finds the error again, at the place where it belongs.
    return null;
  }
}

/** Freezes a value with everything inside, because all requests share it. */
function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(frozen);
  return Object.freeze(value);
}

/**
 * Returns a function that makes empty objects without inherited members. A client may name a field
 * `__proto__`. V8 gives the objects of one class the same shape, and writes them faster to JSON than
 * objects of Object.create(null).
 */
function resultMaker(): () => Record<string, unknown> {
  class Result {
    [name: string]: unknown;
  }
  Object.setPrototypeOf(Result.prototype, null);
  return () => new Result();
}
