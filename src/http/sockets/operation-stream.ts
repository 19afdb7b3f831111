import type { ExecutionResult } from "graphql";

/** Answers one event. Returns null to end the stream. */
export type Answer = (event: unknown) => Promise<ExecutionResult | null>;

/** One answer, or a source of events with an answer to each event. */
export type Opened =
  | { readonly first: ExecutionResult; readonly rest: null }
  | {
      readonly first: null;
      readonly rest: { readonly events: AsyncIterator<unknown>; readonly answer: Answer };
    };

const DONE = { done: true, value: undefined } as const;

/**
 * Returns a stream of answers. The first read of the stream opens the operation. graphql-ws calls
 * `return` when the client completes the operation or closes the socket. `return` aborts the work, even
 * before the first answer. So the stream must exist before the work begins. The `return` of a generator
 * would first wait for the work.
 */
export function streamOf(
  leaving: AbortController,
  open: () => Promise<Opened>,
): AsyncIterableIterator<ExecutionResult> {
  let opening: Promise<Opened> | undefined;
  let isAnswered = false;
  const advance = async (): Promise<ExecutionResult | null> => {
    opening ??= open();
    const { first, rest } = await opening;
    if (isAnswered) return null;
    isAnswered = rest === null;
    if (first) return first;
    const event = await rest.events.next();
    return event.done ? null : rest.answer(event.value);
  };
  return {
    next: async () => {
      try {
        const value = await advance();
        return value === null || leaving.signal.aborted ? DONE : { done: false, value };
      } catch (error) {
        // If the client left, the error only says that a read was stopped.
        if (leaving.signal.aborted) return DONE;
        throw error;
      }
    },
    return: async () => {
      leaving.abort();
      const opened = await opening?.catch(() => null);
      await opened?.rest?.events.return?.();
      return DONE;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
