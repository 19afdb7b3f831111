import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from "graphql";
import { getMetadataStorage } from "type-graphql";

type Method = (...parameters: unknown[]) => unknown;
type Resolve = GraphQLFieldResolver<unknown, unknown>;
type FieldResolvers = ReturnType<typeof getMetadataStorage>["fieldResolvers"];

/** For each list of parameters: a resolver that calls a method with these parameters. */
const CALLS: Readonly<Record<string, (method: Method) => Resolve>> = {
  "": (method) => () => method(),
  root: (method) => (source) => method(source),
  context: (method) => (_source, _args, context) => method(context),
  "root context": (method) => (source, _args, context) => method(source, context),
  "context root": (method) => (source, _args, context) => method(context, source),
};

const direct = new WeakSet<Resolve>();

/** Returns true if a resolver does not read the last argument of resolvers, the info. */
export const needsNoInfo = (resolve: Resolve): boolean => direct.has(resolve);

/**
 * Replaces the resolvers of fields without arguments: they call the method of their class, and nothing
 * else. The resolvers of type-graphql first collect the parameters in new objects and arrays, which is
 * more work than most of our methods.
 */
export function callMethodsDirectly(schema: GraphQLSchema): void {
  const { fieldResolvers, objectTypes } = getMetadataStorage();
  const typeNames = new Map<unknown, string>(objectTypes.map(({ target, name }) => [target, name]));
  for (const resolver of fieldResolvers) {
    const type = schema.getType(typeNames.get(resolver.getObjectType?.()) ?? "");
    const field = isObjectType(type) ? type.getFields()[resolver.schemaName] : undefined;
    const resolve = field && directCall(resolver);
    if (!resolve) continue;
    direct.add(resolve);
    field.resolve = resolve;
  }
}

const instances = new WeakMap<object, Readonly<Record<string, Method>>>();

function directCall(resolver: FieldResolvers[number]): Resolve | null {
  const { kind, target, methodName, middlewares = [], params = [], roles } = resolver;
  if (kind !== "external" || middlewares.length > 0 || roles) return null;
  const call =
    CALLS[
      params
        .toSorted((a, b) => a.index - b.index)
        .map(nameOf)
        .join(" ")
    ];
  if (!call) return null;
  const instance = instances.get(target) ?? new (target as new () => Record<string, Method>)();
  instances.set(target, instance);
  const method = instance[methodName];
  return method ? call(method.bind(instance)) : null;
}

/** The name of a parameter in CALLS. Type-graphql converts or selects a value for other parameters. */
function nameOf(parameter: NonNullable<FieldResolvers[number]["params"]>[number]): string {
  const isWhole =
    (parameter.kind === "root" && !parameter.propertyName && !parameter.getType) ||
    (parameter.kind === "context" && !parameter.propertyName);
  return isWhole ? parameter.kind : "other";
}
