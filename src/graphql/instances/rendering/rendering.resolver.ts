import { Arg, Ctx, Field, FieldResolver, Mutation, ObjectType, Resolver, Root } from "type-graphql";
import {
  type NarrationView,
  countRender,
  isOwn,
  readIdempotentRequest,
} from "../../../instances/index.js";
import type { FabulaContext } from "../../context.js";
import { MutationPayload, mutation } from "../../mutation.js";
import { NarrationPayload } from "../narration/narration-mutation.resolver.js";
import { UserStoryNarration } from "../narration/narration.type.js";
import { toVoice } from "../voice/voice.mapper.js";
import {
  CancelNarrationInput,
  NarrationProgress,
  PreviewVoiceInput,
  RenderEstimate,
  RenderNarrationInput,
  VoicePreview,
} from "./rendering.type.js";

@ObjectType({ description: "The result of renderNarration." })
class RenderNarrationPayload extends NarrationPayload {}
@ObjectType({ description: "The result of cancelNarration." })
class CancelNarrationPayload extends NarrationPayload {}

@ObjectType({ description: "The result of previewVoice." })
class PreviewVoicePayload extends MutationPayload {
  @Field(() => VoicePreview, {
    simple: true,
    nullable: true,
    description: "The sound; null if the mutation failed.",
  })
  readonly preview!: VoicePreview | null;
}

@Resolver(() => UserStoryNarration)
export class NarrationRenderingResolver {
  @Mutation(() => PreviewVoicePayload, {
    nullable: true,
    description:
      "Speaks a short text in a voice, so that people can hear the voice before a long render.",
  })
  previewVoice(
    @Ctx() context: FabulaContext,
    @Arg("input", () => PreviewVoiceInput, { description: "The voice, the text and the delivery." })
    { voice, ...input }: PreviewVoiceInput,
  ): Promise<object> {
    return mutation(context, async (owner, ids) => {
      const { services, leaving } = context;
      const preview = { ...input, voice: ids.readOptional(voice, "Voice", ["voice"]) };
      const { blobKey, grant, ...sound } = await services.previews.preview(
        owner,
        preview,
        leaving.signal,
        ids.problems,
      );
      const file = {
        ...{ key: blobKey, fileName: "preview.wav", contentType: "audio/wav" },
        grant,
      };
      return { preview: { ...services.media.sign(file), ...sound } };
    });
  }

  @Mutation(() => RenderNarrationPayload, {
    nullable: true,
    description:
      "Starts a render of the current script in the background. Follow the render with narrationProgress. The render speaks only segments without a sound, also after a failure or an edit. If the audio is already up to date, the narration does not change. Fails with CONFLICT if a voice is gone or does not speak the story's language. The message then names voices to choose.",
  })
  renderNarration(
    @Ctx() context: FabulaContext,
    @Arg("input", () => RenderNarrationInput, { description: "The narration." })
    input: RenderNarrationInput,
  ): Promise<object> {
    return mutation(context, async (owner, ids) => {
      const { id, version } = input;
      const at = { id: ids.read(id, "UserStoryNarration", ["id"]), version };
      const request = ids.problems.check(
        () => readIdempotentRequest("renderNarration", input),
        undefined,
      );
      ids.problems.refuse();
      const row = await context.services.rendering.request(owner, at, request);
      return { narration: row, storyId: row.referenceStoryId };
    });
  }

  @Mutation(() => CancelNarrationPayload, {
    nullable: true,
    description:
      "Cancels a render. The segments that the render spoke are kept. Does nothing if no render is under way.",
  })
  cancelNarration(
    @Ctx() context: FabulaContext,
    @Arg("input", () => CancelNarrationInput, { description: "The narration." })
    { id }: CancelNarrationInput,
  ): Promise<object> {
    return mutation(context, async (owner, ids) => {
      const raw = ids.read(id, "UserStoryNarration", ["id"]);
      ids.problems.refuse();
      const row = await context.services.rendering.cancel(owner, raw);
      return { narration: row, storyId: row.referenceStoryId };
    });
  }

  @FieldResolver(() => NarrationProgress, {
    nullable: true,
    description:
      "The progress of the latest render. null before the first render, and for viewers other than the owner.",
  })
  async progress(
    @Root() narration: NarrationView,
    @Ctx() { instances, services }: FabulaContext,
  ): Promise<NarrationProgress | null> {
    const { id, status } = narration;
    const render = isOwn(narration) ? ((await instances?.renders.latest.load(id)) ?? null) : null;
    return render && countRender(render, status, services.clock.now());
  }

  @FieldResolver(() => RenderEstimate, {
    nullable: true,
    description:
      "The work, time and cost of a render that starts now. null until the narration has a script, and for viewers other than the owner.",
  })
  async renderEstimate(
    @Root() narration: NarrationView,
    @Ctx() context: FabulaContext,
  ): Promise<RenderEstimate | null> {
    const { id: narrationId, segmentCount } = narration;
    const isKnown = isOwn(narration) && segmentCount > 0;
    const estimate = isKnown ? ((await context.estimates?.load(narrationId)) ?? null) : null;
    if (!estimate) return null;
    const unavailableVoices = await Promise.all(
      estimate.unavailableVoices.map(async ({ id, name: storedName }) =>
        toVoice(context, { id, storedName }, narration),
      ),
    );
    const silentSegments = estimate.silentSegments.map(({ position, reason }) => ({
      index: position,
      reason,
    }));
    return { ...estimate, unavailableVoices, silentSegments };
  }
}
