import { Ctx, FieldResolver, ID, Resolver, Root } from "type-graphql";
import {
  type SampleQuality as MeasuredQuality,
  type SampleStatus,
  type SpeechForTraining,
  type VoiceSampleEntity,
  isSampleAudible,
  readQuality,
  sampleGrantOf,
  speechForTraining,
} from "../../../instances/index.js";
import type { TemplateEntity } from "../../../reference/index.js";
import type { FabulaContext } from "../../context.js";
import { VoiceModulationTemplate } from "../../reference/voice-modulation/voice-modulation.type.js";
import { toGlobalId } from "../../relay/global-id.js";
import {
  RecordedSpeech,
  SampleQuality,
  SampleStatusType,
  UserVoiceSample,
} from "./voice-sample.type.js";

@Resolver(() => UserVoiceSample)
export class UserVoiceSampleResolver {
  @FieldResolver(() => ID, {
    description: "The voice sample's id. Send the id to `node` to read the voice sample again.",
  })
  id(@Root() { id }: VoiceSampleEntity): string {
    return toGlobalId("UserVoiceSample", id);
  }

  @FieldResolver(() => VoiceModulationTemplate, {
    nullable: true,
    description:
      "The template that the voice sample was recorded for; null if the template no longer exists.",
  })
  template(
    @Root() { templateId }: VoiceSampleEntity,
    @Ctx() { reference }: FabulaContext,
  ): Promise<TemplateEntity | null> {
    return reference.templates.byId.load(templateId);
  }

  @FieldResolver(() => SampleStatusType, {
    description: "Whether the recording is good enough to train a voice from.",
  })
  sampleStatus(@Root() { processingStatus }: VoiceSampleEntity): SampleStatus {
    return processingStatus;
  }

  @FieldResolver(() => SampleQuality, {
    nullable: true,
    description:
      "The measured quality; null while the sampleStatus is PROCESSING, and for a recording of the earlier platform that is not adopted.",
  })
  quality(@Root() { quality }: VoiceSampleEntity): MeasuredQuality | null {
    return readQuality(quality);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The URL of the normalised recording, a WAV file. The URL works for at least an hour, and stops within a minute after the voice sample is deleted or the consent ends. null until the recording is accepted, and without a consent.",
  })
  async audioUrl(
    @Root() sample: VoiceSampleEntity,
    @Ctx() { instances, services }: FabulaContext,
  ): Promise<string | null> {
    const consent = (await instances?.consent.live({})) ?? null;
    const { blobKey } = sample;
    if (blobKey === null || !isSampleAudible(sample, consent, services.clock.now())) return null;
    const file = { fileName: "voice-sample.wav", contentType: "audio/wav" };
    return services.media.sign({ ...file, key: blobKey, grant: sampleGrantOf(sample) }).url;
  }
}

/** Adds the viewer's recorded speech to the shared templates. */
@Resolver(() => VoiceModulationTemplate)
export class TemplateSpeechResolver {
  @FieldResolver(() => RecordedSpeech, {
    nullable: true,
    description:
      "How much speech the viewer recorded for this template, and how much a voice of the default provider needs. null if the viewer is anonymous, and if isTrainable is false.",
  })
  async viewerSpeech(
    @Root() template: TemplateEntity,
    @Ctx() { instances, services }: FabulaContext,
  ): Promise<SpeechForTraining | null> {
    const speech = await instances?.voiceSamples.speechOfTemplate.load(template.id);
    return speech
      ? speechForTraining(template, speech, services.emotionVoices.trainingNeed())
      : null;
  }
}
