import { Field, ID, InterfaceType } from "type-graphql";
import type { GlobalIdType } from "./global-id.js";

type Class = abstract new (...args: never[]) => object;

const typeNames = new Map<unknown, GlobalIdType>();

/** Says of which GraphQL type the instances of a class are. Each type file does so for its own. */
export const isResolvedFrom = (type: GlobalIdType, source: Class): void => {
  typeNames.set(source, type);
};

@InterfaceType({
  description: "Anything with an id of its own, which `node` finds again.",
  resolveType: (value: object) => typeNames.get(value.constructor),
})
export abstract class Node {
  @Field(() => ID, { description: "Opaque, and the same for everyone who may see this." })
  readonly id!: string;
}
