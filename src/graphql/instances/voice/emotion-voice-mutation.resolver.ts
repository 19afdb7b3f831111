import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver, Root } from "type-graphql";
import type { EmotionVoiceEntity } from "../../../instances/index.js";
import type { FabulaContext } from "../../context.js";
import { MutationPayload, mutation } from "../../mutation.js";
import { VoiceModulationTemplate } from "../../reference/voice-modulation.type.js";
import { Voice } from "../../reference/voice.type.js";
import { fromGlobalId, integerFromGlobalId, toGlobalId } from "../../relay/global-id.js";
import {
  DeleteEmotionVoiceInput,
  TrainEmotionVoiceInput,
  UserEmotionVoice,
} from "./emotion-voice.type.js";
import { findVoice } from "./voice.mapper.js";

/** The outcome of a mutation. `voice` is `provider:own-<random>`. */
interface VoiceOutcome {
  readonly voice?: string | null;
  readonly emotionVoices?: readonly EmotionVoiceEntity[];
  readonly templateId?: number;
}

@ObjectType({ description: "The result of trainEmotionVoice." })
class TrainEmotionVoicePayload extends MutationPayload {
  @Field(() => Voice, {
    nullable: true,
    description: "The viewer's own voice that is trained; null if the mutation failed.",
  })
  async voice(
    @Root() { voice }: VoiceOutcome,
    @Ctx() context: FabulaContext,
  ): Promise<object | null> {
    return voice ? findVoice(context, voice) : null;
  }

  @Field(() => [UserEmotionVoice], {
    description:
      "The emotion voices that are in training now, in the order of their training, and those that need more speech first. After a CONFLICT with a training: the emotion voice in training. Empty after any other failure.",
  })
  emotionVoices(@Root() { emotionVoices = [] }: VoiceOutcome): readonly object[] {
    return emotionVoices;
  }
}

@ObjectType({ description: "The result of deleteEmotionVoice." })
class DeleteEmotionVoicePayload extends MutationPayload {
  @Field(() => ID, {
    simple: true,
    nullable: true,
    description: "The id of the deleted emotion voice; null if the mutation failed.",
  })
  readonly deletedId!: string | null;

  @Field(() => Voice, {
    nullable: true,
    description:
      "The viewer's own voice with its other emotion voices; null if the voice had no others and is deleted, too, and if the mutation failed.",
  })
  async voice(
    @Root() { voice }: VoiceOutcome,
    @Ctx() context: FabulaContext,
  ): Promise<object | null> {
    return voice ? findVoice(context, voice) : null;
  }

  @Field(() => VoiceModulationTemplate, {
    nullable: true,
    description: "The template of the deleted emotion voice; null if the mutation failed.",
  })
  async template(
    @Root() { templateId }: VoiceOutcome,
    @Ctx() { reference }: FabulaContext,
  ): Promise<object | null> {
    return templateId === undefined ? null : reference.templates.byId.load(templateId);
  }
}

@Resolver()
export class EmotionVoiceMutationResolver {
  @Mutation(() => TrainEmotionVoicePayload, {
    nullable: true,
    description:
      "Trains the viewer's own voice from accepted voice samples, the neutral voice first. Needs the viewer's consent: grantVoiceConsent. Follow voiceTrainingProgress. Training again makes the next revision; until it is ready, the earlier one speaks.",
  })
  trainEmotionVoice(
    @Ctx() context: FabulaContext,
    @Arg("input", () => TrainEmotionVoiceInput, { description: "The voice and the templates." })
    { voiceId, templateIds, ...input }: TrainEmotionVoiceInput,
  ): Promise<object> {
    return mutation(context, (owner) =>
      context.services.emotionVoices.train(owner, {
        ...input,
        voiceId: voiceId ? fromGlobalId(voiceId, "Voice", ["voiceId"]) : null,
        templateIds: (templateIds ?? []).map((id) =>
          integerFromGlobalId(id, "VoiceModulationTemplate", ["templateIds"]),
        ),
      }),
    );
  }

  @Mutation(() => DeleteEmotionVoicePayload, {
    nullable: true,
    description:
      "Deletes an emotion voice for ever, with all its revisions. Its voice samples can then be deleted. The last emotion voice takes its voice along. Refused with CONFLICT while a narration is rendered with the voice, and for a neutral voice that other emotion voices need.",
  })
  deleteEmotionVoice(
    @Ctx() context: FabulaContext,
    @Arg("input", () => DeleteEmotionVoiceInput, { description: "The emotion voice." })
    { id }: DeleteEmotionVoiceInput,
  ): Promise<object> {
    return mutation(context, async (owner) => {
      const raw = fromGlobalId(id, "UserEmotionVoice", ["id"]);
      const removed = await context.services.emotionVoices.remove(owner, raw);
      return { ...removed, deletedId: toGlobalId("UserEmotionVoice", raw) };
    });
  }
}
