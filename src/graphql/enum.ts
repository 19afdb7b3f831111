import { registerEnumType } from "type-graphql";

/** What a client writes, what it means inside, and its description. */
type EnumValues = Readonly<Record<string, readonly [value: string, description: string]>>;

/** Registers a GraphQL enum; the result goes where type-graphql wants a type. */
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
