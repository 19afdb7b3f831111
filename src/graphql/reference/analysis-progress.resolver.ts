import { Arg, Ctx, Field, Float, ID, ObjectType, Resolver, Root, Subscription } from "type-graphql";
import { NotFoundError } from "../../platform/errors.js";
import { ANALYSIS_CHANNEL, type StoryEntity } from "../../reference/index.js";
import type { FabulaContext } from "../context.js";
import { integerFromGlobalId } from "../relay/global-id.js";
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
      followAnalysis(context, storyIdOf(args.storyId)),
  })
  async storyAnalysisProgress(
    @Root() { status }: AnalysisState,
    @Ctx() context: FabulaContext,
    @Arg("storyId", () => ID, { description: "The story to follow." }) storyId: string,
  ): Promise<StoryAnalysisProgress> {
    // Each event has a context of its own, in which the story is looked for again.
    const story = await visibleStory(context, storyIdOf(storyId));
    return { status, fraction: FRACTIONS[status] ?? 0, story };
  }
}

/** Where the analysis of a story stood when it was looked at. */
interface AnalysisState {
  readonly status: string;
  readonly contentHash: string | null;
}

/** @throws NotFoundError before the first event, so that the subscription is refused */
async function followAnalysis(
  context: FabulaContext,
  storyId: number,
): Promise<AsyncIterable<AnalysisState>> {
  const { contentHash } = await visibleStory(context, storyId);
  return statesOf(context, storyId, contentHash);
}

/** What one reader listens to: a text has news of its own, and the author may write another. */
interface Listening {
  contentHash: string | null;
  news: AsyncIterableIterator<void>;
  hasEnded: boolean;
}

/** The states in turn. `return` ends a wait for news, which a bare generator would sit out. */
function statesOf(
  context: FabulaContext,
  storyId: number,
  contentHash: string | null,
): AsyncIterableIterator<AnalysisState> {
  const news = newsOf(context, contentHash);
  const listening: Listening = { contentHash, news, hasEnded: false };
  const states = statesHeard(context, storyId, listening);
  return {
    next: () => states.next(),
    return: async () => {
      listening.hasEnded = true;
      await listening.news.return?.();
      return states.return(undefined);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const newsOf = (
  { services }: FabulaContext,
  contentHash: string | null,
): AsyncIterableIterator<void> => services.notifier.listen(ANALYSIS_CHANNEL, contentHash ?? "");

/** Listens before it looks: a change between the two is then heard, not lost. */
async function* statesHeard(
  context: FabulaContext,
  storyId: number,
  listening: Listening,
): AsyncGenerator<AnalysisState, undefined> {
  let last: string | undefined;
  try {
    while (!listening.hasEnded) {
      const now = await stateNow(context, storyId);
      if (now.contentHash !== listening.contentHash) {
        await listening.news.return?.();
        listening.contentHash = now.contentHash;
        listening.news = newsOf(context, now.contentHash);
        last = undefined;
        continue;
      }
      if (now.status !== last) yield now;
      last = now.status;
      if (FINAL.has(last) || (await listening.news.next()).done) return;
    }
  } finally {
    await listening.news.return?.();
  }
}

async function stateNow(context: FabulaContext, storyId: number): Promise<AnalysisState> {
  const story = await visibleStory(context, storyId);
  const analysis = await context.reference.analyses.current(story);
  return { status: analysis?.status ?? "none", contentHash: story.contentHash };
}

async function visibleStory({ reference }: FabulaContext, storyId: number): Promise<StoryEntity> {
  const story = await reference.stories.byId.load(storyId);
  if (story) return story;
  throw new NotFoundError(`There is no story ${storyId}.`);
}

const storyIdOf = (id: string): number => integerFromGlobalId(id, "ReferenceStory", ["storyId"]);
