import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp } from "../support/api.js";
import type { Answer } from "./harness/answer.js";
import { CREATE_NARRATION, RENDER_NARRATION } from "./harness/documents.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const TEXT = "The bell rang. “Who is there?” asked Lena.";

async function published(): Promise<string> {
  const story = await app.given.story({ text: TEXT, analyse: true });
  return toGlobalId("ReferenceStory", story.id);
}

const create = (input: object, user = "ada"): Promise<Answer> =>
  app.as(user).query(CREATE_NARRATION, { input });

const countOf = async (table: string): Promise<number> =>
  (await app.superuser(`SELECT FROM instances.${table}`)).length;

const idIn = (answer: Answer): string => answer.text("createNarration.narration.id");

test("fifty equal requests at once create one narration, and every answer contains this narration", async () => {
  const input = { storyId: await published(), title: "Mine", idempotencyKey: "tap" };

  const answers = await Promise.all(Array.from({ length: 50 }, () => create(input)));

  expect(await countOf("user_story_narrations")).toBe(1);
  expect(new Set(answers.map(idIn)).size).toBe(1);
  for (const answer of answers) expect(answer.at("createNarration.userErrors")).toEqual([]);
});

test("an idempotency key belongs to one request of one user", async () => {
  const storyId = await published();
  const first = await create({ storyId, title: "Mine", idempotencyKey: "k" });

  const reordered = await create({ idempotencyKey: "k", title: "Mine", storyId });
  const other = await create({ storyId, title: "Another", idempotencyKey: "k" });
  const bens = await create({ storyId, title: "Mine", idempotencyKey: "k" }, "ben");
  const unnamed = await create({ storyId, title: "Mine" });

  expect(idIn(reordered)).toBe(idIn(first));
  expect(other.at("createNarration.userErrors")).toEqual([
    {
      code: "CONFLICT",
      message:
        'The idempotencyKey "k" was used for a different createNarration; use a new key for a new request.',
      path: ["idempotencyKey"],
    },
  ]);
  expect(new Set([first, bens, unnamed].map(idIn)).size).toBe(3);
});

test("a failed request does not use up its key", async () => {
  const storyId = toGlobalId("ReferenceStory", 1_000_000);
  const failed = await create({ storyId, idempotencyKey: "again" });

  const later = await create({ storyId: await published(), idempotencyKey: "again" });

  expect(failed.list("createNarration.userErrors.*.code")).toEqual(["NOT_FOUND"]);
  expect(later.at("createNarration.userErrors")).toEqual([]);
});

test("a repeated request for a deleted narration answers NOT_FOUND and creates nothing", async () => {
  const input = { storyId: await published(), idempotencyKey: "gone" };
  await create(input);
  await app.superuser("DELETE FROM instances.user_story_narrations");

  const again = await create(input);

  expect(again.errors).toEqual([]);
  expect(again.list("createNarration.userErrors.*.code")).toEqual(["NOT_FOUND"]);
});

test("a key can be used again after a day", async () => {
  const input = { storyId: await published(), idempotencyKey: "daily" };
  const first = await create(input);
  await app.superuser("UPDATE instances.idempotency_keys SET created_at = now() - interval '25 h'");

  const second = await create(input);

  expect(idIn(second)).not.toBe(idIn(first));
});

test.each([
  ["empty", ""],
  ["overlong", "k".repeat(201)],
])("an %s idempotency key is refused", async (_name, idempotencyKey) => {
  const answer = await create({ storyId: await published(), idempotencyKey });

  expect(answer.at("createNarration.userErrors")).toEqual([
    {
      code: "BAD_USER_INPUT",
      message: "idempotencyKey must have 1 to 200 characters.",
      path: ["idempotencyKey"],
    },
  ]);
});

test("a render requested three times with one key is queued once without a conflict", async () => {
  const made = await create({ storyId: await published() });
  const id = idIn(made);
  const input = { id, version: made.number("createNarration.narration.version") };
  const render = (idempotencyKey: string) =>
    app.as("ada").query(RENDER_NARRATION, { input: { ...input, idempotencyKey } });

  const answers = await Promise.all(["a", "a", "a"].map(render));
  const other = await render("b");

  for (const answer of answers) {
    expect(answer.at("renderNarration.userErrors")).toEqual([]);
    expect(answer.text("renderNarration.narration.status")).toBe("QUEUED");
  }
  expect(other.list("renderNarration.userErrors.*.code")).toEqual(["CONFLICT"]);
  expect(await countOf("user_narration_renders")).toBe(1);
});
