import { Ctx, FieldResolver, ID, Int, Resolver, Root } from "type-graphql";
import {
  type EmotionVoiceEntity,
  type SpeechForTraining,
  etaSecondsOf,
  missingSpeechOf,
} from "../../../instances/index.js";
import type { TemplateEntity } from "../../../reference/index.js";
import type { FabulaContext } from "../../context.js";
import { VoiceModulationTemplate } from "../../reference/voice-modulation/voice-modulation.type.js";
import { Voice } from "../../reference/voice/voice.type.js";
import { toGlobalId } from "../../relay/global-id.js";
import { UserEmotionVoice } from "./emotion-voice.type.js";
import { toPersonalVoice } from "./voice.mapper.js";
import { MissingSpeech } from "./voice-sample.type.js";

@Resolver(() => UserEmotionVoice)
export class UserEmotionVoiceResolver {
  @FieldResolver(() => ID, {
    description: "The emotion voice's id. Send the id to `node` to read the emotion voice again.",
  })
  id(@Root() { id }: EmotionVoiceEntity): string {
    return toGlobalId("UserEmotionVoice", id);
  }

  @FieldResolver(() => VoiceModulationTemplate, {
    nullable: true,
    description:
      "The template that the voice was trained for; null if the template no longer exists.",
  })
  template(
    @Root() { templateId }: EmotionVoiceEntity,
    @Ctx() { reference }: FabulaContext,
  ): Promise<TemplateEntity | null> {
    return reference.templates.byId.load(templateId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "Why the training failed; null if the training did not fail.",
  })
  trainingFailure(@Root() { failure }: EmotionVoiceEntity): string | null {
    return failure?.message ?? null;
  }

  @FieldResolver(() => Voice, {
    nullable: true,
    description:
      "The viewer's own voice that the emotion voice belongs to; null for an emotion voice of the earlier platform.",
  })
  async voice(
    @Root() { voiceId }: EmotionVoiceEntity,
    @Ctx() context: FabulaContext,
  ): Promise<Voice | null> {
    const own = (await context.ownVoices()).find(({ rowId }) => rowId === voiceId);
    return own ? toPersonalVoice(context, own) : null;
  }

  @FieldResolver(() => MissingSpeech, {
    nullable: true,
    description:
      "What the viewer must still record before the next training. null if no voice can be trained for the template, and unless the emotion voice is usable.",
  })
  async missing(
    @Root() emotionVoice: EmotionVoiceEntity,
    @Ctx() { instances, reference, services }: FabulaContext,
  ): Promise<SpeechForTraining["missing"] | null> {
    const { templateId, provider } = emotionVoice;
    const template = await reference.templates.byId.load(templateId);
    const speech = await instances?.voiceSamples.speechOfTemplate.load(templateId);
    if (!template || !speech) return null;
    const need = services.emotionVoices.trainingNeed(provider);
    return missingSpeechOf(emotionVoice, { template, speech }, need);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      "An estimate of the seconds until the training ends, with the trainings before it. null unless the trainingStatus is TRAINING. Also null while the training waits for a new consent.",
  })
  async etaSeconds(
    @Root() { id }: EmotionVoiceEntity,
    @Ctx() { instances, services }: FabulaContext,
  ): Promise<number | null> {
    const awaited = (await instances?.emotionVoices.awaited({})) ?? [];
    return etaSecondsOf(awaited, id, services.clock.now());
  }
}

/** Adds the viewer's emotion voices to the viewer's own voices. */
@Resolver(() => Voice)
export class VoiceEmotionsResolver {
  @FieldResolver(() => [UserEmotionVoice], {
    description:
      "The emotion voices of the viewer's own voice: the latest one for each template, neutral first. Empty for every other voice.",
  })
  async emotionVoices(
    @Root() { voiceId }: Voice,
    @Ctx() { instances }: FabulaContext,
  ): Promise<readonly EmotionVoiceEntity[]> {
    return (await instances?.emotionVoices.ofVoice.load(voiceId))?.latest ?? [];
  }
}
