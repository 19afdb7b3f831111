import { type ExecutionResult, graphql } from "graphql";
import { buildFabulaSchema } from "../../../src/graphql/schema/schema.js";

const schema = buildFabulaSchema();

// With this empty context, a resolver would fail with another error. So the expected error shows that no
// resolver ran.
const run = (source: string, variableValues?: Record<string, unknown>): Promise<ExecutionResult> =>
  graphql({ schema, source, contextValue: {}, ...(variableValues ? { variableValues } : {}) });

test("refuses a NUL character in a literal before the resolver runs", async () => {
  const { errors } = await run(String.raw`{ story(by: { slug: "a\u0000b" }) { id } }`);

  expect(errors?.map(({ message, path }) => ({ message, path }))).toEqual([
    {
      message: "by.slug contains a NUL character (U+0000). Remove the character.",
      path: ["story"],
    },
  ]);
});

test("refuses half of a surrogate pair in a variable before the resolver runs", async () => {
  const { errors } = await run("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {
    ids: ["ok", "\ud83d"],
  });

  expect(errors?.[0]?.message).toBe(
    "ids.1 contains half of a surrogate pair. Send well-formed Unicode.",
  );
});

test("a mutation answers invalid text with a user error that names the input field", async () => {
  const { data, errors } = await run(
    `mutation ($tags: [String!]) {
      createStory(input: { title: "A", content: "b", tags: $tags }) {
        story { id }
        userErrors { code path }
      }
    }`,
    { tags: ["fine", "\udc00"] },
  );

  expect(errors).toBeUndefined();
  expect(data).toEqual({
    createStory: { story: null, userErrors: [{ code: "BAD_USER_INPUT", path: ["tags", "1"] }] },
  });
});

test("refuses a oneOf input with no key or with two keys", async () => {
  const [none, two] = await Promise.all([
    run("{ story(by: {}) { id } }"),
    run(`{ story(by: { id: "a", slug: "b" }) { id } }`),
  ]);

  expect(none.errors?.[0]?.message).toContain("must specify exactly one key");
  expect(two.errors?.[0]?.message).toContain("must specify exactly one key");
});
