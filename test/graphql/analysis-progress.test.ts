import { type ExecutionResult, parse, subscribe } from "graphql";
import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { buildFabulaSchema } from "../../src/graphql/schema.js";

const schema = buildFabulaSchema();
const document = parse(
  `subscription ($id: ID!) { storyAnalysisProgress(storyId: $id) { status fraction } }`,
);
const id = toGlobalId("ReferenceStory", 1);

/** Where the story's analysis stands, and news of it that a test sends. */
class Desk {
  readonly listened: string[] = [];
  private readonly waiting: (() => void)[] = [];
  private news = 0;
  isListening = false;

  constructor(
    public status: string | null,
    public contentHash = "one",
  ) {}

  change(status: string, contentHash = this.contentHash): void {
    Object.assign(this, { status, contentHash });
    this.news += 1;
    this.waiting.shift()?.();
  }

  readonly context = {
    reference: {
      stories: {
        byId: {
          load: async (key: number) => (key === 1 ? { contentHash: this.contentHash } : null),
        },
      },
      analyses: { current: async () => (this.status === null ? null : { status: this.status }) },
    },
    services: { notifier: { listen: (_channel: string, hash: string) => this.listen(hash) } },
  };

  private listen(hash: string): AsyncIterator<void> {
    this.listened.push(hash);
    this.isListening = true;
    return {
      next: async () => {
        if (this.news === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
        this.news -= 1;
        return { done: false, value: undefined };
      },
      return: async () => {
        this.isListening = false;
        return { done: true, value: undefined };
      },
    };
  }
}

async function follow(desk: Desk, storyId = id): Promise<AsyncIterator<ExecutionResult>> {
  const events = await subscribe({
    schema,
    document,
    variableValues: { id: storyId },
    contextValue: desk.context,
  });
  if ("errors" in events) throw new Error(events.errors[0]?.message);
  return events as AsyncGenerator<ExecutionResult>;
}

const next = async (events: AsyncIterator<ExecutionResult>): Promise<unknown> => {
  const { done, value } = (await events.next()) as IteratorResult<ExecutionResult, undefined>;
  return done ? "completed" : value.data?.["storyAnalysisProgress"];
};

test("the current state comes first, then each change, and the end completes it", async () => {
  const desk = new Desk("pending");

  const events = await follow(desk);

  expect(await next(events)).toEqual({ status: "PENDING", fraction: 0 });
  desk.change("running");
  expect(await next(events)).toEqual({ status: "RUNNING", fraction: 0.5 });
  desk.change("ready");
  expect(await next(events)).toEqual({ status: "READY", fraction: 1 });
  expect(await next(events)).toBe("completed");
  expect(desk.isListening).toBe(false);
});

test.each([
  ["NONE", null, 0],
  ["READY", "ready", 1],
  ["FAILED", "failed", 1],
])("a story at %s sends that and completes", async (status, stored, fraction) => {
  const events = await follow(new Desk(stored));

  expect(await next(events)).toEqual({ status, fraction });
  expect(await next(events)).toBe("completed");
});

test("a change while the first state is read is not missed", async () => {
  const desk = new Desk("pending");
  const events = await follow(desk);

  const first = next(events);
  desk.change("ready");

  expect([await first, await next(events)]).toContainEqual({ status: "READY", fraction: 1 });
});

test("news without a change send nothing", async () => {
  const desk = new Desk("pending");
  const events = await follow(desk);
  await next(events);

  desk.change("pending");
  desk.change("ready");

  expect(await next(events)).toEqual({ status: "READY", fraction: 1 });
});

test("when the author writes another text, that one's analysis is followed", async () => {
  const desk = new Desk("pending");
  const events = await follow(desk);
  await next(events);

  desk.change("pending", "two");

  expect(await next(events)).toEqual({ status: "PENDING", fraction: 0 });
  expect(desk.listened).toEqual(["one", "two"]);
});

test("a story that is not there, or not to be seen, is refused before any event", async () => {
  await expect(follow(new Desk(null), toGlobalId("ReferenceStory", 2))).rejects.toThrow(
    "There is no story 2.",
  );
});
