import { type ExecutionResult, parse, subscribe } from "graphql";
import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { useIdKey } from "../../src/graphql/relay/id-key.js";
import { buildFabulaSchema } from "../../src/graphql/schema/schema.js";
import { testIdKey } from "../support/id-key.js";

const schema = buildFabulaSchema();
const document = parse(
  `subscription ($id: ID!) { storyAnalysisProgress(storyId: $id) { status fraction } }`,
);
useIdKey(testIdKey());
const id = toGlobalId("ReferenceStory", 1);

/** A fake story with a fake analysis. Each change of the state sends an event. */
class FakeStory {
  readonly listened: string[] = [];
  private readonly waiting: (() => void)[] = [];
  private events = 0;
  isListening = false;
  /** Default: what the status says. */
  share: number | undefined;

  private get fraction(): number {
    return this.share ?? { pending: 0, running: 0.5 }[this.status ?? ""] ?? 1;
  }

  constructor(
    public status: string | null,
    public contentHash = "one",
  ) {}

  change(status: string, contentHash = this.contentHash): void {
    Object.assign(this, { status, contentHash });
    this.events += 1;
    this.waiting.shift()?.();
  }

  readonly context = {
    reference: {
      stories: {
        byId: {
          load: async (key: number) => (key === 1 ? { contentHash: this.contentHash } : null),
        },
      },
      analyses: {
        progress: async () =>
          this.status === null ? null : { status: this.status, fraction: this.fraction },
      },
    },
    services: { notifier: { listen: (_channel: string, hash: string) => this.listen(hash) } },
  };

  private listen(hash: string): AsyncIterator<void> {
    this.listened.push(hash);
    this.isListening = true;
    return {
      next: async () => {
        if (this.events === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
        this.events -= 1;
        return { done: false, value: undefined };
      },
      return: async () => {
        this.isListening = false;
        return { done: true, value: undefined };
      },
    };
  }
}

async function follow(story: FakeStory, storyId = id): Promise<AsyncIterator<ExecutionResult>> {
  const events = await subscribe({
    schema,
    document,
    variableValues: { id: storyId },
    contextValue: story.context,
  });
  if ("errors" in events) throw new Error(events.errors[0]?.message);
  return events as AsyncGenerator<ExecutionResult>;
}

const next = async (events: AsyncIterator<ExecutionResult>): Promise<unknown> => {
  const { done, value } = (await events.next()) as IteratorResult<ExecutionResult, undefined>;
  return done ? "completed" : value.data?.["storyAnalysisProgress"];
};

test("sends the current state, then each change, and completes at the end", async () => {
  const story = new FakeStory("pending");

  const events = await follow(story);

  expect(await next(events)).toEqual({ status: "PENDING", fraction: 0 });
  story.change("running");
  expect(await next(events)).toEqual({ status: "RUNNING", fraction: 0.5 });
  story.change("ready");
  expect(await next(events)).toEqual({ status: "READY", fraction: 1 });
  expect(await next(events)).toBe("completed");
  expect(story.isListening).toBe(false);
});

test.each([
  ["NONE", null, 0],
  ["READY", "ready", 1],
  ["FAILED", "failed", 1],
])(
  "a story with the analysis status %s sends the status and completes",
  async (status, stored, fraction) => {
    const events = await follow(new FakeStory(stored));

    expect(await next(events)).toEqual({ status, fraction });
    expect(await next(events)).toBe("completed");
  },
);

test("a change during the read of the first state is not lost", async () => {
  const story = new FakeStory("pending");
  const events = await follow(story);

  const first = next(events);
  story.change("ready");

  expect([await first, await next(events)]).toContainEqual({ status: "READY", fraction: 1 });
});

test("an event without a change of state sends nothing", async () => {
  const story = new FakeStory("pending");
  const events = await follow(story);
  await next(events);

  story.change("pending");
  story.change("ready");

  expect(await next(events)).toEqual({ status: "READY", fraction: 1 });
});

test("sends the progress of an analysis that stays in one status", async () => {
  const story = new FakeStory("running");
  const events = await follow(story);
  await next(events);

  story.share = 0.6;
  story.change("running");

  expect(await next(events)).toEqual({ status: "RUNNING", fraction: 0.6 });
});

test("follows the analysis of the new text after the author replaces the text", async () => {
  const story = new FakeStory("pending");
  const events = await follow(story);
  await next(events);

  story.change("pending", "two");

  expect(await next(events)).toEqual({ status: "PENDING", fraction: 0 });
  expect(story.listened).toEqual(["one", "two"]);
});

test("refuses a missing or invisible story before the first event", async () => {
  await expect(follow(new FakeStory(null), toGlobalId("ReferenceStory", 2))).rejects.toThrow(
    "There is no such story.",
  );
});
