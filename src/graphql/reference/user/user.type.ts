import { Field, ObjectType } from "type-graphql";
import { type PublicUser, UserEntity } from "../../../platform/users/user.entity.js";
import { Node, isResolvedFrom } from "../../relay/node.type.js";

@ObjectType({ implements: Node, description: "A person who writes or narrates stories, or both." })
export class User extends Node {
  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "The URL of the user's picture; null if the user gave no picture.",
  })
  readonly avatarUrl!: string | null;
}
isResolvedFrom("User", UserEntity);

/** The source object of the User fields. */
export type UserSource = PublicUser;
