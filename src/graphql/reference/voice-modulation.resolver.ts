import { Args, Ctx, FieldResolver, Float, ID, Int, Query, Resolver, Root } from "type-graphql";
import type {
  OccurringTemplate,
  StoryEntity,
  StorySegmentEntity,
  TemplateEntity,
} from "../../reference/index.js";
import type { FabulaContext } from "../context.js";
import type { BoundList } from "../relay/cursor.js";
import { isGiven } from "../given.js";
import { toGlobalId } from "../relay/global-id.js";
import { EMPTY_LISTING, ForwardArgs, toConnection } from "../relay/pagination.js";
import { StorySegment } from "./analysis.type.js";
import { ReferenceStory, ReferenceStoryConnection } from "./story.type.js";
import {
  ModulationTypeType,
  StoryTemplatesArgs,
  TemplatesArgs,
  VoiceModulationTemplate,
  VoiceModulationTemplateConnection,
  VoiceModulationTemplateEdge,
} from "./voice-modulation.type.js";

@Resolver(() => VoiceModulationTemplate)
export class VoiceModulationTemplateResolver {
  @Query(() => VoiceModulationTemplateConnection, {
    description:
      "The catalogue of what voices are asked to do; it grows with every published story.",
  })
  voiceModulationTemplates(
    @Ctx() { reference }: FabulaContext,
    @Args(() => TemplatesArgs) { types, search, ...args }: TemplatesArgs,
  ): Promise<object> {
    const filter = {
      types: types?.length ? types : undefined,
      search: search?.trim() || undefined,
    };
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

  @FieldResolver(() => ID, { description: "Finds this template again with `node`." })
  id(@Root() { id }: TemplateEntity): string {
    return toGlobalId("VoiceModulationTemplate", id);
  }

  @FieldResolver(() => ModulationTypeType, { description: "What the voice is asked to do." })
  type(@Root() { modulationType }: TemplateEntity): string {
    return modulationType;
  }

  @FieldResolver(() => String, { description: "Its name within its type, in lower case." })
  key(@Root() { modulationKey }: TemplateEntity): string {
    return modulationKey;
  }

  @FieldResolver(() => ReferenceStory, {
    nullable: true,
    description: "The published story it was first found in; null where it comes from none.",
  })
  sourceStory(
    @Root() { id }: TemplateEntity,
    @Ctx() { reference }: FabulaContext,
  ): Promise<StoryEntity | null> {
    return reference.templates.sourceStory.load(id);
  }

  @FieldResolver(() => ReferenceStoryConnection, {
    description: "The public stories that show it, latest published first.",
  })
  stories(
    @Root() { id }: TemplateEntity,
    @Ctx() { reference }: FabulaContext,
    @Args(() => ForwardArgs) args: ForwardArgs,
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
    description: "What the story asks of a voice, the commonest first; empty until it is analysed.",
  })
  async voiceModulationTemplates(
    @Root() story: StoryEntity,
    @Ctx() { reference }: FabulaContext,
    @Args(() => StoryTemplatesArgs) { types, ...args }: StoryTemplatesArgs,
  ): Promise<object> {
    const filter = { types: types?.length ? types : undefined };
    const list: BoundList = {
      name: "ReferenceStory.voiceModulationTemplates",
      place: { sort: "integer", id: "integer" },
      filter,
    };
    const analysis = (await reference.analyses.current(story))?.ready;
    if (!analysis) return toConnection(list, args, EMPTY_LISTING);
    return toConnection<OccurringTemplate>(list, args, {
      load: (page) => reference.templates.ofAnalysis({ ...filter, page }).load(analysis.id),
      count: () => reference.templates.countOfAnalysis(filter).load(analysis.id),
      edge: ({ occurrences, strength, analysisId, examplePosition }): TemplateInStory => ({
        occurrences,
        strength,
        example: { analysisId, position: examplePosition },
      }),
    });
  }
}

/** What the edge tells of a template in one story. */
interface TemplateInStory {
  readonly occurrences: number;
  readonly strength: number;
  readonly example: { readonly analysisId: number; readonly position: number | null };
}

@Resolver(() => VoiceModulationTemplateEdge)
export class VoiceModulationTemplateEdgeResolver {
  @FieldResolver(() => Int, {
    nullable: true,
    description: "How often the story shows it; null outside the list of one story.",
  })
  occurrences(@Root() edge: Partial<TemplateInStory>): number | null {
    return edge.occurrences ?? null;
  }

  @FieldResolver(() => Float, {
    nullable: true,
    description:
      "How strongly the story shows it, from 0 to 1; null outside the list of one story.",
  })
  strength(@Root() edge: Partial<TemplateInStory>): number | null {
    return edge.strength ?? null;
  }

  @FieldResolver(() => StorySegment, {
    nullable: true,
    description: "Where the story shows it best; null outside the list of one story.",
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
