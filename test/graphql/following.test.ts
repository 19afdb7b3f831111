import { followUntilOver } from "../../src/graphql/following.js";
import { collect } from "../support/collect.js";

const NEWS = { done: false, value: undefined } as const;
const END = { done: true, value: undefined } as const;

/** News that the test sends. `isEnded` is true after nobody listens any more. */
function topic() {
  const waiting = Promise.withResolvers<undefined>();
  const end = Promise.withResolvers<IteratorReturnResult<undefined>>();
  let unread = 0;
  const state = { isEnded: false };
  const news: AsyncIterableIterator<void> = {
    next: () => {
      if (unread > 0) {
        unread -= 1;
        return Promise.resolve(NEWS);
      }
      waiting.resolve(undefined);
      return end.promise;
    },
    return: () => {
      state.isEnded = true;
      end.resolve(END);
      return Promise.resolve(END);
    },
    [Symbol.asyncIterator]: () => news,
  };
  return { news, state, untilWaiting: waiting.promise, send: (count: number) => (unread += count) };
}

/** Follows a number that has these values, one after the other, until the number is 9. */
function follow(values: readonly number[], { news }: Pick<ReturnType<typeof topic>, "news">) {
  let reads = 0;
  return followUntilOver({
    news,
    readState: () => Promise.resolve(values[Math.min(reads++, values.length - 1)] ?? 0),
    markOf: String,
    isOver: (value) => value === 9,
  });
}

test("a follower gets the current state and every change, until the state is over", async () => {
  const numbers = topic();
  numbers.send(3);

  expect(await collect(follow([1, 1, 2, 9], numbers))).toEqual([1, 2, 9]);
  expect(numbers.state.isEnded).toBe(true);
});

test("a state that is over at once is the only one", async () => {
  const numbers = topic();

  expect(await collect(follow([9], numbers))).toEqual([9]);
  expect(numbers.state.isEnded).toBe(true);
});

test("a follower that leaves while it waits for news stops listening", async () => {
  const numbers = topic();
  const followed = follow([1], numbers);

  await followed.next();
  const second = followed.next();
  await numbers.untilWaiting;
  await followed.return?.();

  expect(await second).toEqual(END);
  expect(numbers.state.isEnded).toBe(true);
});

test("a follower stops listening if the state cannot be read", async () => {
  const { news, state } = topic();
  const followed = followUntilOver({
    news,
    readState: () => Promise.reject(new Error("The row is gone.")),
    markOf: String,
    isOver: () => false,
  });

  await expect(followed.next()).rejects.toThrow("The row is gone.");
  expect(state.isEnded).toBe(true);
});
