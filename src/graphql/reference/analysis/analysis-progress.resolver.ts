import { Arg, Ctx, Field, Float, ID, ObjectType, Resolver, Root, Subscription } from "type-graphql";
import { NotFoundError } from "../../../platform/errors.js";
import { ANALYSIS_CHANNEL, NO_STORY, type StoryEntity } from "../../../reference/index.js";
import type { FabulaContext } from "../../context.js";
import { integerFromGlobalId } from "../../relay/global-id.js";
import { AnalysisStatusType, ReferenceStory } from "../story/story.type.js";

@ObjectType({ description: "The progress of the analysis of a story's text." })
export class StoryAnalysisProgress {
  @Field(() => AnalysisStatusType, { simple: true, description: "The state of the analysis." })
  readonly status!: string;

  @Field(() => Float, {
    simple: true,
    description:
      "The share of the analysis that is done: 0 before the analysis begins, 1 after the analysis succeeds or fails. If a language model reads the text too, its part is from 0.5 to 1.",
  })
  readonly fraction!: number;

  @Field(() => ReferenceStory, { simple: true, description: "The story in its current state." })
  readonly story!: StoryEntity;
}

const FINAL = new Set(["none", "ready", "failed"]);

@Resolver()
export class AnalysisProgressResolver {
  @Subscription(() => StoryAnalysisProgress, {
    description:
      "Follows the analysis of a story. Sends the current state first, then every change. Completes when the analysis ends. An analysis by a newer analyser or by a language model is followed, too. If no analysis was requested, completes after the current state.",
    subscribe: ({ args, context }: { args: { storyId: string }; context: FabulaContext }) =>
      followAnalysis(context, storyIdOf(args.storyId)),
  })
  async storyAnalysisProgress(
    @Root() { status, fraction }: AnalysisState,
    @Ctx() context: FabulaContext,
    @Arg("storyId", () => ID, { description: "The story to follow." }) storyId: string,
  ): Promise<StoryAnalysisProgress> {
    // Read the story again for each event, because the viewer may have lost access to the story
    // since the last event.
    const story = await findVisibleStory(context, storyIdOf(storyId));
    return { status, fraction, story };
  }
}

/**
 * The result of one read: the status of the analysis of a story ("none" if there is no analysis), the share
 * that is done, and the hash of the text of the story.
 */
interface AnalysisState {
  readonly status: string;
  readonly fraction: number;
  readonly contentHash: string | null;
}

/**
 * Follows the analysis of a story.
 * @throws NotFoundError before the first event if the viewer cannot see the story; GraphQL then refuses
 *   the subscription
 */
async function followAnalysis(
  context: FabulaContext,
  storyId: number,
): Promise<AsyncIterable<AnalysisState>> {
  const { contentHash } = await findVisibleStory(context, storyId);
  return followStates(context, storyId, contentHash);
}

/**
 * The events that one subscriber receives. Each text has its own events. If the author replaces the
 * text, the subscriber listens to the events of the new text.
 */
interface Listening {
  contentHash: string | null;
  news: AsyncIterableIterator<void>;
  hasEnded: boolean;
}

/**
 * Returns an iterator of the states. The iterator's `return` also ends a wait for the next event. The
 * `return` of a plain generator would first finish the wait.
 */
function followStates(
  context: FabulaContext,
  storyId: number,
  contentHash: string | null,
): AsyncIterableIterator<AnalysisState> {
  const news = listenTo(context, contentHash);
  const listening: Listening = { contentHash, news, hasEnded: false };
  const states = yieldStates(context, storyId, listening);
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

const listenTo = (
  { services }: FabulaContext,
  contentHash: string | null,
): AsyncIterableIterator<void> => services.notifier.listen(ANALYSIS_CHANNEL, contentHash ?? "");

/**
 * Yields the first state and each changed state. Listens for events before each read of a state, so
 * that no change during the read is lost.
 */
async function* yieldStates(
  context: FabulaContext,
  storyId: number,
  listening: Listening,
): AsyncGenerator<AnalysisState, undefined> {
  let last: AnalysisState | undefined;
  try {
    while (!listening.hasEnded) {
      const now = await readState(context, storyId);
      if (now.contentHash !== listening.contentHash) {
        await listening.news.return?.();
        listening.contentHash = now.contentHash;
        listening.news = listenTo(context, now.contentHash);
        last = undefined;
        continue;
      }
      if (now.status !== last?.status || now.fraction !== last.fraction) yield now;
      last = now;
      if (FINAL.has(now.status) || (await listening.news.next()).done) return;
    }
  } finally {
    await listening.news.return?.();
  }
}

async function readState(context: FabulaContext, storyId: number): Promise<AnalysisState> {
  const story = await findVisibleStory(context, storyId);
  const progress = await context.reference.analyses.progress(story);
  return { ...(progress ?? { status: "none", fraction: 0 }), contentHash: story.contentHash };
}

async function findVisibleStory(
  { reference }: FabulaContext,
  storyId: number,
): Promise<StoryEntity> {
  const story = await reference.stories.byId.load(storyId);
  if (story) return story;
  throw new NotFoundError(NO_STORY, ["storyId"]);
}

const storyIdOf = (id: string): number => integerFromGlobalId(id, "ReferenceStory", ["storyId"]);
