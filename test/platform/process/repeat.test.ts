import { repeat } from "../../../src/platform/process/repeat.js";

test("a run that throws does not end the repetition", async () => {
  const errors: unknown[] = [];
  const third = Promise.withResolvers<undefined>();
  let runs = 0;

  const repetition = repeat(
    async () => {
      runs += 1;
      if (runs === 3) third.resolve(undefined);
      throw new Error(`run ${runs}`);
    },
    { everyMs: 1, onError: (error) => errors.push(error) },
  );
  await third.promise;
  await repetition.stop();

  expect(errors.slice(0, 2)).toEqual([new Error("run 1"), new Error("run 2")]);
});

test("stopping waits for the current run, and no other run follows", async () => {
  const finish = Promise.withResolvers<undefined>();
  let runs = 0;
  const repetition = repeat(
    async () => {
      runs += 1;
      await finish.promise;
    },
    { everyMs: 0, onError: () => undefined },
  );

  const stopped = repetition.stop();
  finish.resolve(undefined);
  await stopped;

  expect(runs).toBe(1);
});
