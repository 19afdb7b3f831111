import { Args, Ctx, FieldResolver, ID, Resolver, Root } from "type-graphql";
import type { EmotionVoiceEntity, VoiceSampleEntity } from "../../instances/index.js";
import type { TemplateEntity } from "../../reference/index.js";
import type { FabulaContext } from "../context.js";
import type { BoundList } from "../relay/cursor.js";
import { toGlobalId } from "../relay/global-id.js";
import { EMPTY_LISTING, ForwardArgs, toConnection } from "../relay/pagination.js";
import { VoiceModulationTemplate } from "../reference/voice-modulation.type.js";
import { TrainingStatusType, UserEmotionVoice } from "./emotion-voice.type.js";
import { UserVoiceSample, UserVoiceSampleConnection } from "./voice-sample.type.js";

/** Where a shared template meets what the viewer made of it. */
@Resolver(() => VoiceModulationTemplate)
export class TemplateInstancesResolver {
  @FieldResolver(() => UserVoiceSampleConnection, {
    description: "The viewer's recordings for this template, latest first; empty when anonymous.",
  })
  viewerSamples(
    @Root() { id }: TemplateEntity,
    @Ctx() { instances }: FabulaContext,
    @Args(() => ForwardArgs) args: ForwardArgs,
  ): Promise<object> {
    const list: BoundList = {
      name: "VoiceModulationTemplate.viewerSamples",
      place: { sort: "timestamptz", id: "bigint" },
      filter: {},
    };
    if (!instances) return toConnection(list, args, EMPTY_LISTING);
    return toConnection(list, args, {
      load: (page) => instances.voiceSamples.ofTemplate(page).load(id),
      count: () => instances.voiceSamples.countOfTemplate.load(id),
    });
  }

  @FieldResolver(() => UserEmotionVoice, {
    nullable: true,
    description:
      "The viewer's own voice for this template, a ready one first; null where there is none.",
  })
  async viewerVoice(
    @Root() { id }: TemplateEntity,
    @Ctx() { instances }: FabulaContext,
  ): Promise<EmotionVoiceEntity | null> {
    return instances ? instances.emotionVoices.ofTemplate.load(id) : null;
  }
}

@Resolver(() => UserVoiceSample)
export class UserVoiceSampleResolver {
  @FieldResolver(() => ID, { description: "Finds this recording again with `node`." })
  id(@Root() { id }: VoiceSampleEntity): string {
    return toGlobalId("UserVoiceSample", id);
  }

  @FieldResolver(() => VoiceModulationTemplate, {
    nullable: true,
    description: "What it is a recording of; null where the template is gone.",
  })
  template(
    @Root() { templateId }: VoiceSampleEntity,
    @Ctx() { reference }: FabulaContext,
  ): Promise<TemplateEntity | null> {
    return reference.templates.byId.load(templateId);
  }
}

@Resolver(() => UserEmotionVoice)
export class UserEmotionVoiceResolver {
  @FieldResolver(() => ID, { description: "Finds this voice again with `node`." })
  id(@Root() { id }: EmotionVoiceEntity): string {
    return toGlobalId("UserEmotionVoice", id);
  }

  @FieldResolver(() => VoiceModulationTemplate, {
    nullable: true,
    description: "What it is a voice for; null where the template is gone.",
  })
  template(
    @Root() { templateId }: EmotionVoiceEntity,
    @Ctx() { reference }: FabulaContext,
  ): Promise<TemplateEntity | null> {
    return reference.templates.byId.load(templateId);
  }

  @FieldResolver(() => TrainingStatusType, { description: "Where its training stands." })
  status(@Root() { trainingStatus }: EmotionVoiceEntity): string {
    return trainingStatus;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "Why its training failed; null unless it did.",
  })
  failure(@Root() { failure }: EmotionVoiceEntity): string | null {
    return failure?.message ?? null;
  }
}
