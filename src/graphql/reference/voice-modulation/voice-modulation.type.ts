import { ArgsType, Field, Int, ObjectType } from "type-graphql";
import { GraphQLJSONObject } from "graphql-scalars";
import { ModulationType, TemplateEntity } from "../../../reference/index.js";
import { connectionTypes } from "../../relay/connection.type.js";
import { graphqlEnum } from "../../enum.js";
import { Node, isResolvedFrom } from "../../relay/node.type.js";
import { ConnectionArgs } from "../../relay/pagination.js";

export const ModulationTypeType = graphqlEnum(
  "ModulationType",
  "What a template asks a voice to do.",
  {
    EMOTION: [ModulationType.Emotion, "The voice expresses an emotion, for example joy."],
    SOUND: [
      ModulationType.Sound,
      "The voice makes a sound, or pauses for a sound, for example thunder.",
    ],
    MODULATION: [
      ModulationType.Modulation,
      "The voice speaks in a special way, for example in a whisper.",
    ],
  },
);

@ObjectType({
  implements: Node,
  description:
    "A reusable emotion, sound or modulation, found in published stories. People record voice samples for a template.",
})
export class VoiceModulationTemplate extends Node {
  @Field(() => String, { simple: true, description: "The name to show to people." })
  readonly displayName!: string;

  @Field(() => String, {
    simple: true,
    description: "What the template is, and how to perform it.",
  })
  readonly description!: string;

  @Field(() => String, { simple: true, description: "The words to speak in a voice sample." })
  readonly sampleText!: string;

  @Field(() => Int, {
    simple: true,
    description: "The recommended length of a voice sample, in seconds.",
  })
  readonly targetDurationSeconds!: number;

  @Field(() => String, {
    simple: true,
    description: "The category of the template, for example basic.",
  })
  readonly category!: string;

  @Field(() => GraphQLJSONObject, {
    simple: true,
    nullable: true,
    description: "Settings for the speech engine; null if the template has no settings.",
  })
  readonly voiceSettings!: object | null;
}
@ObjectType({
  description: "A text to read aloud for a voice sample, in the mood of the template.",
})
export class RecordingPrompt {
  @Field(() => String, { simple: true, description: "The text, in English." })
  readonly text!: string;

  @Field(() => Int, {
    simple: true,
    description: "How long a calm reader needs for the text, in seconds.",
  })
  readonly seconds!: number;
}

isResolvedFrom("VoiceModulationTemplate", TemplateEntity);

export const { Edge: VoiceModulationTemplateEdge, Connection: VoiceModulationTemplateConnection } =
  connectionTypes(VoiceModulationTemplate, "VoiceModulationTemplate");

@ArgsType()
export class StoryTemplatesArgs extends ConnectionArgs {
  @Field(() => [ModulationTypeType], {
    nullable: true,
    description: "Only templates of these types. An absent or empty list selects all types.",
  })
  readonly types?: ModulationType[] | null;
}

@ArgsType()
export class TemplatesArgs extends StoryTemplatesArgs {
  @Field(() => String, {
    nullable: true,
    description:
      "Words to find in the key, the name and the description. The rules are those of the search for stories.",
  })
  readonly search?: string | null;
}
