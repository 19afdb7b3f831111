import { Field, Float, ID, InputType, Int } from "type-graphql";
import { NarrationVisibility } from "../../../instances/index.js";
import { graphqlEnum } from "../../enum.js";
import {
  ProsodyInput,
  VoiceModificationsChangeInput,
  VoiceModificationsInput,
} from "./voice-modifications.type.js";

const PublishedVisibility = graphqlEnum(
  "PublishedVisibility",
  "Who can find a published narration.",
  {
    PUBLIC: [NarrationVisibility.Public, "Everyone can find the narration on the story's page."],
    UNLISTED: [
      NarrationVisibility.Unlisted,
      "Everyone with the narration's link can read the narration.",
    ],
  },
);

/** A request that a client may send again. The server runs the request once. */
@InputType()
export class RepeatableInput {
  @Field(() => String, {
    nullable: true,
    description:
      "A key that the client chooses for this request, 1 to 200 characters. If the client sends the same request with the same key within a day, the server does not run the request a second time. The server returns the current state of the first result. A different request with the same key fails with CONFLICT.",
  })
  readonly idempotencyKey?: string | null;
}

@InputType({ description: "A new narration of a public story." })
export class CreateNarrationInput extends RepeatableInput {
  @Field(() => ID, { description: "The story: the id of a ReferenceStory." })
  readonly storyId!: string;

  @Field(() => String, {
    nullable: true,
    description:
      "The narration's title, at most 200 characters. If absent or null, the narration uses the story's title.",
  })
  readonly title?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "The narrator's voice: the id of a Voice. If absent or null, the narration uses the first voice of the query `voices`.",
  })
  readonly narratorVoice?: string | null;

  @Field(() => VoiceModificationsInput, {
    nullable: true,
    description: "Changes to the delivery. If absent or null, the delivery does not change.",
  })
  readonly voiceModifications?: VoiceModificationsInput | null;
}

@InputType({ description: "A voice for one character of the cast." })
export class CastChoiceInput {
  @Field(() => ID, { description: "The character: the id of a StoryCharacter in the cast." })
  readonly characterId!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      "The voice: the id of a Voice. If absent or null, Fabula chooses the voice again: see CastMember.isAutomatic.",
  })
  readonly voice?: string | null;
}

/** A narration, and the version that its owner has read. */
@InputType()
export class NarrationAtInput {
  @Field(() => ID, { description: "The id of one of your narrations." })
  readonly id!: string;

  @Field(() => Int, {
    description:
      "The version number that you have read. If there is a newer version, the mutation fails with CONFLICT.",
  })
  readonly version!: number;
}

@InputType({
  description:
    "Changes to a narration. An absent field does not change. null clears the title and the voiceModifications, and is refused for the other fields. If nothing changes, the version stays.",
})
export class UpdateNarrationInput extends NarrationAtInput {
  @Field(() => String, {
    nullable: true,
    description:
      "The narration's title, at most 200 characters. With null, the narration uses the story's title.",
  })
  readonly title?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "The narrator's voice: the id of a Voice. This change can also change the voices that Fabula chose for characters. null is refused.",
  })
  readonly narratorVoice?: string | null;

  @Field(() => [CastChoiceInput], {
    nullable: true,
    description:
      "Voices for some characters. All other characters keep their voices. null is refused.",
  })
  readonly cast?: CastChoiceInput[] | null;

  @Field(() => VoiceModificationsInput, {
    nullable: true,
    description:
      "Changes to the delivery. The new changes replace all earlier changes. With null, all changes are removed.",
  })
  readonly voiceModifications?: VoiceModificationsInput | null;

  @Field(() => VoiceModificationsChangeInput, {
    nullable: true,
    description:
      "Changes to parts of the delivery, for example one word of the lexicon. Do not send it together with voiceModifications. null is refused.",
  })
  readonly modify?: VoiceModificationsChangeInput | null;
}

@InputType({
  description:
    "Changes to one segment of a script. An absent field does not change. null clears speakerId, voice, prosody and pauseAfterMs, and is refused for the other fields.",
})
export class SegmentEditInput {
  @Field(() => Int, { description: "The `index` of the segment in the script." })
  readonly index!: number;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "True if the segment must become as it is in the analysis. Send no other change together with `reset`. An inserted segment cannot be reset, and a part of a split segment only after the parts are joined again. Absent, null and false are the same.",
  })
  readonly reset?: boolean | null;

  @Field(() => String, {
    nullable: true,
    description: "The text to speak, at most 2000 characters.",
  })
  readonly text?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "The character who speaks the segment: the id of a StoryCharacter. With null, the narrator speaks the segment.",
  })
  readonly speakerId?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The emotion that the voice expresses: a key in voiceModulationTemplates, for example joy. Case does not matter.",
  })
  readonly emotion?: string | null;

  @Field(() => Float, {
    nullable: true,
    description: "The intensity of the emotion, from 0 (none) to 1 (full).",
  })
  readonly intensity?: number | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "A voice for this segment alone: the id of a Voice. With null, the speaker's voice speaks the segment.",
  })
  readonly voice?: string | null;

  @Field(() => ProsodyInput, {
    nullable: true,
    description:
      "Changes to the delivery of this segment. The new changes replace the segment's earlier changes. null removes all changes.",
  })
  readonly prosody?: ProsodyInput | null;

  @Field(() => Int, {
    nullable: true,
    description:
      "The pause after the segment, in milliseconds, at most 30000. With null, the text decides the pause.",
  })
  readonly pauseAfterMs?: number | null;
}

@InputType({
  description: "Changes to segments of a script. If one change is invalid, no segment changes.",
})
export class UpdateNarrationSegmentsInput extends NarrationAtInput {
  @Field(() => [SegmentEditInput], {
    description: "The changes, 1 to 500, at most one for each segment.",
  })
  readonly edits!: SegmentEditInput[];
}

@InputType({ description: "A narration to publish." })
export class PublishNarrationInput extends NarrationAtInput {
  @Field(() => PublishedVisibility, { description: "Who can find the narration." })
  readonly visibility!: Exclude<NarrationVisibility, "private">;
}

@InputType({ description: "A narration to unpublish." })
export class UnpublishNarrationInput extends NarrationAtInput {}

@InputType({ description: "A narration to delete." })
export class DeleteNarrationInput extends NarrationAtInput {}
