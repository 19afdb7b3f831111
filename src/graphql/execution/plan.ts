import type {
  FieldNode,
  FragmentDefinitionNode,
  GraphQLField,
  GraphQLFieldResolver,
  GraphQLObjectType,
  GraphQLSchema,
  OperationDefinitionNode,
} from "graphql";
import type { CollectedErrors } from "./collected-errors.js";
import type { Position } from "./position.js";

export type Values = Readonly<Record<string, unknown>>;
export type Fragments = Readonly<Record<string, FragmentDefinitionNode>>;

/** What all runs of one operation have in common. */
export interface PlannedOperation {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Fragments;
  /** Counts the fields that were planned. */
  readonly note: (fields: number) => void;
}

/** One execution of an operation. */
export interface Run {
  readonly planned: PlannedOperation;
  readonly rootValue: unknown;
  readonly contextValue: unknown;
  /** The variables after their coercion. */
  readonly variables: Values;
  readonly errors: CollectedErrors;
  readonly position: Position;
  /** The arguments of the fields whose arguments depend on variables. */
  readonly args: Map<PlannedField, Values>;
}

/**
 * Turns the value of a resolver into its part of the answer, or into a PendingPart. The place of the part is
 * the run's position.
 * @throws the error that makes this place, or a place above, null
 */
export type Complete = (run: Run, field: PlannedField, value: unknown) => unknown;

/** A field of a selection, with everything that does not depend on the request. */
export interface PlannedField {
  /** The name in the answer: the alias, or the field's own name. */
  readonly responseName: string;
  readonly parentType: GraphQLObjectType;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
  /** null if the field is a property of its source. */
  readonly resolve: GraphQLFieldResolver<unknown, unknown> | null;
  /** null if the arguments depend on variables. */
  readonly constantArgs: Values | null;
  readonly complete: Complete;
  readonly isNullable: boolean;
  /** True if `resolve` reads its last argument. */
  readonly needsInfo: boolean;
  /** Returns the selection below the field for an object of this type. */
  selectionOf(run: Run, type: GraphQLObjectType): PlannedSelection;
}

/** The selected fields of objects of one type, in the order of the answer. */
export interface PlannedSelection {
  readonly fields: readonly PlannedField[];
  /** Makes the object of the answer, without fields. */
  readonly newResult: () => Record<string, unknown>;
}
