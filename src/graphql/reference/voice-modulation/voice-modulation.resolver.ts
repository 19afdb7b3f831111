import { Args, Ctx, FieldResolver, Float, ID, Int, Query, Resolver, Root } from "type-graphql";
import {
  type ModulationType,
  type OccurringTemplate,
  type StoryEntity,
  type StorySegmentEntity,
  type TemplateEntity,
  isTrainable,
  promptsOf,
} from "../../../reference/index.js";
import { parseSearch } from "../../../platform/text/search.js";
import type { FabulaContext } from "../../context.js";
import type { BoundList } from "../../relay/cursor.js";
import { isGiven } from "../../given.js";
import { toGlobalId } from "../../relay/global-id.js";
import { ConnectionArgs, toConnection } from "../../relay/pagination.js";
import { StorySegment } from "../analysis/analysis.type.js";
import { ReferenceStory, ReferenceStoryConnection } from "../story/story.type.js";
import {
  ModulationTypeType,
  RecordingPrompt,
  StoryTemplatesArgs,
  TemplatesArgs,
  VoiceModulationTemplate,
  VoiceModulationTemplateConnection,
  VoiceModulationTemplateEdge,
} from "./voice-modulation.type.js";

/** Names each type once, because a kept page has its filter in its name. */
const typesOf = (types: StoryTemplatesArgs["types"]): ModulationType[] | undefined =>
  types?.length ? [...new Set(types)] : undefined;

@Resolver(() => VoiceModulationTemplate)
export class VoiceModulationTemplateResolver {
  @Query(() => VoiceModulationTemplateConnection, {
    description:
      "All voice modulation templates, ordered by type and key. Every emotion that a segment, a preview or a change of the delivery can ask for is in the list from the start: the EMOTION templates, and whisper. The analysis of a published story adds the sounds and manners that the list does not have yet.",
  })
  voiceModulationTemplates(
    @Ctx() { reference }: FabulaContext,
    @Args(() => TemplatesArgs) { types, search, ...args }: TemplatesArgs,
  ): Promise<object> {
    const filter = { types: typesOf(types), search: parseSearch(search) };
    const list: BoundList = {
      name: "Query.voiceModulationTemplates",
      place: { sort: "text", id: "integer" },
      filter,
    };
    return toConnection(list, args, {
      load: (page) => reference.templates.page({ ...filter, page }),
      count: () => reference.templates.count(filter),
    });
  }

  @FieldResolver(() => Boolean, {
    description:
      "True if a voice can be trained for the template: for emotions and for whispering. Voice samples are recorded only for these templates.",
  })
  isTrainable(@Root() template: TemplateEntity): boolean {
    return isTrainable(template);
  }

  @FieldResolver(() => [RecordingPrompt], {
    description:
      "Texts to read aloud for a voice sample. Reading one takes 8 seconds or more, and 30 seconds or more for the neutral template. Empty if isTrainable is false.",
  })
  recordingPrompts(@Root() template: TemplateEntity): object[] {
    return promptsOf(template);
  }

  @FieldResolver(() => ID, {
    description: "The template's id. Send the id to `node` to read the template again.",
  })
  id(@Root() { id }: TemplateEntity): string {
    return toGlobalId("VoiceModulationTemplate", id);
  }

  @FieldResolver(() => ModulationTypeType, {
    description: "The type of the template: an emotion, a sound or a modulation.",
  })
  type(@Root() { modulationType }: TemplateEntity): string {
    return modulationType;
  }

  @FieldResolver(() => String, {
    description: "The template's unique name within its type, in lower case.",
  })
  key(@Root() { modulationKey }: TemplateEntity): string {
    return modulationKey;
  }

  @FieldResolver(() => ReferenceStory, {
    nullable: true,
    description:
      "The first published story that contains this template; null if the template comes from no story.",
  })
  sourceStory(
    @Root() { id }: TemplateEntity,
    @Ctx() { reference }: FabulaContext,
  ): Promise<StoryEntity | null> {
    return reference.templates.sourceStory.load(id);
  }

  @FieldResolver(() => ReferenceStoryConnection, {
    description: "The public stories that contain this template, last published first.",
  })
  stories(
    @Root() { id }: TemplateEntity,
    @Ctx() { reference }: FabulaContext,
    @Args(() => ConnectionArgs) args: ConnectionArgs,
  ): Promise<object> {
    const list: BoundList = {
      name: "VoiceModulationTemplate.stories",
      place: { sort: "timestamptz", id: "integer" },
      filter: {},
    };
    return toConnection(list, args, {
      load: (page) => reference.templates.stories(page).load(id),
      count: () => reference.templates.storyCount.load(id),
    });
  }
}

@Resolver(() => ReferenceStory)
export class StoryTemplatesResolver {
  @FieldResolver(() => VoiceModulationTemplateConnection, {
    description:
      "The templates that the story contains, most frequent first; empty until the story is analysed.",
  })
  voiceModulationTemplates(
    @Root() story: StoryEntity,
    @Ctx() { reference }: FabulaContext,
    @Args(() => StoryTemplatesArgs) { types, ...args }: StoryTemplatesArgs,
  ): Promise<object> {
    const filter = { types: typesOf(types) };
    const list: BoundList = {
      name: "ReferenceStory.voiceModulationTemplates",
      place: { sort: "integer", id: "integer" },
      filter,
    };
    const templates = reference.templates.ofStory(story);
    return toConnection<OccurringTemplate>(list, args, {
      load: (page) => templates.page({ ...filter, page }),
      count: () => templates.count(filter),
      edge: ({
        template,
        occurrences,
        strength,
        analysisId,
        examplePosition,
      }): TemplateInStory => ({
        node: template,
        occurrences,
        strength,
        example: { analysisId, position: examplePosition },
      }),
    });
  }
}

/** The edge fields that describe a template in one story. */
interface TemplateInStory {
  readonly node: TemplateEntity;
  readonly occurrences: number;
  readonly strength: number;
  readonly example: { readonly analysisId: number; readonly position: number | null };
}

@Resolver(() => VoiceModulationTemplateEdge)
export class VoiceModulationTemplateEdgeResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description:
      "How often the story contains the template; null if the list is not the list of one story.",
  })
  occurrences(@Root() edge: Partial<TemplateInStory>): number | null {
    return edge.occurrences ?? null;
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      "The highest strength of the template in the story, from 0 to 1; null if the list is not the list of one story.",
  })
  strength(@Root() edge: Partial<TemplateInStory>): number | null {
    return edge.strength ?? null;
  }

  @FieldResolver(() => StorySegment, {
    nullable: true,
    description:
      "The segment where the template is strongest; null if the list is not the list of one story.",
  })
  async example(
    @Root() { example }: Partial<TemplateInStory>,
    @Ctx() { reference }: FabulaContext,
  ): Promise<StorySegmentEntity | null> {
    return isGiven(example?.position)
      ? reference.analyses.segmentAt(example.analysisId, example.position)
      : null;
  }
}
