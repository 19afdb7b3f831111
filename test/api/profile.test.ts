import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp } from "../support/api.js";
import { textNamed } from "../support/texts.js";

const UPDATE = `mutation Update($input: UpdateProfileInput!) {
  updateProfile(input: $input) {
    viewer { displayName customDisplayName preferredLanguage } userErrors { code message path }
  }
}`;

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const updated = async (input: object) => app.as("ada").query(UPDATE, { input });

test("a user changes the name and the language, and keeps what the input leaves out", async () => {
  const both = await updated({ displayName: "  Zoë \u{1F98A}", preferredLanguage: "pt_br" });
  const nothing = await updated({});
  const cleared = await updated({ displayName: null });

  expect(both.at("updateProfile")).toEqual({
    viewer: {
      displayName: "Zoë \u{1F98A}",
      customDisplayName: "Zoë \u{1F98A}",
      preferredLanguage: "pt-BR",
    },
    userErrors: [],
  });
  expect(nothing.at("updateProfile")).toEqual(both.at("updateProfile"));
  expect(cleared.at("updateProfile.viewer")).toEqual({
    ...{ displayName: "Someone", customDisplayName: null, preferredLanguage: "pt-BR" },
  });
});

test.each([
  ["", "is empty"],
  ["a\nb", "contains a control character"],
  ["\u200b", "has no visible character"],
  ["Ada \u202egnorw", "contains a character that changes the direction of text"],
  ["a".repeat(101), "is longer than 100 characters"],
])("the name %j is refused", async (displayName, reason) => {
  const answer = await updated({ displayName, preferredLanguage: "English" });

  expect(answer.list("updateProfile.userErrors")).toEqual([
    {
      code: "BAD_USER_INPUT",
      message: expect.stringContaining(`displayName ${reason}`) as string,
      path: ["displayName"],
    },
    {
      code: "BAD_USER_INPUT",
      message: "preferredLanguage is not a language tag such as en or pt-BR.",
      path: ["preferredLanguage"],
    },
  ]);
});

test("the language cannot be null", async () => {
  const answer = await updated({ preferredLanguage: null });

  expect(answer.list("updateProfile.userErrors.*.path")).toEqual([["preferredLanguage"]]);
});

test("nobody else reads the language of a user, and a visitor has no profile", async () => {
  const { publicId } = await app.given.user("ada");
  await updated({ preferredLanguage: "de" });
  await app.as("ben").query(UPDATE, { input: { preferredLanguage: "fr" } });
  const query = `query ($id: ID!) { node(id: $id) { ... on User { preferredLanguage } } }`;
  const id = toGlobalId("User", publicId);

  expect((await app.as("ada").query(query, { id })).at("node.preferredLanguage")).toBe("de");
  expect((await app.as("ben").query(query, { id })).at("node.preferredLanguage")).toBeNull();
  expect((await app.anonymous().query(query, { id })).at("node.preferredLanguage")).toBeNull();
  expect((await app.anonymous().query(UPDATE, { input: {} })).code).toBe("UNAUTHENTICATED");
});

test("everyone sees the public stories and narrations of a user, from either end", async () => {
  const { publicId } = await app.given.user("ada");
  const titles = ["One", "Two", "Three"];
  for (const title of titles) {
    const story = await app.given.story({
      ...{ author: "ada", title, text: textNamed(title), analyse: true },
    });
    await app.given.narration({ owner: "ada", story, title, publish: "public" });
  }
  const draft = { author: "ada", title: "Four", text: textNamed("Four") };
  await app.given.story(draft);
  const hidden = await app.given.story({ ...draft, publish: true });
  await app.services.stories.archive(hidden.originalAuthorId ?? "", hidden);
  const other = await app.given.story({ author: "ben", analyse: true });
  await app.given.narration({ owner: "ada", story: other, publish: "unlisted" });

  for (const list of ["publicStories", "publicNarrations"]) {
    const query = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) { node(id: $id) { ... on User {
      list: ${list}(first: $first, after: $after, last: $last, before: $before) {
        totalCount pageInfo { startCursor endCursor hasNextPage hasPreviousPage } edges { node { title } } } } } }`;
    const read = (paging: object) =>
      app.as("ben").query(query, { id: toGlobalId("User", publicId), ...paging });
    const first = await read({ first: 2 });
    const rest = await read({ first: 2, after: first.text("node.list.pageInfo.endCursor") });
    const last = await read({ last: 2 });
    const before = await read({ last: 2, before: last.text("node.list.pageInfo.startCursor") });

    const ofAuthor = await app.as("ada").query(query, { id: toGlobalId("User", publicId) });

    expect(first.at("node.list.totalCount")).toBe(3);
    expect(ofAuthor.at("node.list.totalCount")).toBe(3);
    expect(ofAuthor.list("node.list.edges.*.node.title")).toEqual(["Three", "Two", "One"]);
    expect(first.list("node.list.edges.*.node.title")).toEqual(["Three", "Two"]);
    expect(rest.list("node.list.edges.*.node.title")).toEqual(["One"]);
    expect(last.list("node.list.edges.*.node.title")).toEqual(["Two", "One"]);
    expect(before.list("node.list.edges.*.node.title")).toEqual(["Three"]);
  }
});
