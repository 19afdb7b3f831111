import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver, Root } from "type-graphql";
import type { EmotionVoiceEntity } from "../../../instances/index.js";
import type { FabulaContext } from "../../context.js";
import { MutationPayload, deletedIdOf, loadFound, mutation } from "../../mutation.js";
import { VoiceModulationTemplate } from "../../reference/voice-modulation/voice-modulation.type.js";
import { Voice } from "../../reference/voice/voice.type.js";
import { fromGlobalId, toGlobalId } from "../../relay/global-id.js";
import {
  AdoptEmotionVoiceInput,
  DeleteEmotionVoiceInput,
  TrainEmotionVoiceInput,
  UserEmotionVoice,
} from "./emotion-voice.type.js";
import { findVoice } from "./voice.mapper.js";

/** The outcome of a mutation. No member has the name of a field, because the member would hide the field. */
interface VoiceOutcome extends Partial<Pick<MutationPayload, "userErrors">> {
  /** `provider:own-<random>` */
  readonly voiceId?: string | null;
  readonly asked?: readonly EmotionVoiceEntity[];
  readonly templateId?: number;
}

@ObjectType()
class EmotionVoicesPayload extends MutationPayload {
  @Field(() => [VoiceModulationTemplate], {
    description:
      "The templates of `emotionVoices`, read after the change. The change alters the templates' voice samples and voices. Empty if the mutation failed.",
  })
  templates(
    @Root() { asked = [], userErrors = [] }: VoiceOutcome,
    @Ctx() { reference }: FabulaContext,
  ): Promise<readonly object[]> {
    const ids = userErrors.length > 0 ? [] : asked.map(({ templateId }) => templateId);
    return loadFound(reference.templates.byId, ids);
  }
}

@ObjectType({ description: "The result of trainEmotionVoice." })
class TrainEmotionVoicePayload extends EmotionVoicesPayload {
  @Field(() => Voice, {
    nullable: true,
    description: "The viewer's own voice that is trained; null if the mutation failed.",
  })
  async voice(
    @Root() { voiceId }: VoiceOutcome,
    @Ctx() context: FabulaContext,
  ): Promise<object | null> {
    return voiceId ? findVoice(context, voiceId) : null;
  }

  @Field(() => [UserEmotionVoice], {
    description:
      "The emotion voices that are in training now, in the order of their training, and those that need more speech first. After a CONFLICT with a training: the emotion voice in training. Empty after any other failure.",
  })
  emotionVoices(@Root() { asked = [] }: VoiceOutcome): readonly object[] {
    return asked;
  }
}

@ObjectType({ description: "The result of adoptEmotionVoice." })
class AdoptEmotionVoicePayload extends EmotionVoicesPayload {
  @Field(() => Voice, {
    nullable: true,
    description:
      "The viewer's own voice that the emotion voice belongs to; null if the mutation failed, and for an emotion voice without a voice.",
  })
  async voice(
    @Root() { voiceId }: VoiceOutcome,
    @Ctx() context: FabulaContext,
  ): Promise<object | null> {
    return voiceId ? findVoice(context, voiceId) : null;
  }

  @Field(() => [UserEmotionVoice], {
    description:
      "The adopted emotion voices, the neutral one first. If nothing had to be adopted: the emotion voice of the input. After a CONFLICT with its state: the current emotion voice. Empty after any other failure.",
  })
  emotionVoices(@Root() { asked = [] }: VoiceOutcome): readonly object[] {
    return asked;
  }
}

@ObjectType({ description: "The result of deleteEmotionVoice." })
class DeleteEmotionVoicePayload extends MutationPayload {
  @Field(() => ID, deletedIdOf("emotion voice"))
  readonly deletedId!: string | null;

  @Field(() => Voice, {
    nullable: true,
    description:
      "The viewer's own voice with its other emotion voices; null if the voice had no others and is deleted, too, and if the mutation failed.",
  })
  async voice(
    @Root() { voiceId }: VoiceOutcome,
    @Ctx() context: FabulaContext,
  ): Promise<object | null> {
    return voiceId ? findVoice(context, voiceId) : null;
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
    return mutation(context, async (owner, ids): Promise<VoiceOutcome> => {
      const request = {
        ...input,
        voiceId: ids.readOptional(voiceId, "Voice", ["voiceId"]),
        templateIds: (templateIds ?? []).map((id, at) =>
          ids.readInteger(id, "VoiceModulationTemplate", ["templateIds", String(at)]),
        ),
      };
      const { emotionVoices: service } = context.services;
      const { voice, emotionVoices } = await service.train(owner, request, ids.problems);
      return { voiceId: voice, asked: emotionVoices };
    });
  }

  @Mutation(() => AdoptEmotionVoicePayload, {
    nullable: true,
    description:
      "Puts a trained emotion voice of the earlier platform under the viewer's consent, so that the voice can speak. Its neutral voice is adopted, too, because every voice needs it. Needs the viewer's consent: grantVoiceConsent. The speech provider is asked whether it still has the voice. If the latest training failed, the latest one that is ready is adopted. Adopting a usable emotion voice changes nothing.",
  })
  adoptEmotionVoice(
    @Ctx() context: FabulaContext,
    @Arg("input", () => AdoptEmotionVoiceInput, { description: "The emotion voice." })
    { id }: AdoptEmotionVoiceInput,
  ): Promise<object> {
    return mutation(context, async (owner): Promise<VoiceOutcome> => {
      const raw = fromGlobalId(id, "UserEmotionVoice", ["id"]);
      const { adoptions } = context.services;
      const { voice, emotionVoices } = await adoptions.adopt(owner, raw, context.leaving.signal);
      return { voiceId: voice, asked: emotionVoices };
    });
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
      const { voice, templateId } = await context.services.emotionVoices.remove(owner, raw);
      return { voiceId: voice, templateId, deletedId: toGlobalId("UserEmotionVoice", raw) };
    });
  }
}
