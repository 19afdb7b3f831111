import { Args, Ctx, FieldResolver, Resolver, Root } from "type-graphql";
import {
  type LegacySound,
  type NarrationView,
  hasFormat,
  mediaGrantOf,
  timedChapters,
} from "../../../instances/index.js";
import type { NarrationFiles } from "../../../reference/index.js";
import type { FabulaContext } from "../../context.js";
import { toGlobalId } from "../../relay/global-id.js";
import { linkOfLegacySound } from "./legacy-sound.mapper.js";
import { AudioUrlArgs, CaptionsUrlArgs, NarrationAudio } from "./narration-audio.type.js";
import { detailsOf } from "../narration/narration.mapper.js";
import { UserStoryNarration } from "../narration/narration.type.js";

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

/** The parts of an audio that its fields show, and a URL for each file. */
interface AudioSource extends NarrationAudio {
  /** Returns the URL of a file. Returns null if the audio does not have the file. */
  readonly urlOf: (file: keyof typeof MEDIA_TYPES) => string | null;
}

@Resolver(() => UserStoryNarration)
export class AudioOfNarrationResolver {
  @FieldResolver(() => NarrationAudio, {
    nullable: true,
    description:
      "The audio of the last successful render. Before the first successful render: the audio that the narration has from the earlier platform, or null. The audio stays available while a later render is under way and after a later render fails. Viewers other than the owner get the published audio.",
  })
  async audio(
    @Root() narration: NarrationView,
    @Ctx() context: FabulaContext,
  ): Promise<AudioSource | null> {
    const { services, instances } = context;
    const [details, legacy] = await Promise.all([
      detailsOf(narration, context),
      services.legacySounds.ofNarration(narration, instances?.legacySounds),
    ]);
    if (details?.audio) return renderedAudio(context, narration, details.audio);
    return legacy && legacyAudio(context, narration, legacy);
  }
}

function renderedAudio(
  { services }: FabulaContext,
  narration: NarrationView,
  audio: NarrationFiles,
): AudioSource | null {
  const { durationMs } = narration;
  if (durationMs === null) return null;
  const sign = (file: keyof typeof MEDIA_TYPES) =>
    services.media.sign({
      key: audio[file],
      fileName: `narration.${EXTENSIONS[file]}`,
      contentType: MEDIA_TYPES[file],
      grant: mediaGrantOf(narration, audio[file]),
    });
  const { loudnessLufs, sizeBytes } = audio;
  return {
    id: toGlobalId("NarrationAudio", narration.id),
    ...{ durationMs, loudnessLufs, sizeBytes, originalUrl: null, contentType: null },
    chapters: timedChapters(audio, durationMs),
    expiresAt: sign("mp3").expiresAt,
    urlOf: (file) => sign(file).url,
  };
}

function legacyAudio(
  { services }: FabulaContext,
  narration: NarrationView,
  sound: LegacySound,
): AudioSource {
  const { url, expiresAt } = linkOfLegacySound(services.media, narration, sound, "narration");
  const { contentType, sizeBytes } = sound;
  return {
    id: toGlobalId("NarrationAudio", narration.id),
    ...{ loudnessLufs: null, sizeBytes, chapters: [], contentType, expiresAt },
    durationMs: narration.durationMs ?? sound.durationMs,
    originalUrl: url,
    urlOf: (file) => (hasFormat(sound, file) ? url : null),
  };
}

@Resolver(() => NarrationAudio)
export class NarrationAudioResolver {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The signed URL of the audio. The URL works until expiresAt and supports range requests. null if audio of the earlier platform does not have this format: play originalUrl.",
  })
  url(
    @Root() { urlOf }: AudioSource,
    @Args(() => AudioUrlArgs) { format }: AudioUrlArgs,
  ): string | null {
    return urlOf(format);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The signed URL of the captions, with the speakers' names and a time for every word. The URL works until expiresAt. null for audio of the earlier platform.",
  })
  captionsUrl(
    @Root() { urlOf }: AudioSource,
    @Args(() => CaptionsUrlArgs) { format }: CaptionsUrlArgs,
  ): string | null {
    return urlOf(format);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The signed URL of a JSON document with the times of chapters, segments and words. The URL works until expiresAt. The document never changes. The form of the document: {version, durationMs, chapters: [{title, startMs, endMs}], segments: [{id, text, speaker: {id, name}, story: {start, end}, startMs, endMs, words: [{text, start, end, startMs, endMs}]}]}. A segment's id is its index. speaker and story may be null. The times of words count from the start of the narration. null for audio of the earlier platform.",
  })
  timingsUrl(@Root() { urlOf }: AudioSource): string | null {
    return urlOf("timings");
  }
}
