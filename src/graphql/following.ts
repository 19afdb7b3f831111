/** The news of one topic, and how to read the state that the news are about. */
export interface Followed<S> {
  /** Yields when the state may have changed. */
  readonly news: AsyncIterableIterator<void>;
  readonly readState: () => Promise<S>;
  /** A state is sent only if its mark differs from the mark of the previous state. */
  readonly markOf: (state: S) => string;
  readonly isOver: (state: S) => boolean;
}

/**
 * Returns the current state and every changed state, until the state is over. Start to listen to the news
 * before the call. Otherwise a change between the first read and the listening would be lost.
 */
export const followUntilOver = <S>(followed: Followed<S>): AsyncIterableIterator<S, void> =>
  endWaitOnReturn(followed.news, yieldStates(followed));

async function* yieldStates<S>({
  news,
  readState,
  markOf,
  isOver,
}: Followed<S>): AsyncGenerator<S, void> {
  try {
    let mark: string | undefined;
    let now: S;
    do {
      now = await readState();
      if (markOf(now) !== mark) yield now;
      mark = markOf(now);
    } while (!isOver(now) && !(await news.next()).done);
  } finally {
    await news.return?.();
  }
}

/**
 * Returns an iterator of the states. The iterator's `return` also ends a wait for the next change. The
 * `return` of a plain generator would first finish the wait.
 */
export function endWaitOnReturn<S>(
  news: AsyncIterableIterator<void>,
  states: AsyncGenerator<S, void>,
): AsyncIterableIterator<S, void> {
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
