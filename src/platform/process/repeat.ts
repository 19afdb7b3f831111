/** Work that runs again and again. */
export interface Repetition {
  /** Starts no more runs, and waits for the current run. */
  stop(): Promise<void>;
}

export interface RepeatOptions {
  /** Time between the end of a run and the start of the next run. */
  readonly everyMs: number;
  readonly onError: (error: unknown) => void;
}

/** Runs `work` now, then after each interval. A run that throws does not end the repetition. */
export function repeat(
  work: () => Promise<unknown>,
  { everyMs, onError }: RepeatOptions,
): Repetition {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const runOnce = async (): Promise<void> => {
    await work().catch(onError);
    if (!isStopped) timer = setTimeout(start, everyMs).unref();
  };
  let running = Promise.resolve();
  const start = (): void => {
    running = runOnce();
  };
  start();
  return {
    stop: async () => {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
