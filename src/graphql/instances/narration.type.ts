import { ArgsType, Field, ID, InputType, Int, ObjectType } from "type-graphql";
import {
  type CastMember as CastMemberRow,
  NarrationStatus,
  type NarrationView,
  NarrationVisibility,
  type VoiceModifications as VoiceModificationsRow,
} from "../../instances/index.js";
import type { NarrationFiles } from "../../reference/index.js";
import { connectionTypes } from "../relay/connection.type.js";
import { graphqlEnum } from "../enum.js";
import { Node, isResolvedFrom } from "../relay/node.type.js";
import { ConnectionArgs, ForwardArgs } from "../relay/pagination.js";
import { DateTime } from "../scalars.js";

const NarrationStatusType = graphqlEnum(
  "NarrationStatus",
  "Where the making of a narration's audio stands.",
  {
    DRAFT: [NarrationStatus.Draft, "No audio was asked for yet."],
    QUEUED: [NarrationStatus.Queued, "Waiting for a worker; editing is a CONFLICT."],
    RENDERING: [NarrationStatus.Rendering, "Being rendered; editing is a CONFLICT."],
    READY: [
      NarrationStatus.Ready,
      "There is audio, of the script as it was when it was asked for.",
    ],
    FAILED: [
      NarrationStatus.Failed,
      "The last render failed: failure says why. What it spoke is kept, and so is the audio of the one before.",
    ],
    CANCELLED: [
      NarrationStatus.Cancelled,
      "The last render was stopped. What it spoke is kept, and so is the audio of the one before.",
    ],
  },
);

const NarrationVisibilityType = graphqlEnum("NarrationVisibility", "Who can find a narration.", {
  PRIVATE: [NarrationVisibility.Private, "Its narrator alone."],
  UNLISTED: [NarrationVisibility.Unlisted, "Whoever has its link."],
  PUBLIC: [NarrationVisibility.Public, "Everyone."],
});

const VoiceTypeType = graphqlEnum("VoiceType", "Whose voice narrates.", {
  AI: ["ai", "A speech provider's."],
  USER: ["user", "The narrator's own."],
});

@ObjectType({ description: "Why rendering failed." })
export class NarrationFailure {
  @Field(() => String, {
    simple: true,
    description:
      "The kind of failure: PROVIDER_FAILED where the voice could not say a segment, RENDER_FAILED for all else; more may be added.",
  })
  readonly code!: string;

  @Field(() => String, { simple: true, description: "What happened and what to do." })
  readonly message!: string;
}

/**
 * A narration: its owner's own row, or for everyone else the edition. Only narration.mapper.ts knows
 * which. Members without a decorator stay inside the server.
 */
@ObjectType({
  implements: Node,
  description:
    "One person's telling of a story: to its narrator as it is now, to others as it was last published.",
})
export class UserStoryNarration extends Node implements NarrationView {
  @Field(() => String, {
    simple: true,
    nullable: true,
    description: "Its title; null where it goes by the story's.",
  })
  readonly title!: string | null;

  @Field(() => VoiceTypeType, { simple: true, description: "Whose voice narrates." })
  readonly narratorVoiceType!: "ai" | "user";

  @Field(() => NarrationStatusType, { simple: true, description: "Where its audio stands." })
  readonly status!: NarrationStatus;

  @Field(() => Int, {
    simple: true,
    nullable: true,
    description: "How long its audio is, in milliseconds; null until there is audio.",
  })
  readonly durationMs!: number | null;

  @Field(() => NarrationVisibilityType, { simple: true, description: "Who can find it." })
  readonly visibility!: NarrationVisibility;

  @Field(() => String, {
    simple: true,
    nullable: true,
    description:
      "The secret of its link; null unless it is unlisted and the viewer is its narrator.",
  })
  readonly shareToken!: string | null;

  @Field(() => Int, {
    simple: true,
    description:
      "Counts changes, for the narrator, whose updates send back the one they read; to others, editions.",
  })
  readonly version!: number;

  @Field(() => DateTime, { simple: true, description: "When it was begun." })
  readonly createdAt!: Date;

  @Field(() => DateTime, {
    simple: true,
    description: "When it last changed; to others, when it was published.",
  })
  readonly updatedAt!: Date;

  @Field(() => DateTime, {
    simple: true,
    nullable: true,
    description: "When it was last published; null while it is private.",
  })
  readonly publishedAt!: Date | null;

  readonly narrationId!: string;
  readonly isOwn!: boolean;
  readonly narratorUserId!: string;
  readonly storyId!: number;
  readonly analysisId!: number | null;
  readonly narratorVoice!: string;
  readonly narratorVoiceName!: string;
  readonly voiceCast!: readonly CastMemberRow[];
  readonly voiceModifications!: VoiceModificationsRow;
  readonly segmentCount!: number;
  readonly failure!: NarrationView["failure"];
  readonly audio!: NarrationFiles | null;
}
isResolvedFrom("UserStoryNarration", UserStoryNarration);

@ObjectType({ description: "A character and the voice that speaks them in one narration." })
export class CastMember {
  @Field(() => String, {
    simple: true,
    description: "The character's name; kept where the character is gone.",
  })
  readonly characterName!: string;

  @Field(() => Boolean, {
    simple: true,
    description: "Whether the voice was chosen by Fabula, not by the narrator.",
  })
  readonly isAutomatic!: boolean;
}

@ObjectType({ description: "A piece of a narration's script." })
export class NarrationSegment {
  @Field(() => Boolean, {
    simple: true,
    description: "Whether the narrator changed it; always false to others.",
  })
  readonly isEdited!: boolean;
}

@ObjectType({ description: "A word as it is spoken." })
export class SpokenWord {
  @Field(() => String, { simple: true, description: "The word." })
  readonly text!: string;

  @Field(() => Int, {
    simple: true,
    description: "Where it begins in the segment's text, in UTF-16 units.",
  })
  readonly start!: number;

  @Field(() => Int, {
    simple: true,
    description: "Where it ends in the segment's text, in UTF-16 units.",
  })
  readonly end!: number;

  @Field(() => Int, {
    simple: true,
    description:
      "When it begins, in milliseconds of the segment's sound; add the segment's startMs for the narration's.",
  })
  readonly startMs!: number;

  @Field(() => Int, {
    simple: true,
    description: "When it ends, in milliseconds of the segment's sound.",
  })
  readonly endMs!: number;
}

@ObjectType({
  description:
    "The sound of one segment by itself, as it came from the voice: without gain and pauses.",
})
export class NarrationSegmentAudio {
  @Field(() => String, {
    simple: true,
    description: "Where to get it, as WAV; signed for an hour or more.",
  })
  readonly url!: string;

  @Field(() => Int, {
    simple: true,
    nullable: true,
    description:
      "When it begins in the narration's files, in milliseconds; null where they were made before this was kept.",
  })
  readonly startMs!: number | null;

  @Field(() => Int, {
    simple: true,
    description: "How long it is, in milliseconds, without the pause after it.",
  })
  readonly durationMs!: number;

  @Field(() => [SpokenWord], {
    simple: true,
    description: "Every word of the text, in order; empty where it has none.",
  })
  readonly words!: readonly SpokenWord[];
}

@ObjectType({ description: "Something that was asked for and that the voice could not do." })
export class Degradation {
  @Field(() => String, {
    simple: true,
    description:
      "What: rate, pitch, range, rise, gain, tilt, breath, tremor, whisper, text or timing; more may be added.",
  })
  readonly feature!: string;

  @Field(() => String, { simple: true, description: "Why, for people to read." })
  readonly reason!: string;
}

export const { Connection: UserStoryNarrationConnection } = connectionTypes(
  UserStoryNarration,
  "UserStoryNarration",
);
export const { Connection: NarrationSegmentConnection } = connectionTypes(
  NarrationSegment,
  "NarrationSegment",
);

@InputType({ description: "Names one narration. Send exactly one member." })
export class NarrationByInput {
  @Field(() => ID, { nullable: true, description: "The narration's id." })
  readonly id?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The secret of an unlisted narration's link.",
  })
  readonly shareToken?: string | null;
}

const statusArgument = {
  nullable: true,
  description: "Only narrations in one of these states; all where it is absent or empty.",
};

@ArgsType()
export class NarrationsArgs extends ForwardArgs {
  @Field(() => [NarrationStatusType], statusArgument)
  readonly status?: NarrationStatus[] | null;
}

@ArgsType()
export class ViewerNarrationsArgs extends ConnectionArgs {
  @Field(() => [NarrationStatusType], statusArgument)
  readonly status?: NarrationStatus[] | null;
}
