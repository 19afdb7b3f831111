import { ArgsType, Field, Float, ID, Int, ObjectType } from "type-graphql";
import { graphqlEnum } from "../../enum.js";
import { DateTime } from "../../scalars.js";

export const AudioFormat = { Mp3: "mp3", Opus: "opus", Wav: "wav" } as const;
export type AudioFormat = (typeof AudioFormat)[keyof typeof AudioFormat];

const AudioFormatType = graphqlEnum("AudioFormat", "The encoding of audio.", {
  MP3: [AudioFormat.Mp3, "MP3, mono, 64 kbit/s, with chapters."],
  OPUS: [AudioFormat.Opus, "Opus in Ogg, mono. About half the size of the MP3."],
  WAV: [AudioFormat.Wav, "WAV, mono, 16-bit PCM."],
});

const CaptionsFormatType = graphqlEnum("CaptionsFormat", "The format of captions.", {
  VTT: ["captions", "WebVTT, with speakers and a time for every word."],
});

@ObjectType({ description: "A part of a narration that a player can jump to." })
export class NarrationChapter {
  @Field(() => String, {
    simple: true,
    description:
      "The chapter's heading in the story. The part before the first heading has the narration's title. A narration without headings is one chapter with the narration's title.",
  })
  readonly title!: string;

  @Field(() => Int, {
    simple: true,
    description: "When the chapter begins, in milliseconds. The first chapter begins at 0.",
  })
  readonly startMs!: number;

  @Field(() => Int, {
    simple: true,
    description:
      "When the chapter ends, in milliseconds: at the start of the next chapter, or at the end of the narration.",
  })
  readonly endMs!: number;
}

const OF_RENDERED = "null for audio of the earlier platform.";

@ObjectType({
  description:
    "The audio of a narration. A URL of this server is signed: it stays identical for an hour and works until expiresAt. A narration of the earlier platform may have audio that Fabula did not render. Play that audio from originalUrl.",
})
export class NarrationAudio {
  @Field(() => ID, {
    simple: true,
    description: "The id of the narration's audio, for caches. `node` finds no audio.",
  })
  readonly id!: string;

  @Field(() => Int, {
    simple: true,
    nullable: true,
    description:
      "The length of the audio in milliseconds; null for audio of the earlier platform whose length is not known.",
  })
  readonly durationMs!: number | null;

  @Field(() => Float, {
    simple: true,
    nullable: true,
    description: `The integrated loudness in LUFS (BS.1770): about -19, or -70 for silence; ${OF_RENDERED}`,
  })
  readonly loudnessLufs!: number | null;

  @Field(() => Int, {
    simple: true,
    nullable: true,
    description:
      "The size of the MP3 file in bytes. The Opus file is smaller; the WAV file is larger. For audio of the earlier platform: the size of its only file, or null if the size is not known.",
  })
  readonly sizeBytes!: number | null;

  @Field(() => [NarrationChapter], {
    simple: true,
    description:
      "The chapters, in order, at least one. The MP3 and the timings contain the chapters too. Empty for audio of the earlier platform.",
  })
  readonly chapters!: readonly NarrationChapter[];

  @Field(() => String, {
    simple: true,
    nullable: true,
    description:
      "The audio of the earlier platform, in its own format: a signed URL of this server, a link to another server, or a data link that contains the audio. null for audio that Fabula rendered.",
  })
  readonly originalUrl!: string | null;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description:
      "The content type of originalUrl, for example audio/mpeg. null for audio that Fabula rendered, and if the type is not known.",
  })
  readonly contentType!: string | null;

  @Field(() => DateTime, {
    simple: true,
    nullable: true,
    description:
      "When the URLs stop working. Request new URLs before this time. null if the only URL is a link that this server did not sign.",
  })
  readonly expiresAt!: Date | null;
}

@ArgsType()
export class CaptionsUrlArgs {
  @Field(() => CaptionsFormatType, {
    defaultValue: "captions",
    description: "The format of the captions.",
  })
  readonly format!: "captions";
}

@ArgsType()
export class AudioUrlArgs {
  @Field(() => AudioFormatType, { description: "The encoding of the audio." })
  readonly format!: AudioFormat;
}
