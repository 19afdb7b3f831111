import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from "type-graphql";
import type { FabulaContext } from "../../context.js";
import { MutationPayload, mutation } from "../../mutation.js";

@InputType({
  description: "Changes to what you say about yourself. An absent field does not change.",
})
class UpdateProfileInput {
  @Field(() => String, {
    nullable: true,
    description:
      "Your public name, at most 100 characters. null removes the name. A search for stories also finds the name of their author.",
  })
  readonly displayName?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The language in which you want to use apps, as a BCP 47 tag, for example en or pt-BR. Cannot be null.",
  })
  readonly preferredLanguage?: string | null;
}

@ObjectType({ description: "The result of updateProfile. `viewer` is you after the change." })
class UpdateProfilePayload extends MutationPayload {}

@Resolver()
export class ProfileMutationResolver {
  @Mutation(() => UpdateProfilePayload, {
    nullable: true,
    description: "Changes your public name or your language.",
  })
  updateProfile(
    @Ctx() context: FabulaContext,
    @Arg("input", () => UpdateProfileInput, { description: "The changes." })
    { displayName, preferredLanguage }: UpdateProfileInput,
  ): Promise<object> {
    return mutation(context, async ({ userId }) => {
      await context.services.profiles.update(userId, { displayName, preferredLanguage });
      return {};
    });
  }
}
