import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  type GraphQLLeafType,
  GraphQLString,
} from "graphql";
import { inspect } from "graphql/jsutils/inspect.js";
import type { Complete } from "../plan.js";

/** Completes values of a scalar or an enum. */
export const leafCompletion =
  (type: GraphQLLeafType): Complete =>
  (_run, _field, value) => {
    const written: unknown = type.serialize(value);
    if (written !== null && written !== undefined) return written;
    throw new Error(
      `Expected \`${inspect(type)}.serialize(${inspect(value)})\` to return non-nullable value, returned: ${inspect(written)}`,
    );
  };

const MAX_INT = 2_147_483_647;
const MIN_INT = -2_147_483_648;

const unlessText =
  (complete: Complete): Complete =>
  (run, field, value) =>
    typeof value === "string" ? value : complete(run, field, value);

const SHORTCUTS = new Map<GraphQLLeafType, (complete: Complete) => Complete>([
  [GraphQLString, unlessText],
  [GraphQLID, unlessText],
  [
    GraphQLBoolean,
    (complete) => (run, field, value) =>
      typeof value === "boolean" ? value : complete(run, field, value),
  ],
  [
    GraphQLInt,
    (complete) => (run, field, value) =>
      Number.isInteger(value) && (value as number) <= MAX_INT && (value as number) >= MIN_INT
        ? value
        : complete(run, field, value),
  ],
  [
    GraphQLFloat,
    (complete) => (run, field, value) =>
      Number.isFinite(value) ? value : complete(run, field, value),
  ],
]);

/** Takes over values that are already as the scalar writes them. Most values are. */
export const withShortcut = (type: GraphQLLeafType, complete: Complete): Complete =>
  SHORTCUTS.get(type)?.(complete) ?? complete;
