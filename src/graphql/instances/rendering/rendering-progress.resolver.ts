import { Arg, Ctx, ID, Resolver, Root, Subscription } from "type-graphql";
import {
  NO_NARRATION,
  type NarrationEntity,
  OWNER_RENDER_CHANNEL,
  type Owner,
  RENDER_CHANNEL,
  type RenderProgress,
  isUnderWay,
  ownerTopic,
} from "../../../instances/index.js";
import { NotFoundError, UnauthenticatedError } from "../../../platform/errors.js";
import type { FabulaContext } from "../../context.js";
import { endWaitOnReturn, followUntilOver } from "../../following.js";
import { fromGlobalId } from "../../relay/global-id.js";
import { UserStoryNarration } from "../narration/narration.type.js";

/**
 * Renders that ended at most this long ago are still reported. The time must be longer than the
 * difference between the clocks of two machines. Otherwise a render that ended on another machine could
 * be missed.
 */
const LOOK_BACK_MS = 3_600_000;

/** The state of a narration's render. */
interface RenderState {
  readonly id: string;
  /**
   * The status, the progress counts and whether the script is there, as one text. A state is sent only if
   * its mark differs from the mark of the narration's previous state.
   */
  readonly mark: string;
  readonly isOver: boolean;
}

@Resolver(() => UserStoryNarration)
export class RenderingProgressResolver {
  @Subscription(() => UserStoryNarration, {
    description:
      "Reports the script and the render of one of the viewer's narrations: first the current state, then every change, at most four a second. While the narration waits for its script, the subscription waits too, and sends the narration when the script arrives. Completes when no render is under way and the script is there.",
    subscribe: ({ args, context }: { args: { id: string }; context: FabulaContext }) =>
      followNarration(context, readNarrationId(args.id)),
  })
  narrationProgress(
    @Root() state: RenderState,
    @Ctx() context: FabulaContext,
    @Arg("id", () => ID, { description: "The id of one of the viewer's narrations." }) id: string,
  ): Promise<NarrationEntity> {
    return loadOwnNarration(context, state.id || readNarrationId(id));
  }

  @Subscription(() => UserStoryNarration, {
    description:
      "Reports all renders of the viewer: first every narration whose render is under way, then every narration whose render changes. Continues until the client closes the subscription.",
    subscribe: ({ context }: { context: FabulaContext }) => followOwner(context),
  })
  viewerNarrationProgress(
    @Root() { id }: RenderState,
    @Ctx() context: FabulaContext,
  ): Promise<NarrationEntity> {
    return loadOwnNarration(context, id);
  }
}

/**
 * Follows the render of one narration.
 * @throws UnauthenticatedError or NotFoundError before the first event, so that GraphQL refuses the
 *   subscription
 */
async function followNarration(
  context: FabulaContext,
  id: string,
): Promise<AsyncIterable<RenderState>> {
  requireOwner(context);
  await loadOwnNarration(context, id);
  // Listen before the first read of the state. Otherwise a change between the read and the listening
  // would be lost.
  const news = context.services.notifier.listen(RENDER_CHANNEL, id);
  return followUntilOver({
    news,
    readState: async () => loadState(context, await loadOwnNarration(context, id)),
    markOf: ({ mark }) => mark,
    isOver: ({ isOver }) => isOver,
  });
}

function requireOwner({ owner }: FabulaContext): Owner {
  if (owner) return owner;
  throw new UnauthenticatedError("Send a token to follow your own narrations.");
}

async function followOwner(context: FabulaContext): Promise<AsyncIterable<RenderState>> {
  const owner = requireOwner(context);
  const news = context.services.notifier.listen(OWNER_RENDER_CHANNEL, ownerTopic(owner));
  return endWaitOnReturn(news, followRenders(context, news));
}

async function* followRenders(
  context: FabulaContext,
  news: AsyncIterableIterator<void>,
): AsyncGenerator<RenderState, void> {
  let marks: ReadonlyMap<string, string> | null = null;
  try {
    do {
      const states = await loadRecentStates(context);
      const last = marks;
      yield* states.filter(({ id, mark, isOver }) => (last ? last.get(id) !== mark : !isOver));
      marks = new Map(states.map(({ id, mark }) => [id, mark]));
    } while (!(await news.next()).done);
  } finally {
    await news.return?.();
  }
}

/**
 * Loads the renders under way and the renders that ended recently. Without the ended renders, a render
 * that begins and ends between two reads would be missed.
 */
async function loadRecentStates({ instances, services }: FabulaContext): Promise<RenderState[]> {
  const since = new Date(services.clock.now().getTime() - LOOK_BACK_MS);
  const recent = (await instances?.renders.recent(since)) ?? [];
  return recent.map(({ id, status, ...render }) => stateFrom({ id, status }, render));
}

async function loadState(
  { instances }: FabulaContext,
  { id, status }: NarrationEntity,
): Promise<RenderState> {
  const [render, pendingScript] = await Promise.all([
    instances?.renders.latest.load(id),
    instances?.narrations.pendingScript.load(id),
  ]);
  const state = stateFrom({ id, status }, render);
  return pendingScript ? { id, mark: `${state.mark} without script`, isOver: false } : state;
}

const stateFrom = (
  { id, status }: Pick<NarrationEntity, "id" | "status">,
  render: Pick<RenderProgress, "attempt" | "rendered" | "reused"> | null | undefined,
): RenderState => ({
  id,
  mark: [status, render?.attempt, render?.rendered, render?.reused].join(" "),
  isOver: !isUnderWay(status),
});

async function loadOwnNarration(
  { instances }: FabulaContext,
  id: string,
): Promise<NarrationEntity> {
  const narration = await instances?.narrations.byId.load(id);
  if (narration) return narration;
  throw new NotFoundError(NO_NARRATION, ["id"]);
}

const readNarrationId = (id: string): string => fromGlobalId(id, "UserStoryNarration", ["id"]);
