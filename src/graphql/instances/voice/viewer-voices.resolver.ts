import { Args, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import type { EmotionVoiceEntity } from "../../../instances/index.js";
import type { TemplateEntity } from "../../../reference/index.js";
import type { FabulaContext } from "../../context.js";
import type { BoundList } from "../../relay/cursor.js";
import { EMPTY_LISTING, ConnectionArgs, toConnection } from "../../relay/pagination.js";
import { VoiceModulationTemplate } from "../../reference/voice-modulation/voice-modulation.type.js";
import { UserEmotionVoice } from "./emotion-voice.type.js";
import { UserVoiceSampleConnection } from "./voice-sample.type.js";

/** Adds the viewer's voice samples and emotion voices to the shared templates. */
@Resolver(() => VoiceModulationTemplate)
export class TemplateInstancesResolver {
  @FieldResolver(() => UserVoiceSampleConnection, {
    description:
      "The viewer's voice samples for this template, newest first; empty if the viewer is anonymous.",
  })
  viewerSamples(
    @Root() { id }: TemplateEntity,
    @Ctx() { instances }: FabulaContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
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
      "The viewer's emotion voice for this template: the latest ready voice, or else the latest voice. null if the viewer has no voice for this template.",
  })
  async viewerVoice(
    @Root() { id }: TemplateEntity,
    @Ctx() { instances }: FabulaContext,
  ): Promise<EmotionVoiceEntity | null> {
    return instances ? instances.emotionVoices.ofTemplate.load(id) : null;
  }
}
