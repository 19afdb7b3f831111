import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from "type-graphql";
import {
  countRender,
  mediaGrantOf,
  readIdempotentRequest,
  timedChapters,
} from "../../instances/index.js";
import type { NarrationFiles } from "../../reference/index.js";
import type { FabulaContext, MediaLink } from "../context.js";
import { DateTime } from "../scalars.js";
import { fromGlobalId } from "../relay/global-id.js";
import { MutationPayload, mutation } from "../mutation.js";
import { NarrationPayload } from "./narration-mutation.resolver.js";
import { toNarration } from "./narration.mapper.js";
import { UserStoryNarration } from "./narration.type.js";
import { toVoice } from "./voice/voice.mapper.js";
import {
  AudioUrlArgs,
  CancelNarrationInput,
  CaptionsUrlArgs,
  NarrationAudio,
  type NarrationChapter,
  NarrationProgress,
  PreviewVoiceInput,
  RenderEstimate,
  RenderNarrationInput,
  VoicePreview,
} from "./rendering.type.js";

const MEDIA_TYPES = {
  mp3: "audio/mpeg",
  opus: "audio/ogg; codecs=opus",
  wav: "audio/wav",
  captions: "text/vtt",
  timings: "application/json",
} as const;

const EXTENSIONS = {
  mp3: "mp3",
  opus: "ogg",
  wav: "wav",
  captions: "vtt",
  timings: "json",
} as const;

interface AudioSource extends Pick<NarrationFiles, "loudnessLufs" | "sizeBytes"> {
  readonly chapters: readonly NarrationChapter[];
  readonly files: NarrationFiles;
  readonly durationMs: number;
  readonly fileName: string;
  readonly narration: Pick<UserStoryNarration, "narrationId" | "unpublishedCount">;
}

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
    return mutation(context, async (owner) => {
      const { services, leaving } = context;
      const raw = fromGlobalId(voice, "Voice", ["voice"]);
      const { blobKey, grant, ...sound } = await services.previews.preview(
        owner,
        { ...input, voice: raw },
        leaving.signal,
      );
      const file = {
        ...{ key: blobKey, fileName: "preview.wav", contentType: MEDIA_TYPES.wav },
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
    return mutation(context, async (owner) => {
      const { id, version } = input;
      const at = { id: fromGlobalId(id, "UserStoryNarration", ["id"]), version };
      const request = readIdempotentRequest("renderNarration", input);
      const row = await context.services.rendering.request(owner, at, request);
      return { narration: toNarration(row), storyId: row.referenceStoryId };
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
    return mutation(context, async (owner) => {
      const raw = fromGlobalId(id, "UserStoryNarration", ["id"]);
      const row = await context.services.rendering.cancel(owner, raw);
      return { narration: toNarration(row), storyId: row.referenceStoryId };
    });
  }

  @FieldResolver(() => NarrationProgress, {
    nullable: true,
    description:
      "The progress of the latest render. null before the first render, and for viewers other than the owner.",
  })
  async progress(
    @Root() { narrationId, isOwn, status }: UserStoryNarration,
    @Ctx() { instances, services }: FabulaContext,
  ): Promise<NarrationProgress | null> {
    const render = isOwn ? ((await instances?.renders.latest.load(narrationId)) ?? null) : null;
    return render && countRender(render, status, services.clock.now());
  }

  @FieldResolver(() => RenderEstimate, {
    nullable: true,
    description:
      "The work, time and cost of a render that starts now. null until the narration has a script, and for viewers other than the owner.",
  })
  async renderEstimate(
    @Root() narration: UserStoryNarration,
    @Ctx() context: FabulaContext,
  ): Promise<RenderEstimate | null> {
    const { narrationId, isOwn, segmentCount } = narration;
    const isKnown = isOwn && segmentCount > 0;
    const estimate = isKnown ? ((await context.estimates?.load(narrationId)) ?? null) : null;
    if (!estimate) return null;
    const unavailableVoices = await Promise.all(
      estimate.unavailableVoices.map(({ id, name: storedName }) =>
        toVoice(context, { id, storedName }, narration),
      ),
    );
    const silentSegments = estimate.silentSegments.map(({ position, reason }) => ({
      index: position,
      reason,
    }));
    return { ...estimate, unavailableVoices, silentSegments };
  }

  @FieldResolver(() => NarrationAudio, {
    nullable: true,
    description:
      "The audio of the last successful render. null before the first successful render. The audio stays available while a later render is under way and after a later render fails. Viewers other than the owner get the published audio.",
  })
  audio(@Root() narration: UserStoryNarration): AudioSource | null {
    const { audio, durationMs, narrationId } = narration;
    if (!audio || durationMs === null) return null;
    const { loudnessLufs, sizeBytes } = audio;
    const chapters = timedChapters(audio, durationMs);
    const fileName = `narration-${narrationId}`;
    return { files: audio, durationMs, loudnessLufs, sizeBytes, chapters, fileName, narration };
  }
}

@Resolver(() => NarrationAudio)
export class NarrationAudioResolver {
  @FieldResolver(() => String, {
    description:
      "The signed URL of the audio. The URL works until expiresAt and supports range requests.",
  })
  url(
    @Root() source: AudioSource,
    @Ctx() context: FabulaContext,
    @Args(() => AudioUrlArgs) { format }: AudioUrlArgs,
  ): string {
    return signLink(context, source, format).url;
  }

  @FieldResolver(() => String, {
    description:
      "The signed URL of the captions, with the speakers' names and a time for every word. The URL works until expiresAt.",
  })
  captionsUrl(
    @Root() source: AudioSource,
    @Ctx() context: FabulaContext,
    @Args(() => CaptionsUrlArgs) { format }: CaptionsUrlArgs,
  ): string {
    return signLink(context, source, format).url;
  }

  @FieldResolver(() => String, {
    description:
      "The signed URL of a JSON document with the times of chapters, segments and words. The URL works until expiresAt. The document never changes. The form of the document: {version, durationMs, chapters: [{title, startMs, endMs}], segments: [{id, text, speaker: {id, name}, story: {start, end}, startMs, endMs, words: [{text, start, end, startMs, endMs}]}]}. A segment's id is its index. speaker and story may be null. The times of words count from the start of the narration.",
  })
  timingsUrl(@Root() source: AudioSource, @Ctx() context: FabulaContext): string {
    return signLink(context, source, "timings").url;
  }

  @FieldResolver(() => DateTime, {
    description: "When the URLs stop working. Request new URLs before this time.",
  })
  expiresAt(@Root() source: AudioSource, @Ctx() context: FabulaContext): Date {
    return signLink(context, source, "mp3").expiresAt;
  }
}

function signLink(
  { services }: FabulaContext,
  { files, fileName, narration }: AudioSource,
  file: keyof typeof MEDIA_TYPES,
): MediaLink {
  return services.media.sign({
    key: files[file],
    fileName: `${fileName}.${EXTENSIONS[file]}`,
    contentType: MEDIA_TYPES[file],
    grant: mediaGrantOf(narration, files[file]),
  });
}
