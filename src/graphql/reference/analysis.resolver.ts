import { ArgsType, Args, Ctx, Field, FieldResolver, ID, Int, Resolver, Root } from "type-graphql";
import type { AnalysisEntity, StorySegmentEntity } from "../../reference/index.js";
import type { FabulaContext } from "../context.js";
import type { BoundList } from "../relay/cursor.js";
import { isGiven } from "../given.js";
import { toGlobalId } from "../relay/global-id.js";
import { EMPTY_LISTING, ForwardArgs, toConnection } from "../relay/pagination.js";
import {
  Analyzer,
  Emotion,
  SegmentKindType,
  StoryAnalysis,
  StoryCharacter,
  StorySegment,
  StorySegmentConnection,
} from "./analysis.type.js";
import { type CharacterSource, findCharacter, decodeCharacterId } from "./character.mapper.js";

@ArgsType()
export class StorySegmentsArgs extends ForwardArgs {
  @Field(() => ID, {
    nullable: true,
    description: "Only what this character says: the id of a StoryCharacter.",
  })
  readonly characterId?: string | null;

  @Field(() => [SegmentKindType], {
    nullable: true,
    description: "Only segments of these kinds; all where it is absent or empty.",
  })
  readonly kinds?: string[] | null;
}

@Resolver(() => StoryAnalysis)
export class StoryAnalysisResolver {
  @FieldResolver(() => ID, { description: "Finds this analysis again with `node`." })
  id(@Root() { id }: AnalysisEntity): string {
    return toGlobalId("StoryAnalysis", id);
  }

  @FieldResolver(() => String, {
    description: "What was looked for: narrative, where nothing else is said.",
  })
  type(@Root() { analysisType }: AnalysisEntity): string {
    return analysisType;
  }

  @FieldResolver(() => Analyzer, { description: "What made it." })
  analyzer(@Root() { analyzerId, analyzerVersion, model }: AnalysisEntity): Analyzer {
    return { id: analyzerId, version: analyzerVersion, model: model || null };
  }

  @FieldResolver(() => [StoryCharacter], {
    description: "Who acts or speaks, the most important first.",
  })
  characters(@Root() { id, characters }: AnalysisEntity): readonly CharacterSource[] {
    return characters.map((character) => ({ ...character, analysisId: id }));
  }

  @FieldResolver(() => StorySegmentConnection, {
    description: "The text in segments, in reading order.",
  })
  segments(
    @Root() { id }: AnalysisEntity,
    @Ctx() { reference }: FabulaContext,
    @Args(() => StorySegmentsArgs) { characterId, kinds, ...args }: StorySegmentsArgs,
  ): Promise<object> {
    const character = isGiven(characterId) ? decodeCharacterId(characterId, ["characterId"]) : null;
    const filter = {
      characterId: character?.characterId,
      kinds: kinds?.length ? kinds : undefined,
    };
    const list: BoundList = {
      name: "StoryAnalysis.segments",
      place: { sort: "integer", id: "integer" },
      filter,
    };
    // Another analysis' character says nothing here.
    if (character && character.analysisId !== id) return toConnection(list, args, EMPTY_LISTING);
    return toConnection(list, args, {
      load: (page) => reference.analyses.segments({ ...filter, page }).load(id),
      count: () => reference.analyses.segmentCount(filter).load(id),
    });
  }
}

@Resolver(() => StoryCharacter)
export class StoryCharacterResolver {
  @FieldResolver(() => ID, { description: "Names the character within its analysis." })
  id(@Root() { analysisId, id }: CharacterSource): string {
    return toGlobalId("StoryCharacter", `${analysisId}.${id}`);
  }

  @FieldResolver(() => String, { description: "The name the text mostly gives them." })
  name(@Root() { canonicalName }: CharacterSource): string {
    return canonicalName;
  }
}

@Resolver(() => StorySegment)
export class StorySegmentResolver {
  @FieldResolver(() => ID, { description: "Names the segment within its analysis." })
  id(@Root() { analysisId, position }: StorySegmentEntity): string {
    return toGlobalId("StorySegment", `${analysisId}.${position}`);
  }

  @FieldResolver(() => Int, { description: "Its place in the text, from 0." })
  index(@Root() { position }: StorySegmentEntity): number {
    return position;
  }

  @FieldResolver(() => Int, {
    description: "Where it begins in the story's text, in UTF-16 units.",
  })
  start(@Root() { utf16Start }: StorySegmentEntity): number {
    return utf16Start;
  }

  @FieldResolver(() => Int, { description: "Where it ends in the story's text, exclusive." })
  end(@Root() { utf16End }: StorySegmentEntity): number {
    return utf16End;
  }

  @FieldResolver(() => StoryCharacter, {
    nullable: true,
    description: "Who says it; null for narration, and where nobody knows.",
  })
  speaker(
    @Root() { analysisId, speakerId }: StorySegmentEntity,
    @Ctx() context: FabulaContext,
  ): Promise<CharacterSource | null> {
    return findCharacter(context, analysisId, speakerId);
  }

  @FieldResolver(() => Emotion, { description: "What is felt in it." })
  emotion(@Root() { emotion, intensity }: StorySegmentEntity): Emotion {
    return { label: emotion, intensity };
  }
}
