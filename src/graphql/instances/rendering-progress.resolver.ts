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
} from "../../instances/index.js";
import { NotFoundError, UnauthenticatedError } from "../../platform/errors.js";
import type { FabulaContext } from "../context.js";
import { fromGlobalId } from "../relay/global-id.js";
import { toNarration } from "./narration.mapper.js";
import { UserStoryNarration } from "./narration.type.js";

/** Far more than the clocks of two machines differ. */
const LOOK_BACK_MS = 3_600_000;

/** A narration and a mark of everything about it that a follower can see change. */
interface RenderState {
  readonly id: string;
  readonly mark: string;
  readonly isOver: boolean;
}

@Resolver(() => UserStoryNarration)
export class RenderingProgressResolver {
  @Subscription(() => UserStoryNarration, {
    description:
      "Follows the render of one of the viewer's narrations: first as it is, then every change, at most four a second; completes when it has ended, at once where none is under way.",
    subscribe: ({ args, context }: { args: { id: string }; context: FabulaContext }) =>
      followNarration(context, rawId(args.id)),
  })
  narrationProgress(
    @Root() state: RenderState,
    @Ctx() context: FabulaContext,
    @Arg("id", () => ID, { description: "One of the viewer's narrations." }) id: string,
  ): Promise<UserStoryNarration> {
    return narrationNow(context, state.id || rawId(id));
  }

  @Subscription(() => UserStoryNarration, {
    description:
      "Follows every render of the viewer: first each narration under way, then each change of any; goes on until it is closed.",
    subscribe: ({ context }: { context: FabulaContext }) => followOwner(context),
  })
  viewerNarrationProgress(
    @Root() { id }: RenderState,
    @Ctx() context: FabulaContext,
  ): Promise<UserStoryNarration> {
    return narrationNow(context, id);
  }
}

/** @throws UnauthenticatedError, NotFoundError before the first event, so that the subscription is refused */
async function followNarration(
  context: FabulaContext,
  id: string,
): Promise<AsyncIterable<RenderState>> {
  requireOwner(context);
  await ownNarration(context, id);
  // Listening before looking: a change between the two is then heard, not lost.
  const news = context.services.notifier.listen(RENDER_CHANNEL, id);
  return endWaitOnReturn(news, followRender(context, id, news));
}

function requireOwner({ owner }: FabulaContext): Owner {
  if (owner) return owner;
  throw new UnauthenticatedError("Send a token to follow your own narrations.");
}

/** `return` ends a wait for news, which a bare generator would sit out. */
function endWaitOnReturn(
  news: AsyncIterableIterator<void>,
  states: AsyncGenerator<RenderState, void>,
): AsyncIterableIterator<RenderState, void> {
  return {
    next: () => states.next(),
    return: async () => {
      await news.return?.();
      return states.return(undefined);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* followRender(
  context: FabulaContext,
  id: string,
  news: AsyncIterableIterator<void>,
): AsyncGenerator<RenderState, void> {
  try {
    let last: RenderState | undefined;
    do {
      const now = await stateOf(context, await ownNarration(context, id));
      if (now.mark !== last?.mark) yield now;
      last = now;
    } while (!last.isOver && !(await news.next()).done);
  } finally {
    await news.return?.();
  }
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
      const states = await recentStates(context);
      const last = marks;
      yield* states.filter(({ id, mark, isOver }) => (last ? last.get(id) !== mark : !isOver));
      marks = new Map(states.map(({ id, mark }) => [id, mark]));
    } while (!(await news.next()).done);
  } finally {
    await news.return?.();
  }
}

/** Renders under way, and those that ended a short while ago: one may begin and end between two looks. */
async function recentStates({ instances, services }: FabulaContext): Promise<RenderState[]> {
  const since = new Date(services.clock.now().getTime() - LOOK_BACK_MS);
  const recent = (await instances?.renders.recent(since)) ?? [];
  return recent.map(({ id, status, ...render }) => stateFrom({ id, status }, render));
}

async function stateOf(
  { instances }: FabulaContext,
  { id, status }: NarrationEntity,
): Promise<RenderState> {
  return stateFrom({ id, status }, await instances?.renders.latest.load(id));
}

const stateFrom = (
  { id, status }: Pick<NarrationEntity, "id" | "status">,
  render: Pick<RenderProgress, "attempt" | "rendered" | "reused"> | null | undefined,
): RenderState => ({
  id,
  mark: [status, render?.attempt, render?.rendered, render?.reused].join(" "),
  isOver: !isUnderWay(status),
});

async function ownNarration({ instances }: FabulaContext, id: string): Promise<NarrationEntity> {
  const narration = await instances?.narrations.byId.load(id);
  if (narration) return narration;
  throw new NotFoundError(NO_NARRATION);
}

async function narrationNow(context: FabulaContext, id: string): Promise<UserStoryNarration> {
  return toNarration(await ownNarration(context, id));
}

const rawId = (id: string): string => fromGlobalId(id, "UserStoryNarration", ["id"]);
