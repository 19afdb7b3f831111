import { Arg, Field, Float, ID, ObjectType, Resolver, Root, Subscription } from "type-graphql";
import { NotFoundError } from "../../platform/errors.js";
import { ANALYSIS_CHANNEL, type StoryEntity } from "../../reference/index.js";
import type { FabulaContext } from "../context.js";
import { integerFromGlobalId } from "../global-id.js";
import { AnalysisStatusType, ReferenceStory } from "./story.type.js";

@ObjectType({ description: "Where the analysis of a story's text stands." })
export class StoryAnalysisProgress {
  @Field(() => AnalysisStatusType, { simple: true, description: "The state of the work." })
  readonly status!: string;

  @Field(() => Float, {
    simple: true,
    description: "How much is done: 0 before it begins, 1 when it has ended, well or not.",
  })
  readonly fraction!: number;

  @Field(() => ReferenceStory, { simple: true, description: "The story as it is now." })
  readonly story!: StoryEntity;
}

const FRACTIONS: Readonly<Record<string, number>> = {
  pending: 0,
  running: 0.5,
  ready: 1,
  failed: 1,
};
const FINAL = new Set(["none", "ready", "failed"]);

@Resolver()
export class AnalysisProgressResolver {
  @Subscription(() => StoryAnalysisProgress, {
    description:
      "Follows the analysis of a story: first where it stands, then every change; completes when it has ended.",
    subscribe: ({ args, context }: { args: { storyId: string }; context: FabulaContext }) =>
      followAnalysis(context, integerFromGlobalId(args.storyId, "ReferenceStory", ["storyId"])),
  })
  storyAnalysisProgress(
    @Root() progress: StoryAnalysisProgress,
    @Arg("storyId", () => ID, { description: "The story to follow." }) _storyId: string,
  ): StoryAnalysisProgress {
    return progress;
  }
}

/** @throws NotFoundError before the first event, so that the subscription is refused */
async function followAnalysis(
  context: FabulaContext,
  storyId: number,
): Promise<AsyncIterable<StoryAnalysisProgress>> {
  const { contentHash } = await visibleStory(context, storyId);
  return progressOf(context, storyId, contentHash ?? "");
}

async function* progressOf(
  context: FabulaContext,
  storyId: number,
  contentHash: string,
): AsyncGenerator<StoryAnalysisProgress> {
  // Listening before looking: a change between the two is then heard, not lost.
  const news = context.services.notifier.listen(ANALYSIS_CHANNEL, contentHash);
  try {
    let last = await progressNow(context, storyId);
    yield last;
    while (!FINAL.has(last.status)) {
      if ((await news.next()).done) return;
      const now = await progressNow(context, storyId);
      // The author wrote another text meanwhile; its analysis is another subject of news.
      if (now.story.contentHash !== last.story.contentHash) {
        yield* progressOf(context, storyId, now.story.contentHash ?? "");
        return;
      }
      if (now.status !== last.status) yield now;
      last = now;
    }
  } finally {
    await news.return?.();
  }
}

async function progressNow(
  context: FabulaContext,
  storyId: number,
): Promise<StoryAnalysisProgress> {
  const story = await visibleStory(context, storyId);
  const status = (await context.reference.analyses.current(story))?.status ?? "none";
  return { status, fraction: FRACTIONS[status] ?? 0, story };
}

async function visibleStory({ reference }: FabulaContext, storyId: number): Promise<StoryEntity> {
  const story = await reference.stories.byId.load(storyId);
  if (story) return story;
  throw new NotFoundError(`There is no story ${storyId}.`);
}
