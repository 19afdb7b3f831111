import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { type NarrationEntity, ownerOf } from "../../src/instances/index.js";
import { type ApiApp, apiApp } from "../support/api.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const CREDIT = "title narratorName forkedAt narrator { displayName } narration { id title }";
const LINEAGE = `forkedFrom { ${CREDIT} original { ${CREDIT} original { title } } }`;
const FORK = `mutation ($input: ForkNarrationInput!) { forkNarration(input: $input) {
  narration { id title version narrator { displayName } ${LINEAGE} }
  story { userNarrations { totalCount } } viewer { narrations { totalCount } }
  replacedVoices { place voiceName characterName voice { id } } userErrors { code message path } } }`;
const READ = `query ($id: ID!) { narration(by: { id: $id }) { title ${LINEAGE} } }`;
const OPEN = `query ($token: String!) { narration(by: { shareToken: $token }) { id } }`;

const idOf = ({ id }: NarrationEntity) => toGlobalId("UserStoryNarration", id);
const given = (publish: "public" | "unlisted" = "public") =>
  app.given.narration({ owner: "ada", title: "Ada tells", publish });

test("a person copies a public narration, once for each idempotency key", async () => {
  const input = { id: idOf(await given()), title: "Ben tells", idempotencyKey: "once" };

  const made = await app.as("ben").query(FORK, { input });
  const again = await app.as("ben").query(FORK, { input });

  expect(made.at("forkNarration")).toMatchObject({
    narration: {
      ...{ title: "Ben tells", version: 1, narrator: { displayName: "Ben" } },
      forkedFrom: {
        ...{ title: "Ada tells", narratorName: "Ada", narrator: { displayName: "Ada" } },
        ...{ narration: { id: input.id, title: "Ada tells" }, original: null },
      },
    },
    story: { userNarrations: { totalCount: 1 } },
    viewer: { narrations: { totalCount: 1 } },
    ...{ replacedVoices: [], userErrors: [] },
  });
  expect(again.at("forkNarration")).toEqual(made.at("forkNarration"));
});

test("the credit stays for every reader when the parent is gone", async () => {
  const parent = await given();
  const copied = await app.as("ben").query(FORK, { input: { id: idOf(parent) } });
  const id = copied.text("forkNarration.narration.id");
  await app
    .as("ben")
    .query(
      `mutation ($input: PublishNarrationInput!) { publishNarration(input: $input) { userErrors { code } } }`,
      { input: { id, version: 1, visibility: "PUBLIC" } },
    );
  const second = await app.as("cleo").query(FORK, { input: { id } });
  const third = await app
    .as("cleo")
    .query(FORK, { input: { id: second.text("forkNarration.narration.id") } });
  await app.services.narrations.delete(ownerOf(parent.userId), parent);

  const readers = [app.as("ben"), app.as("cleo"), app.anonymous()];
  for (const reader of readers) {
    const read = await reader.query(READ, { id });
    expect(read.at("narration.forkedFrom")).toMatchObject({
      ...{ title: "Ada tells", narratorName: "Ada", narrator: { displayName: "Ada" } },
      ...{ narration: null, original: null },
    });
  }
  const chain = await app.as("cleo").query(READ, {
    id: second.text("forkNarration.narration.id"),
  });
  expect(chain.at("narration.forkedFrom")).toMatchObject({
    ...{ narratorName: "Ben", narration: { id } },
    original: { title: "Ada tells", narratorName: "Ada", narration: null, original: null },
  });
  expect(third.at("forkNarration.narration.forkedFrom")).toMatchObject({
    ...{ narratorName: "Cleo", original: { title: "Ada tells", narratorName: "Ada" } },
  });
});

test("a narration that was opened by its link is copied by the id that the link gave", async () => {
  const parent = await given("unlisted");
  const opened = await app.as("ben").query(OPEN, { token: parent.shareToken });

  const byOwnId = await app.as("ben").query(FORK, { input: { id: idOf(parent) } });
  const copied = await app.as("ben").query(FORK, { input: { id: opened.text("narration.id") } });

  expect(byOwnId.list("forkNarration.userErrors.*.code")).toEqual(["NOT_FOUND"]);
  expect(copied.at("forkNarration.userErrors")).toEqual([]);
  expect(copied.at("forkNarration.narration.forkedFrom")).toMatchObject({
    ...{ title: "Ada tells", narration: null },
  });
  expect(copied.body).not.toContain(idOf(parent));
});

test("the name of an erased narrator is shown no longer", async () => {
  const copied = await app.as("ben").query(FORK, { input: { id: idOf(await given()) } });
  await app.superuser("UPDATE platform.users SET erased_at = now() WHERE display_name = 'Ada'");

  const read = await app.as("ben").query(READ, {
    id: copied.text("forkNarration.narration.id"),
  });

  expect(read.at("narration.forkedFrom")).toMatchObject({
    ...{ title: "Ada tells", narratorName: null, narrator: null, narration: null },
  });
});

test("the lineage of many narrations costs as many statements as that of one", async () => {
  const parents = [await given(), await given()];
  for (const parent of parents) await app.as("ben").query(FORK, { input: { id: idOf(parent) } });
  const list = (first: number) =>
    app
      .as("ben")
      .query(`{ viewer { narrations(first: ${first}) { edges { node { ${LINEAGE} } } } } }`);

  const one = await list(1);
  const two = await list(2);

  expect(two.list("viewer.narrations.edges.*.node.forkedFrom.narratorName")).toEqual([
    "Ada",
    "Ada",
  ]);
  expect(two.sql.count).toBe(one.sql.count);
});
