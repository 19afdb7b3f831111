import { ArgsType, Args, Ctx, Field, FieldResolver, ID, Int, Resolver, Root } from "type-graphql";
import { EditedText } from "../../../platform/text/edited-text.js";
import type {
  AnalysisEntity,
  ApparatusKind,
  StorySegmentEntity,
} from "../../../reference/index.js";
import type { FabulaContext } from "../../context.js";
import type { BoundList } from "../../relay/cursor.js";
import { isGiven } from "../../given.js";
import { toGlobalId } from "../../relay/global-id.js";
import { EMPTY_LISTING, ConnectionArgs, toConnection } from "../../relay/pagination.js";
import {
  Emotion,
  SegmentKindType,
  StoryAnalysis,
  StoryCharacter,
  StoryMood,
  StorySegment,
  StorySegmentConnection,
} from "./analysis.type.js";
import { AnalysisDegradation, Analyzer, toAnalysisDegradations } from "./analyzer.type.js";
import { ApparatusKindType, StoryApparatusConnection } from "./apparatus.type.js";
import { type CharacterSource, findCharacter, decodeCharacterId } from "./character.mapper.js";

@ArgsType()
export class StorySegmentsArgs extends ConnectionArgs {
  @Field(() => ID, {
    nullable: true,
    description: "Only segments that this character speaks: the id of a StoryCharacter.",
  })
  readonly characterId?: string | null;

  @Field(() => [SegmentKindType], {
    nullable: true,
    description: "Only segments of these kinds. An absent or empty list selects all kinds.",
  })
  readonly kinds?: string[] | null;

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
}

@ArgsType()
export class StoryApparatusArgs extends ConnectionArgs {
  @Field(() => [ApparatusKindType], {
    nullable: true,
    description: "Only apparatus of these kinds. An absent or empty list selects all kinds.",
  })
  readonly kinds?: ApparatusKind[] | null;
}

@Resolver(() => StoryAnalysis)
export class StoryAnalysisResolver {
  @FieldResolver(() => ID, {
    description: "The analysis's id. Send the id to `node` to read the analysis again.",
  })
  id(@Root() { id }: AnalysisEntity): string {
    return toGlobalId("StoryAnalysis", id);
  }

  @FieldResolver(() => StoryMood, {
    nullable: true,
    description: "The mood of the whole text; null if the analyser found no mood.",
  })
  textMood(@Root() { mood }: AnalysisEntity): StoryMood | null {
    return mood;
  }

  @FieldResolver(() => Analyzer, { description: "The analyser that made the analysis." })
  analyzer(
    @Root() { analyzerId, analyzerVersion, model, promptVersion }: AnalysisEntity,
  ): Analyzer {
    return {
      ...{ name: analyzerId, version: analyzerVersion },
      ...{ model: model || null, promptVersion: promptVersion || null },
    };
  }

  @FieldResolver(() => [AnalysisDegradation], {
    description:
      "The features that this analysis lacks, for example because the text is too long for the language model.",
  })
  degraded(@Root() { degraded }: AnalysisEntity): readonly AnalysisDegradation[] {
    return toAnalysisDegradations(degraded);
  }

  @FieldResolver(() => [StoryCharacter], {
    description: "The characters who act or speak, most important first.",
  })
  characters(@Root() { id, characters }: AnalysisEntity): readonly CharacterSource[] {
    return characters.map((character) => ({ ...character, analysisId: id }));
  }

  @FieldResolver(() => StorySegmentConnection, {
    description: "The segments of the text, in reading order.",
  })
  segments(
    @Root() { id }: AnalysisEntity,
    @Ctx() { reference }: FabulaContext,
    @Args(() => StorySegmentsArgs)
    { characterId, kinds, fromIndex, toIndex, ...args }: StorySegmentsArgs,
  ): Promise<object> {
    const character = isGiven(characterId) ? decodeCharacterId(characterId, ["characterId"]) : null;
    const filter = {
      characterId: character?.characterId,
      kinds: kinds?.length ? kinds : undefined,
      fromIndex: fromIndex ?? undefined,
      toIndex: toIndex ?? undefined,
    };
    const list: BoundList = {
      name: "StoryAnalysis.segments",
      place: { sort: "integer", id: "integer" },
      filter,
    };
    // A character of another analysis speaks no segment of this analysis.
    if (character && character.analysisId !== id) return toConnection(list, args, EMPTY_LISTING);
    return toConnection(list, args, {
      load: (page) => reference.analyses.segments({ ...filter, page }).load(id),
      count: () => reference.analyses.segmentCount(filter).load(id),
    });
  }

  @FieldResolver(() => StoryApparatusConnection, {
    description:
      "The parts of the text that are not the story, in reading order. They are not narrated, and the analysis ignores them. They can be inside a segment.",
  })
  apparatus(
    @Root() { id }: AnalysisEntity,
    @Ctx() { reference }: FabulaContext,
    @Args(() => StoryApparatusArgs) { kinds, ...args }: StoryApparatusArgs,
  ): Promise<object> {
    const filter = { kinds: kinds?.length ? kinds : undefined };
    const list: BoundList = {
      name: "StoryAnalysis.apparatus",
      place: { sort: "integer", id: "integer" },
      filter,
    };
    return toConnection(list, args, {
      load: (page) => reference.analyses.apparatus({ ...filter, page }).load(id),
      count: () => reference.analyses.apparatusCount(filter).load(id),
    });
  }
}

@Resolver(() => StoryCharacter)
export class StoryCharacterResolver {
  @FieldResolver(() => ID, {
    description:
      "The character's id. A new analysis gives its characters new ids. `node` finds no characters.",
  })
  id(@Root() { analysisId, id }: CharacterSource): string {
    return toGlobalId("StoryCharacter", `${analysisId}.${id}`);
  }

  @FieldResolver(() => String, {
    description: "The name that the text uses most for the character.",
  })
  name(@Root() { canonicalName }: CharacterSource): string {
    return canonicalName;
  }
}

@Resolver(() => StorySegment)
export class StorySegmentResolver {
  @FieldResolver(() => ID, {
    description:
      "The segment's id. A new analysis gives its segments new ids. `node` finds no segments.",
  })
  id(@Root() { analysisId, position }: StorySegmentEntity): string {
    return toGlobalId("StorySegment", `${analysisId}.${position}`);
  }

  @FieldResolver(() => Int, {
    description: "The position of the segment in the text, counted from 0.",
  })
  index(@Root() { position }: StorySegmentEntity): number {
    return position;
  }

  @FieldResolver(() => Int, {
    description: "The start of the segment in the story's text, in UTF-16 units.",
  })
  start(@Root() { utf16Start }: StorySegmentEntity): number {
    return utf16Start;
  }

  @FieldResolver(() => Int, {
    description: "The end of the segment in the story's text, in UTF-16 units, exclusive.",
  })
  end(@Root() { utf16End }: StorySegmentEntity): number {
    return utf16End;
  }

  @FieldResolver(() => String, {
    description: "The text of the segment without the apparatus inside the segment.",
  })
  async spokenText(
    @Root() { analysisId, position, text }: StorySegmentEntity,
    @Ctx() { reference }: FabulaContext,
  ): Promise<string> {
    return new EditedText(text, await reference.analyses.apparatusAt(analysisId, position)).text;
  }

  @FieldResolver(() => StoryCharacter, {
    nullable: true,
    description:
      "The character who speaks the segment; null for narration or if the speaker is unknown.",
  })
  speaker(
    @Root() { analysisId, speakerId }: StorySegmentEntity,
    @Ctx() context: FabulaContext,
  ): Promise<CharacterSource | null> {
    return findCharacter(context, analysisId, speakerId);
  }

  @FieldResolver(() => Emotion, { description: "The emotion of the segment." })
  emotion(@Root() { emotion, intensity }: StorySegmentEntity): Emotion {
    return { label: emotion, intensity };
  }
}
