import type { ExecutionResult } from "graphql";

/** Returns the answer to one event. Returns null if the stream must end. */
export type Answer = (event: unknown) => Promise<ExecutionResult | null>;

/** A started operation: one answer, or a source of events with the function that answers each event. */
export type Opened =
  | { readonly first: ExecutionResult; readonly rest: null }
  | {
      readonly first: null;
      readonly rest: { readonly events: AsyncIterator<unknown>; readonly answer: Answer };
    };

const DONE = { done: true, value: undefined } as const;

/**
 * Returns a stream of answers. The first read of the stream starts the operation. graphql-ws calls
 * `return` when the client completes the operation or closes the socket. `return` aborts the work, even
 * before the first answer. For this reason, the stream exists before the work begins. The stream is not
 * a generator, because the `return` of a generator would first wait for the work.
 */
export function createAnswerStream(
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
        // After the client has left, the error only reports a read that the abort stopped.
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
