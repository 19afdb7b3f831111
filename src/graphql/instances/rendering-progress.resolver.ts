import { Arg, Ctx, ID, Resolver, Root, Subscription } from "type-graphql";
import {
  type NarrationEntity,
  OWNER_RENDER_CHANNEL,
  RENDER_CHANNEL,
  ownerTopic,
} from "../../instances/index.js";
import { NotFoundError, UnauthenticatedError } from "../../platform/errors.js";
import type { FabulaContext } from "../context.js";
import { fromGlobalId } from "../global-id.js";
import { narrationOf } from "./narration.source.js";
import { UserStoryNarration } from "./narration.type.js";

const BUSY = new Set(["queued", "rendering"]);
const PAGE = { limit: 100 };

/** A narration and a mark of everything about it that a follower can see change. */
interface RenderState {
  readonly id: string;
  readonly mark: string;
  readonly isOver: boolean;
  /** Whether no sound was ever asked for. */
  readonly isUntouched: boolean;
}

@Resolver(() => UserStoryNarration)
export class RenderingProgressResolver {
  @Subscription(() => UserStoryNarration, {
    description:
      "Follows the render of one of the viewer's narrations: first as it is, then every change; completes when it has ended.",
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

/** @throws NotFoundError before the first event, so that the subscription is refused */
async function followNarration(
  context: FabulaContext,
  id: string,
): Promise<AsyncIterable<RenderState>> {
  await ownNarration(context, id);
  // Listening before looking: a change between the two is then heard, not lost.
  const news = context.services.notifier.listen(RENDER_CHANNEL, id);
  return untilLeft(news, statesOf(context, id, news));
}

/** `return` ends a wait for news, which a bare generator would sit out. */
function untilLeft(
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

async function* statesOf(
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
  const { owner } = context;
  if (!owner) throw new UnauthenticatedError("Send a token to follow your own narrations.");
  const news = context.services.notifier.listen(OWNER_RENDER_CHANNEL, ownerTopic(owner));
  return untilLeft(news, changesOf(context, news));
}

async function* changesOf(
  context: FabulaContext,
  news: AsyncIterableIterator<void>,
): AsyncGenerator<RenderState, void> {
  const marks = new Map<string, string>();
  let isFirstLook = true;
  try {
    do {
      const states = await recentStates(context);
      // One made since may be rendered before it is looked at for the first time.
      yield* states.filter((state) =>
        isFirstLook ? !state.isOver : isChanged(state, marks.get(state.id)),
      );
      for (const { id, mark } of states) marks.set(id, mark);
      isFirstLook = false;
    } while (!(await news.next()).done);
  } finally {
    await news.return?.();
  }
}

/** One made since the last look may have been rendered before it is seen for the first time. */
const isChanged = ({ mark, isUntouched }: RenderState, last: string | undefined): boolean =>
  last === undefined ? !isUntouched : last !== mark;

async function recentStates(context: FabulaContext): Promise<RenderState[]> {
  const page = await context.instances?.narrations.page({ page: PAGE });
  return Promise.all((page?.items ?? []).map(({ node }) => stateOf(context, node)));
}

async function stateOf(
  { instances }: FabulaContext,
  { id, status }: NarrationEntity,
): Promise<RenderState> {
  const render = await instances?.renders.latest.load(id);
  const mark = [status, render?.attempt, render?.rendered, render?.reused].join(" ");
  return { id, mark, isOver: !BUSY.has(status), isUntouched: !render };
}

async function ownNarration({ instances }: FabulaContext, id: string): Promise<NarrationEntity> {
  const narration = await instances?.narrations.byId.load(id);
  if (narration) return narration;
  throw new NotFoundError(`You have no narration ${id}.`);
}

async function narrationNow(context: FabulaContext, id: string): Promise<UserStoryNarration> {
  return narrationOf(await ownNarration(context, id));
}

const rawId = (id: string): string => fromGlobalId(id, "UserStoryNarration", ["id"]);
