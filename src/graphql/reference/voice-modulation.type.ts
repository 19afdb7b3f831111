import { ArgsType, Field, Int, ObjectType } from "type-graphql";
import { GraphQLJSONObject } from "graphql-scalars";
import { ModulationType, TemplateEntity } from "../../reference/index.js";
import { connectionTypes } from "../relay/connection.type.js";
import { graphqlEnum } from "../enum.js";
import { Node, isResolvedFrom } from "../relay/node.type.js";
import { ForwardArgs } from "../relay/pagination.js";

export const ModulationTypeType = graphqlEnum("ModulationType", "What a voice is asked to do.", {
  EMOTION: [ModulationType.Emotion, "To carry a feeling, such as joy."],
  SOUND: [ModulationType.Sound, "To make, or make room for, a sound, such as thunder."],
  MODULATION: [ModulationType.Modulation, "To speak in some way, such as whispering."],
});

@ObjectType({
  implements: Node,
  description: "Something a voice can do, found in published stories; people record samples of it.",
})
export class VoiceModulationTemplate extends Node {
  @Field(() => String, { simple: true, description: "Its name for people." })
  readonly displayName!: string;

  @Field(() => String, { simple: true, description: "What it is, and how to do it." })
  readonly description!: string;

  @Field(() => String, { simple: true, description: "Words to speak when recording it." })
  readonly sampleText!: string;

  @Field(() => Int, {
    simple: true,
    description: "How long a recording of it should be, in seconds.",
  })
  readonly targetDurationSeconds!: number;

  @Field(() => String, { simple: true, description: "The shelf it stands on among templates." })
  readonly category!: string;

  @Field(() => GraphQLJSONObject, {
    simple: true,
    nullable: true,
    description: "What a speech engine is told for it; null where nothing special is.",
  })
  readonly voiceSettings!: object | null;
}
isResolvedFrom("VoiceModulationTemplate", TemplateEntity);

export const { Edge: VoiceModulationTemplateEdge, Connection: VoiceModulationTemplateConnection } =
  connectionTypes(VoiceModulationTemplate, "VoiceModulationTemplate");

@ArgsType()
export class StoryTemplatesArgs extends ForwardArgs {
  @Field(() => [ModulationTypeType], {
    nullable: true,
    description: "Only templates of these types; all where it is absent or empty.",
  })
  readonly types?: ModulationType[] | null;
}

@ArgsType()
export class TemplatesArgs extends StoryTemplatesArgs {
  @Field(() => String, {
    nullable: true,
    description: "Text to find in key, name and description.",
  })
  readonly search?: string | null;
}
