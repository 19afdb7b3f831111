import { Arg, Ctx, Field, Mutation, ObjectType, Resolver } from "type-graphql";
import { AnalyserKind, AnalysisRequest } from "../../../reference/index.js";
import type { FabulaContext } from "../../context.js";
import { graphqlEnum } from "../../enum.js";
import { mutation } from "../../mutation.js";
import { StoryPayload } from "./story-mutation.resolver.js";
import { ReanalyzeStoryInput } from "./story.input.js";

const ReanalysisOutcomeType = graphqlEnum(
  "ReanalysisOutcome",
  "What reanalyzeStory did. New values may be added.",
  {
    QUEUED: [AnalysisRequest.Queued, "The analysis waits for a worker."],
    UNDER_WAY: [AnalysisRequest.UnderWay, "The analysis was requested before, and is under way."],
    CURRENT: [
      AnalysisRequest.Unneeded,
      "The present analyser has already analysed the text. Nothing changed.",
    ],
  },
);

@ObjectType({ description: "The result of reanalyzeStory." })
class ReanalyzeStoryPayload extends StoryPayload {
  @Field(() => ReanalysisOutcomeType, {
    simple: true,
    nullable: true,
    description: "What happened; null if the mutation failed.",
  })
  readonly outcome!: AnalysisRequest | null;
}

@Resolver()
export class ReanalysisResolver {
  @Mutation(() => ReanalyzeStoryPayload, {
    nullable: true,
    description:
      "Analyses the present text of your story with the present analyser, if an earlier analyser made its analysis or if the analysis failed. With MODEL, a language model reads the text, as soon as the server's own analysis is ready. Follow it with storyAnalysisProgress. Narrations keep the analysis that they were made from. Counts as new text against your quota if an analysis begins.",
  })
  reanalyzeStory(
    @Ctx() context: FabulaContext,
    @Arg("input", () => ReanalyzeStoryInput, { description: "The story to analyse." })
    { id, version, analyzer }: ReanalyzeStoryInput,
  ): Promise<object> {
    return mutation(context, async ({ userId }, ids) => {
      const { stories } = context.services;
      const by = analyzer ?? AnalyserKind.Embedded;
      const at = { id: ids.readInteger(id, "ReferenceStory", ["id"]), version };
      const { story, request } = await stories.reanalyze(userId, at, {
        ...{ by, problems: ids.problems },
      });
      return { outcome: request, story };
    });
  }
}
