import type { GraphQLResolveInfo, ResponsePath } from "graphql";
import type { PlannedField, Run } from "../plan.js";

const needingNoInfo = new WeakSet<object>();

/** Returns true if a resolver does not read its last argument, the info. */
export const needsNoInfo = (resolve: object): boolean => needingNoInfo.has(resolve);

/** Notes that a resolver does not read the info. Returns the resolver. */
export function withoutInfo<R extends object>(resolve: R): R {
  needingNoInfo.add(resolve);
  return resolve;
}

/** The last argument of a resolver. Few resolvers read it, so its members are computed when read. */
export class ResolveInfo implements GraphQLResolveInfo {
  constructor(
    private readonly run: Run,
    private readonly field: PlannedField,
    readonly path: ResponsePath,
  ) {}

  get fieldName(): string {
    return this.field.definition.name;
  }

  get fieldNodes(): GraphQLResolveInfo["fieldNodes"] {
    return this.field.nodes;
  }

  get returnType(): GraphQLResolveInfo["returnType"] {
    return this.field.definition.type;
  }

  get parentType(): GraphQLResolveInfo["parentType"] {
    return this.field.parentType;
  }

  get schema(): GraphQLResolveInfo["schema"] {
    return this.run.planned.schema;
  }

  get fragments(): GraphQLResolveInfo["fragments"] {
    return this.run.planned.fragments;
  }

  get rootValue(): unknown {
    return this.run.rootValue;
  }

  get operation(): GraphQLResolveInfo["operation"] {
    return this.run.planned.operation;
  }

  get variableValues(): GraphQLResolveInfo["variableValues"] {
    return this.run.variables;
  }
}

/** Returns the info for the type of a value. Its path is the path of the field, also for the entries of a list. */
export function infoOf(run: Run, field: PlannedField): ResolveInfo {
  let at = run.position.path;
  while (typeof at?.key === "number") at = at.prev;
  if (!at) throw new Error("A value has no field.");
  return new ResolveInfo(run, field, at);
}
