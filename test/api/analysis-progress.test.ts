import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { MAX_TOKENS } from "../../src/graphql/limits.js";
import { ANALYSIS_CHANNEL, type StoryEntity } from "../../src/reference/index.js";
import { type ApiApp, SECRET, apiApp, signed, tokenFor } from "../support/api.js";
import { textNamed } from "../support/texts.js";
import type { Answer } from "./harness/answer.js";
import { PROGRESS } from "./harness/documents.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const idOf = ({ id }: Pick<StoryEntity, "id">) => toGlobalId("ReferenceStory", id);

const STATUS = "storyAnalysisProgress.status";

const nextStatus = async (events: AsyncGenerator<Answer, void>): Promise<unknown> => {
  const { value } = await events.next();
  return value?.at(STATUS);
};

test("sends the current state, then every change, and completes at READY", async () => {
  const story = await app.given.story({ publish: true });
  const events = app.anonymous().subscribe(PROGRESS, { storyId: idOf(story) });
  const seen = [await nextStatus(events)];

  await app.analyse(story);

  for await (const event of events) seen.push(event.at(STATUS));
  expect(seen.slice(0, 1)).toEqual(["PENDING"]);
  expect(seen.at(-1)).toBe("READY");
  expect(seen).toEqual([...new Set(seen)]);
});

test("sends READY with the story at once and completes if the analysis is already ready", async () => {
  const story = await app.given.story({ analyse: true });

  const events = await app.anonymous().follow(PROGRESS, { storyId: idOf(story) });

  expect(events.map(({ data }) => data)).toEqual([
    {
      storyAnalysisProgress: {
        status: "READY",
        fraction: 1,
        story: { id: idOf(story), title: story.title, analysisStatus: "READY" },
      },
    },
  ]);
});

test("sends NONE to the author of a draft and completes", async () => {
  const draft = await app.given.story({ author: "ada" });

  const [event, ...more] = await app.as("ada").follow(PROGRESS, { storyId: idOf(draft) });

  expect(event?.at(STATUS)).toBe("NONE");
  expect(more).toEqual([]);
});

test("sends FAILED and completes after a failure", async () => {
  const story = await app.given.story({ publish: true });
  const events = app.anonymous().subscribe(PROGRESS, { storyId: idOf(story) });
  await events.next();

  const [row] = await app.superuser<{ id: number }>("SELECT id FROM reference.story_analyses");
  await app.analyses.fail(row?.id ?? 0, "It would not be read.");

  expect(await nextStatus(events)).toBe("FAILED");
  expect((await events.next()).done).toBe(true);
});

test("refuses an invisible story with the same answer as a story that does not exist", async () => {
  const draft = await app.given.story({ author: "ada" });
  const follow = async (id: number) => {
    const events = await app
      .as("ben")
      .follow(PROGRESS, { storyId: toGlobalId("ReferenceStory", id) });
    return events.map(({ body }) => body);
  };

  const hers = await follow(draft.id);

  expect(hers).toEqual(await follow(draft.id + 1000));
  expect(hers).toHaveLength(1);
  expect(JSON.parse(hers[0] ?? "")).toMatchObject({
    errors: [{ message: "There is no such story.", extensions: { code: "NOT_FOUND" } }],
  });
});

test("follows the new text after the author replaces the text", async () => {
  const story = await app.given.story({ author: "ada", publish: true });
  const events = app.as("ada").subscribe(PROGRESS, { storyId: idOf(story) });
  await events.next();

  const { originalAuthorId } = story;
  const changed = await app.services.stories.update(originalAuthorId ?? "", story, {
    content: textNamed("the other tower"),
  });
  // No story has the old text any more, so the analysis of the old text fails. This failure also sends
  // an event.
  const [old] = await app.superuser<{ id: number }>(
    "SELECT id FROM reference.story_analyses WHERE content_hash = $1",
    [story.contentHash],
  );
  await app.analyses.fail(old?.id ?? 0, "No story holds the text any more.");
  await app.analyse(changed);

  const seen: unknown[] = [];
  for await (const event of events) seen.push(event.at(STATUS));
  expect(seen.at(-1)).toBe("READY");
});

test("an event of another story wakes no listener of this story", async () => {
  const story = await app.given.story({ publish: true });
  const other = await app.given.story({ text: textNamed("elsewhere"), publish: true });
  const { notifier } = app.services;
  const news = notifier.listen(ANALYSIS_CHANNEL, story.contentHash ?? "");
  const newsOfOther = notifier.listen(ANALYSIS_CHANNEL, other.contentHash ?? "");
  let heard = 0;
  const hearing = news.next().then(() => (heard += 1));

  await app.analyse(other);
  for (let step = 1; step <= 2; step += 1) await newsOfOther.next();
  const afterOther = heard;
  await app.analyse(story);
  await hearing;

  expect(afterOther).toBe(0);
  await news.return?.();
  await newsOfOther.return?.();
});

test("stops listening at once when a subscriber leaves, before any event", async () => {
  const story = await app.given.story({ publish: true });
  const { notifier } = app.services;
  const listen = notifier.listen.bind(notifier);
  const stopped = new Promise<void>((resolve) => {
    notifier.listen = (channel, payload) => {
      const news = listen(channel, payload);
      const ended = async () => {
        resolve();
        return (await news.return?.()) ?? { done: true, value: undefined };
      };
      return { next: () => news.next(), return: ended, [Symbol.asyncIterator]: () => news };
    };
  });

  const events = app.anonymous().subscribe(PROGRESS, { storyId: idOf(story) });
  await events.next();
  await events.return();
  await stopped;

  notifier.listen = listen;
});

describe("a WebSocket connection", () => {
  test("closes when its token expires", async () => {
    const story = await app.given.story({ publish: true });
    // A token is accepted up to five seconds after its expiry, because clocks can differ. But an open
    // socket is closed at the exact expiry.
    const soon = Math.floor(Date.now() / 1000) + 1;
    const authorization = await signed(tokenFor("ada", soon));

    const end = await app.bearing(authorization).refusal(PROGRESS, { storyId: idOf(story) });

    expect(end).toMatchObject({
      closeCode: 4403,
      message: "The token has expired; sign in again.",
    });
  });

  test.each([
    ["garbage", "Bearer not.a.token"],
    ["another scheme", "Basic YWRhOmFkYQ=="],
    ["an expired token", () => signed(tokenFor("ada", 1))],
    ["another issuer's token", () => signed(tokenFor("ada").setIssuer("https://elsewhere.test"))],
  ])("is refused with %s", async (_name, authorization) => {
    const header = typeof authorization === "string" ? authorization : await authorization();

    const end = await app.bearing(header).refusal(PROGRESS, { storyId: "any" });

    expect(end.closeCode).toBe(4403);
    expect(end.message).not.toContain(SECRET);
  });

  test("has the same limits as HTTP", async () => {
    const refused = async (query: string) => {
      const overSocket = await app.anonymous().refusal(query);
      const overHttp = await app.anonymous().query(query);
      expect(overSocket.errors.map(({ message, extensions }) => ({ message, extensions }))).toEqual(
        overHttp.errors.map(({ message, extensions }) => ({ message, extensions })),
      );
      return overSocket.message;
    };
    const deep = `{ stories { ${"edges { node { voiceModulationTemplates { edges { node { stories { ".repeat(3)} totalCount ${"} } } } } }".repeat(3)} } }`;
    const aliases = Array.from({ length: 16 }, (_, index) => `a${index}: __typename`).join(" ");

    expect(await refused(`{ ${"__typename ".repeat(MAX_TOKENS)} }`)).toContain("tokens");
    expect(await refused(deep)).toContain("deep");
    expect(await refused(`{ ${aliases} }`)).toContain("aliases");
    expect(await refused("{ nonsense }")).toContain("nonsense");
    expect(await refused("{")).toContain("Syntax Error");
  });

  test("masks a bug in the same way as HTTP", async () => {
    await app.superuser("ALTER TABLE reference.stories RENAME COLUMN title TO broken");
    try {
      const storyId = toGlobalId("ReferenceStory", 1);

      const [event] = await app.anonymous().follow(PROGRESS, { storyId });

      expect(event?.body).not.toMatch(/column "|title|reference\.stories/);
      expect(event?.errors).toMatchObject([
        { extensions: { code: "INTERNAL_SERVER_ERROR", errorId: expect.any(String) } },
      ]);
    } finally {
      await app.superuser("ALTER TABLE reference.stories RENAME COLUMN broken TO title");
    }
  });

  test("also answers queries", async () => {
    const [event] = await app.as("ada").follow("{ stories { totalCount } viewer { id } }");

    expect(event?.data).toEqual({ stories: { totalCount: 0 }, viewer: null });
  });
});
