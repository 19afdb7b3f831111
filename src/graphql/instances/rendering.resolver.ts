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
import { countRender, readIdempotentRequest, timedChapters } from "../../instances/index.js";
import type { NarrationFiles } from "../../reference/index.js";
import type { FabulaContext, MediaLink } from "../context.js";
import { DateTime } from "../scalars.js";
import { fromGlobalId } from "../relay/global-id.js";
import { MutationPayload, mutation } from "../mutation.js";
import { toVoice } from "../reference/voice.mapper.js";
import { NarrationPayload } from "./narration-mutation.resolver.js";
import { toNarration } from "./narration.mapper.js";
import { UserStoryNarration } from "./narration.type.js";
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
}

@ObjectType({ description: "What renderNarration did." })
class RenderNarrationPayload extends NarrationPayload {}
@ObjectType({ description: "What cancelNarration did." })
class CancelNarrationPayload extends NarrationPayload {}

@ObjectType({ description: "What previewVoice made." })
class PreviewVoicePayload extends MutationPayload {
  @Field(() => VoicePreview, {
    simple: true,
    nullable: true,
    description: "The sound; null where the mutation failed.",
  })
  readonly preview!: VoicePreview | null;
}

@Resolver(() => UserStoryNarration)
export class NarrationRenderingResolver {
  @Mutation(() => PreviewVoicePayload, {
    nullable: true,
    description: "Says a few words in a voice, to be heard before a long render.",
  })
  previewVoice(
    @Ctx() context: FabulaContext,
    @Arg("input", () => PreviewVoiceInput, { description: "What to say, and how." })
    { voice, ...input }: PreviewVoiceInput,
  ): Promise<object> {
    return mutation(context, async (owner) => {
      const { previews, media } = context.services;
      const raw = fromGlobalId(voice, "Voice", ["voice"]);
      const { blobKey, ...sound } = await previews.preview(owner, { ...input, voice: raw });
      const file = { key: blobKey, fileName: "preview.wav", contentType: MEDIA_TYPES.wav };
      return { preview: { ...media.sign(file), ...sound } };
    });
  }

  @Mutation(() => RenderNarrationPayload, {
    nullable: true,
    description:
      "Has the script spoken as it is, in the background: follow it with narrationProgress. Speaks only what has no sound yet, so that after a failure or an edit it is also how that segment alone is tried again; a narration whose audio is up to date stays as it is. A voice that is gone is a CONFLICT that names some that are not.",
  })
  renderNarration(
    @Ctx() context: FabulaContext,
    @Arg("input", () => RenderNarrationInput, { description: "Which narration." })
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
    description: "Stops a render; what it made is kept. Does nothing where none is under way.",
  })
  cancelNarration(
    @Ctx() context: FabulaContext,
    @Arg("input", () => CancelNarrationInput, { description: "Which narration." })
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
    description: "How far its latest render is, or was; null before the first, and to others.",
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
      "What renderNarration would have to do now; null to others, and until there is a script.",
  })
  async renderEstimate(
    @Root() { narrationId, isOwn, segmentCount }: UserStoryNarration,
    @Ctx() { estimates, services }: FabulaContext,
  ): Promise<RenderEstimate | null> {
    const estimate =
      isOwn && segmentCount > 0 ? ((await estimates?.load(narrationId)) ?? null) : null;
    if (!estimate) return null;
    const unavailableVoices = estimate.unavailableVoices.map(({ id, name }) =>
      toVoice(services.voices, id, name),
    );
    return { ...estimate, unavailableVoices };
  }

  @FieldResolver(() => NarrationAudio, {
    nullable: true,
    description:
      "Its sound as it was last rendered, also while a later render is under way or has failed; null until it was. To others, as it was published.",
  })
  audio(@Root() { audio, durationMs, narrationId }: UserStoryNarration): AudioSource | null {
    if (!audio || durationMs === null) return null;
    const { loudnessLufs, sizeBytes } = audio;
    const chapters = timedChapters(audio, durationMs);
    const fileName = `narration-${narrationId}`;
    return { files: audio, durationMs, loudnessLufs, sizeBytes, chapters, fileName };
  }
}

@Resolver(() => NarrationAudio)
export class NarrationAudioResolver {
  @FieldResolver(() => String, {
    description: "Where to get the sound: signed, until expiresAt. Takes ranges.",
  })
  url(
    @Root() source: AudioSource,
    @Ctx() context: FabulaContext,
    @Args(() => AudioUrlArgs) { format }: AudioUrlArgs,
  ): string {
    return linkTo(context, source, format).url;
  }

  @FieldResolver(() => String, {
    description: "Captions with speakers by name and a timestamp at every word.",
  })
  captionsUrl(
    @Root() source: AudioSource,
    @Ctx() context: FabulaContext,
    @Args(() => CaptionsUrlArgs) { format }: CaptionsUrlArgs,
  ): string {
    return linkTo(context, source, format).url;
  }

  @FieldResolver(() => String, {
    description:
      "One JSON document that never changes: {version, durationMs, chapters: [{title, startMs, endMs}], segments: [{id, text, speaker: {id, name}, story: {start, end}, startMs, endMs, words: [{text, start, end, startMs, endMs}]}]}. A segment's id is its index; speaker and story may be null; words count from the start of the narration.",
  })
  timingsUrl(@Root() source: AudioSource, @Ctx() context: FabulaContext): string {
    return linkTo(context, source, "timings").url;
  }

  @FieldResolver(() => DateTime, { description: "When the URLs end; ask for new ones before." })
  expiresAt(@Root() source: AudioSource, @Ctx() context: FabulaContext): Date {
    return linkTo(context, source, "mp3").expiresAt;
  }
}

function linkTo(
  { services }: FabulaContext,
  { files, fileName }: AudioSource,
  file: keyof typeof MEDIA_TYPES,
): MediaLink {
  return services.media.sign({
    key: files[file],
    fileName: `${fileName}.${EXTENSIONS[file]}`,
    contentType: MEDIA_TYPES[file],
  });
}
