import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver, Root } from "type-graphql";
import type { Owner, VoiceSampleEntity } from "../../../instances/index.js";
import type { FabulaContext } from "../../context.js";
import { MutationPayload, deletedIdOf, mutation } from "../../mutation.js";
import { VoiceModulationTemplate } from "../../reference/voice-modulation/voice-modulation.type.js";
import { fromGlobalId, toGlobalId } from "../../relay/global-id.js";
import type { InputIds } from "../../relay/input-ids.js";
import {
  AddVoiceSampleInput,
  AdoptVoiceSampleInput,
  DeleteVoiceSampleInput,
  PreferVoiceSampleInput,
  UserVoiceSample,
} from "./voice-sample.type.js";

/** The outcome of a mutation that changed a voice sample. */
interface SampleOutcome {
  readonly voiceSample?: VoiceSampleEntity;
  readonly templateId?: number;
}

@ObjectType()
class TemplatePayload extends MutationPayload {
  @Field(() => VoiceModulationTemplate, {
    nullable: true,
    description:
      "The template of the voice sample, with its changed list of voice samples; null if the mutation failed.",
  })
  async template(
    @Root() { templateId }: SampleOutcome,
    @Ctx() { reference }: FabulaContext,
  ): Promise<object | null> {
    return templateId === undefined ? null : reference.templates.byId.load(templateId);
  }
}

@ObjectType()
class VoiceSamplePayload extends TemplatePayload {
  @Field(() => UserVoiceSample, {
    simple: true,
    nullable: true,
    description:
      "The voice sample after the change. After a CONFLICT with the voice sample's state: the current voice sample. null after any other failure.",
  })
  readonly voiceSample!: object | null;
}

const describeResult = (name: string): { description: string } => ({
  description: `The result of ${name}.`,
});

@ObjectType(describeResult("addVoiceSample"))
class AddVoiceSamplePayload extends VoiceSamplePayload {}
@ObjectType(describeResult("preferVoiceSample"))
class PreferVoiceSamplePayload extends VoiceSamplePayload {}
@ObjectType(describeResult("adoptVoiceSample"))
class AdoptVoiceSamplePayload extends VoiceSamplePayload {}
@ObjectType(describeResult("deleteVoiceSample"))
class DeleteVoiceSamplePayload extends TemplatePayload {
  @Field(() => ID, deletedIdOf("voice sample"))
  readonly deletedId!: string | null;
}

@Resolver()
export class VoiceSampleMutationResolver {
  @Mutation(() => AddVoiceSamplePayload, {
    nullable: true,
    description:
      "Makes a voice sample from an upload. Needs the viewer's consent: grantVoiceConsent. The server then measures the recording; follow voiceSampleProgress. The same request sent twice gives the same voice sample.",
  })
  addVoiceSample(
    @Ctx() context: FabulaContext,
    @Arg("input", () => AddVoiceSampleInput, { description: "The recording and its template." })
    input: AddVoiceSampleInput,
  ): Promise<object> {
    return sampleMutation(context, (owner, ids) => {
      const sample = {
        templateId: ids.readInteger(input.templateId, "VoiceModulationTemplate", ["templateId"]),
        uploadId: ids.read(input.uploadId, "Upload", ["uploadId"]),
        transcript: input.transcript,
      };
      return context.services.voiceSamples.add(owner, sample, ids.problems);
    });
  }

  @Mutation(() => PreferVoiceSamplePayload, {
    nullable: true,
    description:
      "Makes an accepted voice sample the preferred one of its template. No other voice sample of the template is preferred then.",
  })
  preferVoiceSample(
    @Ctx() context: FabulaContext,
    @Arg("input", () => PreferVoiceSampleInput, { description: "The voice sample." })
    { id }: PreferVoiceSampleInput,
  ): Promise<object> {
    return sampleMutation(context, (owner) =>
      context.services.voiceSamples.prefer(owner, readId(id)),
    );
  }

  @Mutation(() => AdoptVoiceSamplePayload, {
    nullable: true,
    description:
      "Puts a voice sample of the earlier platform under the viewer's consent. The server then measures the recording like a new recording. Fails with CONFLICT if the recording is on another server or is missing. The message then says what to do. The same request sent twice adopts the voice sample once.",
  })
  adoptVoiceSample(
    @Ctx() context: FabulaContext,
    @Arg("input", () => AdoptVoiceSampleInput, { description: "The voice sample." })
    { id }: AdoptVoiceSampleInput,
  ): Promise<object> {
    return sampleMutation(context, (owner) =>
      context.services.voiceSamples.adopt(owner, readId(id)),
    );
  }

  @Mutation(() => DeleteVoiceSamplePayload, {
    nullable: true,
    description:
      "Deletes a voice sample and its recording for ever. Refused with CONFLICT while a voice that is trained from the voice sample lives.",
  })
  deleteVoiceSample(
    @Ctx() context: FabulaContext,
    @Arg("input", () => DeleteVoiceSampleInput, { description: "The voice sample." })
    { id }: DeleteVoiceSampleInput,
  ): Promise<object> {
    return mutation(context, async (owner) => {
      const { templateId } = await context.services.voiceSamples.remove(owner, readId(id));
      return { templateId, deletedId: toGlobalId("UserVoiceSample", readId(id)) };
    });
  }
}

const readId = (id: string): string => fromGlobalId(id, "UserVoiceSample", ["id"]);

const sampleMutation = (
  context: FabulaContext,
  change: (owner: Owner, ids: InputIds) => Promise<VoiceSampleEntity>,
): Promise<object> =>
  mutation(context, async (owner, ids): Promise<SampleOutcome> => {
    const voiceSample = await change(owner, ids);
    return { voiceSample, templateId: voiceSample.templateId };
  });
