import { registerEnumType } from "type-graphql";

/** The names that clients write. Each name has its internal value and its description. */
type EnumValues = Readonly<Record<string, readonly [value: string, description: string]>>;

/** Registers a GraphQL enum. Pass the result to type-graphql as a type. */
export function graphqlEnum(name: string, description: string, values: EnumValues): object {
  const entries = Object.entries(values);
  const registered = Object.fromEntries(entries.map(([key, [value]]) => [key, value]));
  registerEnumType(registered, {
    name,
    description,
    valuesConfig: Object.fromEntries(
      entries.map(([key, [, about]]) => [key, { description: about }]),
    ),
  });
  return registered;
}
