import {
  type GraphQLArgument,
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from "graphql";
import { getMetadataStorage } from "type-graphql";

type Values = Readonly<Record<string, unknown>>;
/** Makes an object of its class from each object of an input type, in a value that is already coerced. */
export type MakeInstances = (value: unknown) => unknown;
type MakeMembers = (values: Values) => Values;

/**
 * Returns what makes the objects of input types in the arguments of a field: each becomes a frozen object
 * of its class, also inside of lists and of other inputs. Returns null if no argument has an input type.
 */
export function argumentInstances(args: readonly GraphQLArgument[]): MakeMembers | null {
  return memberInstances(args.map(({ name, type }) => [name, type]));
}

function memberInstances(members: readonly (readonly [string, GraphQLInputType])[]) {
  const makes = members.flatMap(([name, type]) => {
    const make = instances(type);
    return make ? [[name, make] as const] : [];
  });
  if (makes.length === 0) return null;
  return (values: Values): Values => {
    const made: Record<string, unknown> = { ...values };
    for (const [name, make] of makes) {
      if (name in made) made[name] = make(made[name]);
    }
    return made;
  };
}

function instances(type: GraphQLInputType): MakeInstances | null {
  if (isNonNullType(type)) return instances(type.ofType);
  if (isListType(type)) {
    const make = instances(type.ofType);
    return make && ((value) => (Array.isArray(value) ? value.map(make) : value));
  }
  return isInputObjectType(type) ? objectInstances(type) : null;
}

function objectInstances(type: Extract<GraphQLInputType, { getFields: unknown }>): MakeInstances {
  const { target } =
    getMetadataStorage().inputTypes.find(({ name }) => name === type.name) ?? missing(type.name);
  const inputClass = target as new () => object;
  // An input type may contain itself, so its members are read at its first value.
  let members: MakeMembers | null | undefined;
  return (value) => {
    if (typeof value !== "object" || value === null) return value;
    members ??= memberInstances(
      Object.values(type.getFields()).map((field) => [field.name, field.type]),
    );
    const values = value as Values;
    return Object.freeze(Object.assign(new inputClass(), members ? members(values) : values));
  };
}

function missing(name: string): never {
  throw new Error(`The input type ${name} has no class.`);
}
