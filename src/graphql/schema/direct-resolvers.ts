import {
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isObjectType,
} from "graphql";
import { getMetadataStorage } from "type-graphql";
import { withoutInfo } from "../execution/completing/resolve-info.js";
import { argumentInstances } from "./input-instances.js";

type Method = (...parameters: unknown[]) => unknown;
type Metadata = ReturnType<typeof getMetadataStorage>["fieldResolvers"][number];
type Parameter = NonNullable<Metadata["params"]>[number];
type Values = Readonly<Record<string, unknown>>;
type Resolve = GraphQLFieldResolver<unknown, unknown, Values>;
/** Takes the value of one parameter from what a resolver gets. */
type Read = (source: unknown, args: Values, context: unknown) => unknown;

/**
 * Replaces the resolvers of fields: they call the method of their class, and nothing else. The resolvers
 * of type-graphql first collect the parameters in new objects and arrays, which is more work than most of
 * our methods. They also wait for a validation of arguments, which this server does not have.
 */
export function callMethodsDirectly(schema: GraphQLSchema): void {
  const { fieldResolvers, objectTypes } = getMetadataStorage();
  const typeNames = new Map<unknown, string>(objectTypes.map(({ target, name }) => [target, name]));
  for (const resolver of fieldResolvers) {
    const type = schema.getType(typeNames.get(resolver.getObjectType?.()) ?? "");
    const field = isObjectType(type) ? type.getFields()[resolver.schemaName] : undefined;
    const resolve = field && directCall(resolver, field);
    if (resolve) field.resolve = withoutInfo(resolve);
  }
}

const instances = new WeakMap<object, Readonly<Record<string, Method>>>();

/** Returns null if the resolver of type-graphql does more than to call the method. */
function directCall(resolver: Metadata, field: GraphQLField<unknown, unknown>): Resolve | null {
  const { kind, target, methodName, middlewares = [], params = [], roles } = resolver;
  if (kind !== "external" || middlewares.length > 0 || roles) return null;
  const make = once(argumentInstances(field.args));
  const reads = params
    .toSorted((a, b) => a.index - b.index)
    .flatMap((parameter) => readOf(parameter, make) ?? []);
  const instance = instances.get(target) ?? new (target as new () => Record<string, Method>)();
  instances.set(target, instance);
  const method = instance[methodName];
  return method && reads.length === params.length ? call(method.bind(instance), reads) : null;
}

/** Returns null for a method with more parameters than any of ours has. */
function call(method: Method, [first, second, third, ...more]: readonly Read[]): Resolve | null {
  if (!first) return () => method();
  if (first === readSource && !second) return (source) => method(source);
  if (!second) return (source, args, context) => method(first(source, args, context));
  if (!third) {
    return (source, args, context) =>
      method(first(source, args, context), second(source, args, context));
  }
  if (more.length > 0) return null;
  return (source, args, context) =>
    method(
      first(source, args, context),
      second(source, args, context),
      third(source, args, context),
    );
}

const readSource: Read = (source) => source;
const readContext: Read = (_source, _args, context) => context;

/** Returns null for a parameter that type-graphql selects or converts in another way. */
function readOf(parameter: Parameter, make: MakeArguments): Read | null {
  switch (parameter.kind) {
    case "root":
      return parameter.propertyName || parameter.getType ? null : readSource;
    case "context":
      return parameter.propertyName ? null : readContext;
    case "arg": {
      const { name } = parameter;
      return isValidated(parameter) ? null : (_source, args) => make(args)[name];
    }
    case "args":
      return isValidated(parameter)
        ? null
        : readInstance(parameter.getType() as unknown as new () => object, make);
    default:
      return null;
  }
}

const isValidated = ({ validateSettings, validateFn }: Parameter & { kind: "arg" | "args" }) =>
  Boolean(validateSettings ?? validateFn);

/**
 * Makes one object of the class for each object of arguments. The executor gives equal objects with the
 * same arguments to all parents, and constant arguments to all requests.
 */
function readInstance(argsClass: new () => object, make: MakeArguments): Read {
  const instanceOf = once((args) =>
    Object.freeze(Object.assign(new argsClass() as Values, make(args))),
  );
  return (_source, args) => instanceOf(args);
}

type MakeArguments = (args: Values) => Values;

/** Keeps the result for each object of arguments. */
function once(make: MakeArguments | null): MakeArguments {
  if (!make) return (args) => args;
  const made = new WeakMap<Values, Values>();
  return (args) => {
    const known = made.get(args) ?? make(args);
    made.set(args, known);
    return known;
  };
}
