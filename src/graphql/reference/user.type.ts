import { Field, ObjectType } from "type-graphql";
import { UserEntity } from "../../platform/users/user.entity.js";
import { Node, isResolvedFrom } from "../relay/node.type.js";

@ObjectType({ implements: Node, description: "A person: an author, a narrator, or both." })
export class User extends Node {
  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The name they go by; null where they gave none.",
  })
  readonly displayName!: string | null;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "Their picture; null where they gave none.",
  })
  readonly avatarUrl!: string | null;
}
isResolvedFrom("User", UserEntity);

/** What a User is resolved from. */
export type UserSource = UserEntity;
