import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from "type-graphql";
import {
  type AfterRevoking,
  CONSENT_STATEMENT,
  type ConsentEntity,
  type Revocation,
  VoiceSubject,
  type WholeNarration,
  isInForce,
} from "../../../instances/index.js";
import type { FabulaContext } from "../../context.js";
import { MutationPayload, loadFound, mutation } from "../../mutation.js";
import { UserStoryNarration } from "../narration/narration.type.js";
import { ReferenceStory } from "../../reference/story/story.type.js";
import { VoiceModulationTemplate } from "../../reference/voice-modulation/voice-modulation.type.js";
import { User, type UserSource } from "../../reference/user/user.type.js";
import {
  AfterRevokingType,
  ConsentStatement,
  VoiceConsent,
  VoiceSubjectType,
} from "./consent.type.js";

@InputType({ description: "The viewer's consent to the use of the viewer's voice." })
class GrantVoiceConsentInput {
  @Field(() => String, {
    description:
      "The version of the statement that the viewer read: voiceConsentStatement.version.",
  })
  readonly statementVersion!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The hash of the text that the viewer read: voiceConsentStatement.hash. If present, a different hash is a CONFLICT.",
  })
  readonly statementHash?: string | null;

  @Field(() => VoiceSubjectType, {
    defaultValue: VoiceSubject.Self,
    description: "Whose voice the viewer will record. Only SELF is accepted.",
  })
  readonly subject!: VoiceSubject;
}

@InputType({ description: "What happens to the recordings when the viewer revokes the consent." })
class RevokeVoiceConsentInput {
  @Field(() => AfterRevokingType, {
    description: "Whether the voice samples and emotion voices are kept or deleted.",
  })
  readonly recordings!: AfterRevoking;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      "True unpublishes the narrations that others hear in a personal voice of the viewer, also those of an earlier revocation.",
  })
  readonly unpublish!: boolean;
}

@ObjectType()
class ConsentPayload extends MutationPayload {
  @Field(() => [VoiceModulationTemplate], {
    description:
      "The templates whose voice samples and emotion voices changed: all that the viewer recorded for. Empty if the mutation failed.",
  })
  async templates(
    @Root() { userErrors, revocation }: ConsentOutcome,
    @Ctx() { instances, reference }: FabulaContext,
  ): Promise<readonly object[]> {
    if (userErrors.length > 0) return [];
    const kept = (await instances?.emotionVoices.recordedTemplateIds({})) ?? [];
    const ids = new Set([...kept, ...(revocation?.deletedTemplateIds ?? [])]);
    return loadFound(reference.templates.byId, [...ids]);
  }
}

interface ConsentOutcome extends MutationPayload {
  /** Absent if the mutation failed. */
  readonly revocation?: Revocation;
}

@ObjectType({ description: "The result of grantVoiceConsent." })
class GrantVoiceConsentPayload extends ConsentPayload {
  @Field(() => VoiceConsent, {
    simple: true,
    nullable: true,
    description: "The consent; null if the mutation failed.",
  })
  readonly voiceConsent!: object | null;
}

const remaining = (what: string) => ({
  simple: true,
  nullable: true,
  description: `The number of ${what}; null if the mutation failed.`,
});

@ObjectType({ description: "The result of revokeVoiceConsent." })
class RevokeVoiceConsentPayload extends ConsentPayload {
  @Field(() => Int, remaining("voice samples that are kept and not used"))
  readonly keptSamples!: number | null;

  @Field(() => Int, remaining("voice samples that were deleted"))
  readonly deletedSamples!: number | null;

  @Field(() => Int, remaining("emotion voices that are kept and not used"))
  readonly keptVoices!: number | null;

  @Field(() => Int, remaining("emotion voices that were deleted"))
  readonly deletedVoices!: number | null;

  @Field(() => Int, {
    description:
      "The number of renders in a personal voice that were under way and are cancelled; 0 if the mutation failed.",
  })
  cancelledRenders(@Root() { revocation }: ConsentOutcome): number {
    return revocation?.cancelledRenders ?? 0;
  }

  @Field(() => [UserStoryNarration], {
    description:
      "The narrations that others heard in a personal voice of the viewer, the newest first, also those of an earlier revocation. They stay published unless `unpublish` is true. Empty if the mutation failed.",
  })
  async publishedNarrations(
    @Root() { revocation }: ConsentOutcome,
    @Ctx() { instances }: FabulaContext,
  ): Promise<readonly WholeNarration[]> {
    const ids = revocation?.publishedNarrations ?? [];
    const rows = await Promise.all(ids.map(async (id) => instances?.narrations.byId.load(id)));
    return rows.flatMap((row) => row ?? []);
  }

  @Field(() => [ReferenceStory], {
    description:
      "The stories whose lists of narrations changed, because renders were cancelled or narrations unpublished. Empty if the mutation failed.",
  })
  stories(
    @Root() { revocation }: ConsentOutcome,
    @Ctx() { reference }: FabulaContext,
  ): Promise<readonly object[]> {
    return loadFound(reference.stories.byId, revocation?.storyIds ?? []);
  }

  @Field(() => Int, {
    description: "The number of narrations that are unpublished now; 0 if the mutation failed.",
  })
  unpublishedNarrations(@Root() { revocation }: ConsentOutcome): number {
    return revocation?.unpublishedNarrations ?? 0;
  }
}

@Resolver()
export class ConsentStatementResolver {
  @Query(() => ConsentStatement, {
    description:
      "The statement that a person agrees to before recording voice samples. Everyone may read the statement.",
  })
  voiceConsentStatement(): object {
    return CONSENT_STATEMENT;
  }
}

/** Adds the viewer's consent to the users. */
@Resolver(() => User)
export class ViewerConsentResolver {
  @FieldResolver(() => VoiceConsent, {
    nullable: true,
    description:
      "The viewer's consent to the use of the viewer's voice. null without a consent, after the consent was revoked or has expired, and if the user is not the viewer.",
  })
  async voiceConsent(
    @Root() user: UserSource,
    @Ctx() { owner, instances, services }: FabulaContext,
  ): Promise<ConsentEntity | null> {
    if (user.id !== owner?.userId) return null;
    const consent = await instances?.consent.live({});
    return consent && isInForce(consent, services.clock.now()) ? consent : null;
  }
}

@Resolver()
export class ConsentMutationResolver {
  @Mutation(() => GrantVoiceConsentPayload, {
    nullable: true,
    description:
      "Records that the viewer agrees to the consent statement. The viewer can then record voice samples. Suspended voice samples and emotion voices become usable again. The consent expires after a year.",
  })
  grantVoiceConsent(
    @Ctx() context: FabulaContext,
    @Arg("input", () => GrantVoiceConsentInput, { description: "The statement, and whose voice." })
    input: GrantVoiceConsentInput,
  ): Promise<object> {
    return mutation(context, async (owner) => ({
      voiceConsent: await context.services.consents.grant(owner, input),
    }));
  }

  @Mutation(() => RevokeVoiceConsentPayload, {
    nullable: true,
    description:
      "Revokes the viewer's consent. From then on, nothing new is spoken in the viewer's voice, and renders in this voice are cancelled. The sound that exists already stays with its narrations. DELETE also deletes what an earlier revocation kept.",
  })
  revokeVoiceConsent(
    @Ctx() context: FabulaContext,
    @Arg("input", () => RevokeVoiceConsentInput, {
      description: "What happens to the recordings.",
    })
    input: RevokeVoiceConsentInput,
  ): Promise<object> {
    return mutation(context, async (owner) => {
      const { recordings, unpublish } = input;
      const { consents } = context.services;
      const revocation = await consents.revoke(owner, recordings, { unpublish });
      const { keptSamples, deletedSamples, keptVoices, deletedVoices } = revocation;
      return { keptSamples, deletedSamples, keptVoices, deletedVoices, revocation };
    });
  }
}
