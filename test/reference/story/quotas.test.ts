import { NO_QUOTAS, type Quotas } from "../../../src/config.js";
import { QuotaExceededError } from "../../../src/platform/errors.js";
import { StoryService, measureText } from "../../../src/reference/index.js";
import { type TestApp, testApp } from "../../support/app.js";

let app: TestApp;
let now: Date;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  now = new Date("2026-05-01T23:30:00Z");
  await app.given.user("ada");
  await app.given.user("ben");
});
afterEach(() => app.clean());
afterAll(() => app.close());

const storiesWith = (quotas: Partial<Quotas>): StoryService =>
  new StoryService({
    ...{ database: app.database, analyses: app.analyses, clock: { now: () => now } },
    quotas: { ...NO_QUOTAS, ...quotas },
    measureInThread: async (text) => measureText(text),
  });

const titled = (title: string, content = "The river was high.") => ({ title, content });

const countOf = async (userId: string): Promise<number> => {
  const [row] = await app.superuser<{ count: number }>(
    "SELECT count(*)::int AS count FROM reference.stories WHERE original_author_id = $1",
    [userId],
  );
  return row?.count ?? 0;
};

test("fifty stories created at once do not pass the limit", async () => {
  const stories = storiesWith({ storiesPerDay: 7 });

  const results = await Promise.allSettled(
    Array.from({ length: 50 }, (_, index) => stories.create("ada", titled(`Story ${index}`))),
  );

  const refused = results.flatMap((one) =>
    one.status === "rejected" ? [one.reason as unknown] : [],
  );
  expect(refused).toHaveLength(43);
  expect(refused.every((reason) => reason instanceof QuotaExceededError)).toBe(true);
  expect(await countOf("ada")).toBe(7);
});

test("the error tells the limit, the use and when the next day begins", async () => {
  const stories = storiesWith({ storiesPerDay: 1 });
  await stories.create("ada", titled("One"));

  await expect(stories.create("ada", titled("Two"))).rejects.toMatchObject({
    code: "QUOTA_EXCEEDED",
    message:
      "You may use 1 new stories a day. You used 1 today, and this needs 1. The next day begins at 2026-05-02T00:00:00.000Z.",
    details: { quota: { limit: 1, used: 1, freeAt: new Date("2026-05-02T00:00:00Z") } },
  });
});

test("a quota belongs to one user and to one day", async () => {
  const stories = storiesWith({ storiesPerDay: 1 });
  await stories.create("ada", titled("One"));

  await stories.create("ben", titled("Another"));
  now = new Date("2026-05-02T00:00:00Z");
  await stories.create("ada", titled("Two"));

  expect(await countOf("ada")).toBe(2);
});

test("the bytes of new and changed texts count, and an unchanged text costs nothing", async () => {
  const stories = storiesWith({ storyBytesPerDay: 30 });
  const draft = await stories.create("ada", titled("One", "é".repeat(5)));
  await stories.create("ada", titled("Two", "0123456789"));
  const unchanged = await stories.update("ada", draft, { content: "é".repeat(5) });

  const updated = await stories.update("ada", unchanged, { content: "abcdefghij" });

  const refused = { message: expect.stringContaining("You used 30 today, and this needs 1.") };
  await expect(stories.update("ada", updated, { content: "a" })).rejects.toMatchObject(refused);
  await expect(stories.create("ada", titled("Three", "a"))).rejects.toMatchObject(refused);
});

test("a refused story stores nothing and costs nothing", async () => {
  const stories = storiesWith({ storiesPerDay: 1, storyBytesPerDay: 5 });
  await expect(stories.create("ada", titled("Long", "123456"))).rejects.toThrow(QuotaExceededError);

  await stories.create("ada", titled("Short", "12345"));

  expect(await countOf("ada")).toBe(1);
});

test("a caller that is exempt has no quota and uses none of it", async () => {
  const stories = storiesWith({ storiesPerDay: 1, storyBytesPerDay: 5 });
  const isUnlimited = { isUnlimited: true };
  await stories.create("ada", titled("One", "A text of many bytes."), isUnlimited);
  await stories.create("ada", titled("Two", "Another text of many bytes."), isUnlimited);

  await stories.create("ada", titled("Three", "12345"));

  expect(await countOf("ada")).toBe(3);
});

test("nobody reads or changes the use of another user", async () => {
  await storiesWith({ storiesPerDay: 9 }).create("ada", titled("One"));
  const asBen = (sql: string) => app.database.write("ben", (tx) => tx.query<object[]>(sql));

  expect(await asBen("SELECT * FROM platform.user_usage")).toEqual([]);
  await expect(
    asBen("INSERT INTO platform.user_usage VALUES ('ada', '2026-05-01', 'stories', 1)"),
  ).rejects.toThrow("row-level security");
});
