import { Field, ID, InterfaceType } from "type-graphql";
import type { GlobalIdType } from "./global-id.js";

type Class = abstract new (...args: never[]) => object;

const typeNames = new Map<unknown, GlobalIdType>();

/** Registers the GraphQL type of a class's objects. Each type file registers its own class. */
export const isResolvedFrom = (type: GlobalIdType, source: Class): void => {
  typeNames.set(source, type);
};

@InterfaceType({
  description: "An object with an id. Send the id to `node` to read the object again.",
  resolveType: (value: object) => typeNames.get(value.constructor),
})
export abstract class Node {
  @Field(() => ID, {
    description:
      "An opaque id. Equal for every viewer, except for narrations that you opened by their link.",
  })
  readonly id!: string;
}
