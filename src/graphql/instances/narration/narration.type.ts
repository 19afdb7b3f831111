import { ArgsType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import {
  FailureCode,
  NarrationEntity,
  NarrationStatus,
  NarrationVisibility,
  PublishedNarration,
} from "../../../instances/index.js";
import { connectionTypes } from "../../relay/connection.type.js";
import { graphqlEnum } from "../../enum.js";
import { Node, isResolvedFrom } from "../../relay/node.type.js";
import { ConnectionArgs } from "../../relay/pagination.js";
import { SegmentKindType } from "../../reference/analysis/analysis.type.js";
import { DateTime } from "../../scalars.js";

const NarrationStatusType = graphqlEnum("NarrationStatus", "The state of a narration's audio.", {
  DRAFT: [NarrationStatus.Draft, "No render was requested yet."],
  QUEUED: [NarrationStatus.Queued, "The render waits for a worker. An edit fails with CONFLICT."],
  RENDERING: [
    NarrationStatus.Rendering,
    "A worker renders the narration now. An edit fails with CONFLICT.",
  ],
  READY: [
    NarrationStatus.Ready,
    "The audio is ready. The audio contains the script as it was when the render was requested. A narration of the earlier platform is ready, too, if it has audio from there.",
  ],
  FAILED: [
    NarrationStatus.Failed,
    "The last render failed. `failure` contains the reason. The segments that the render spoke are kept. The audio of the previous render, or of the earlier platform, is kept, too.",
  ],
  CANCELLED: [
    NarrationStatus.Cancelled,
    "The last render was cancelled. If Fabula cancelled the render because a consent ended, `failure` contains the reason. The segments that the render spoke are kept. The audio of the previous render, or of the earlier platform, is kept, too.",
  ],
});

export const NarrationVisibilityType = graphqlEnum(
  "NarrationVisibility",
  "Who can find a narration.",
  {
    PRIVATE: [NarrationVisibility.Private, "Only the owner can read the narration."],
    UNLISTED: [
      NarrationVisibility.Unlisted,
      "Everyone with the narration's link can read the narration.",
    ],
    PUBLIC: [NarrationVisibility.Public, "Everyone can find the narration on the story's page."],
  },
);

const VoiceTypeType = graphqlEnum("VoiceType", "The kind of the narrator's voice.", {
  AI: ["ai", "A speech provider's voice."],
  USER: ["user", "The owner's own voice."],
});

const NarrationFailureCodeType = graphqlEnum(
  "NarrationFailureCode",
  "Why a render failed. New codes may be added: show the message.",
  {
    PROVIDER_FAILED: [FailureCode.ProviderFailed, "The voice could not speak a segment."],
    CONSENT_ENDED: [
      FailureCode.ConsentEnded,
      "The consent to the use of the owner's voice ended, so Fabula cancelled the render.",
    ],
    RENDER_FAILED: [FailureCode.RenderFailed, "The render failed for another reason."],
  },
);

@ObjectType({ description: "Why a render failed." })
export class NarrationFailure {
  @Field(() => NarrationFailureCodeType, { simple: true, description: "The kind of failure." })
  readonly code!: FailureCode;

  @Field(() => String, { simple: true, description: "What happened, and what the owner can do." })
  readonly message!: string;
}

/** A narration. The source is a NarrationView. */
@ObjectType({
  implements: Node,
  description:
    "One person's telling of a story. The owner sees the current state. Others see the last published state.",
})
export class UserStoryNarration extends Node {
  @Field(() => VoiceTypeType, { simple: true, description: "The kind of the narrator's voice." })
  readonly narratorVoiceType!: "ai" | "user";

  @Field(() => NarrationStatusType, {
    simple: true,
    description: "The state of the narration's audio.",
  })
  readonly status!: NarrationStatus;

  @Field(() => Int, {
    simple: true,
    nullable: true,
    description: "The length of the audio in milliseconds; null until there is audio.",
  })
  readonly durationMs!: number | null;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description:
      "The secret in an unlisted narration's link. null if the narration is private or public, and for viewers other than the owner.",
  })
  readonly shareToken!: string | null;

  @Field(() => Int, {
    simple: true,
    description:
      "The number of the current version. With every change, send the version that you have read. For viewers other than the owner: the number of the published version.",
  })
  readonly version!: number;

  @Field(() => DateTime, { simple: true, description: "When the narration was created." })
  readonly createdAt!: Date;

  @Field(() => DateTime, {
    simple: true,
    description:
      "When the narration last changed. For viewers other than the owner: when the narration was last published.",
  })
  readonly updatedAt!: Date;

  @Field(() => DateTime, {
    simple: true,
    nullable: true,
    description: "When the narration was last published; null while the narration is private.",
  })
  readonly publishedAt!: Date | null;
}
isResolvedFrom("UserStoryNarration", NarrationEntity);
isResolvedFrom("UserStoryNarration", PublishedNarration);

@ObjectType({
  description: "A character and the voice that speaks the character in one narration.",
})
export class CastMember {
  @Field(() => String, {
    simple: true,
    description:
      "The character's name. The name stays if the character's analysis no longer exists.",
  })
  readonly characterName!: string;

  @Field(() => Boolean, {
    simple: true,
    description: "True if Fabula chose the voice; false if the owner chose the voice.",
  })
  readonly isAutomatic!: boolean;
}

@ObjectType({ description: "One piece of a narration's script: narration or dialogue." })
export class NarrationSegment {
  @Field(() => Boolean, {
    simple: true,
    description:
      "True if the owner changed the segment; always false for viewers other than the owner.",
  })
  readonly isEdited!: boolean;
}

@ObjectType({ description: "A word, and the time when the voice speaks the word." })
export class SpokenWord {
  @Field(() => String, {
    simple: true,
    description:
      "The word as it is written, without apparatus. Several spoken words are one word if they stand for one part of the text, for example for a date.",
  })
  readonly text!: string;

  @Field(() => Int, {
    simple: true,
    description: "The start of the word in the segment's text, in UTF-16 units.",
  })
  readonly start!: number;

  @Field(() => Int, {
    simple: true,
    description: "The end of the word in the segment's text, in UTF-16 units, exclusive.",
  })
  readonly end!: number;

  @Field(() => Int, {
    simple: true,
    description:
      "When the word begins, in milliseconds from the start of the segment's sound. Add the segment's startMs to get the time in the narration's audio.",
  })
  readonly startMs!: number;

  @Field(() => Int, {
    simple: true,
    description: "When the word ends, in milliseconds from the start of the segment's sound.",
  })
  readonly endMs!: number;
}

@ObjectType({
  description:
    "The sound of one segment alone, without the gain and the pauses of the narration's audio.",
})
export class NarrationSegmentAudio {
  @Field(() => String, {
    simple: true,
    description:
      "The signed URL of the sound as a WAV file. The URL works for at least an hour. For sound of the earlier platform: the sound in its own format, as in NarrationAudio.originalUrl.",
  })
  readonly url!: string;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description:
      "The content type of the sound: audio/wav for sound that Fabula rendered. null for sound of the earlier platform whose type is not known.",
  })
  readonly contentType!: string | null;

  @Field(() => Int, {
    simple: true,
    nullable: true,
    description:
      "When the segment begins in the narration's audio, in milliseconds. null for audio from an older version of Fabula, which did not store this time, for sound of the earlier platform, and after the script took up a new text, until the next render.",
  })
  readonly startMs!: number | null;

  @Field(() => Int, {
    simple: true,
    nullable: true,
    description:
      "The length of the sound in milliseconds, without the pause after the segment. null for sound of the earlier platform whose length is not known.",
  })
  readonly durationMs!: number | null;

  @Field(() => [SpokenWord], {
    simple: true,
    description:
      "All words of the text, in order. Empty if the text has no words, and for sound of the earlier platform.",
  })
  readonly words!: readonly SpokenWord[];
}

export const { Connection: UserStoryNarrationConnection } = connectionTypes(
  UserStoryNarration,
  "UserStoryNarration",
);
export const { Connection: NarrationSegmentConnection } = connectionTypes(
  NarrationSegment,
  "NarrationSegment",
);

@InputType({ description: "Identifies one narration. Send exactly one field." })
export class NarrationByInput {
  @Field(() => ID, { nullable: true, description: "The narration's id." })
  readonly id?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The secret in an unlisted narration's link.",
  })
  readonly shareToken?: string | null;
}

@InputType({
  description:
    "Which segments of a script to list. A segment must match all fields. An absent field or null matches all segments.",
})
export class NarrationSegmentFilter {
  @Field(() => Int, {
    nullable: true,
    description: "The first index: only segments from there on.",
  })
  readonly fromIndex?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: "The last index: only segments up to there, the segment itself included.",
  })
  readonly toIndex?: number | null;

  @Field(() => ID, {
    nullable: true,
    description: "Only segments that this character speaks: the id of a StoryCharacter.",
  })
  readonly speakerId?: string | null;

  @Field(() => [SegmentKindType], {
    nullable: true,
    description: "Only segments of these kinds. An empty list selects all kinds.",
  })
  readonly kinds?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "With true, only segments whose sound rendering would change now; with false, only the others. The whole script is compared, so the filter costs as much as renderEstimate.",
  })
  readonly isStale?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "With true, only segments that the owner changed; with false, only the others. No segment of another person's narration counts as changed or stale.",
  })
  readonly isEdited?: boolean | null;
}

@ArgsType()
export class NarrationSegmentsArgs extends ConnectionArgs {
  @Field(() => NarrationSegmentFilter, {
    nullable: true,
    description: "Only segments that match this filter.",
  })
  readonly filter?: NarrationSegmentFilter | null;
}

const statusArgument = {
  nullable: true,
  description:
    "Only narrations with one of these statuses. An absent or empty list selects all narrations.",
};

@ArgsType()
export class NarrationsArgs extends ConnectionArgs {
  @Field(() => [NarrationStatusType], statusArgument)
  readonly status?: NarrationStatus[] | null;
}

@ArgsType()
export class ViewerNarrationsArgs extends ConnectionArgs {
  @Field(() => [NarrationStatusType], statusArgument)
  readonly status?: NarrationStatus[] | null;
}
