import { AbandonedError, OverloadedError } from "../../../../src/platform/errors.js";
import { TurnQueue } from "../../../../src/platform/database/transactions/turn-queue.js";

const LIMITS = { turns: 1, maxWaiting: 10, waitTimeoutMs: 60_000 };

test("callers have their turns in the order in which they came", async () => {
  const queue = new TurnQueue({ ...LIMITS, turns: 2 });
  const order: number[] = [];

  await Promise.all(
    [1, 2, 3, 4, 5, 6].map(async (caller) => {
      const endTurn = await queue.takeTurn();
      order.push(caller);
      endTurn();
    }),
  );

  expect(order).toEqual([1, 2, 3, 4, 5, 6]);
});

test("never more than the given number of turns run at the same time", async () => {
  const queue = new TurnQueue({ ...LIMITS, turns: 3, maxWaiting: 100 });
  let running = 0;
  let most = 0;

  await Promise.all(
    Array.from({ length: 50 }, async () => {
      const endTurn = await queue.takeTurn();
      most = Math.max(most, (running += 1));
      await Promise.resolve();
      running -= 1;
      endTurn();
      endTurn();
    }),
  );

  expect([most, running]).toEqual([3, 0]);
});

test("a caller is refused at once when the queue is full", async () => {
  const queue = new TurnQueue({ ...LIMITS, maxWaiting: 1 });
  const endTurn = await queue.takeTurn();
  const waiting = queue.takeTurn();

  const refused = await queue.takeTurn().catch((error: unknown) => error);

  expect(refused).toBeInstanceOf(OverloadedError);
  expect(refused).toMatchObject({ code: "OVERLOADED", details: { retryAfter: 3 } });
  endTurn();
  (await waiting)();
});

test("a caller that waited too long is refused, and the next caller has the turn", async () => {
  const queue = new TurnQueue({ ...LIMITS, waitTimeoutMs: 20 });
  const endTurn = await queue.takeTurn();

  await expect(queue.takeTurn()).rejects.toBeInstanceOf(OverloadedError);
  endTurn();

  (await queue.takeTurn())();
});

test("a caller that leaves has no turn, before and during its wait", async () => {
  const queue = new TurnQueue(LIMITS);
  const leaving = new AbortController();
  const endTurn = await queue.takeTurn();
  const left = queue.takeTurn(leaving.signal);
  const stays = queue.takeTurn();

  leaving.abort();

  await expect(left).rejects.toBeInstanceOf(AbandonedError);
  await expect(queue.takeTurn(leaving.signal)).rejects.toBeInstanceOf(AbandonedError);
  endTurn();
  (await stays)();
});
