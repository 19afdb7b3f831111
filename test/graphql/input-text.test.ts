import { type ExecutionResult, graphql } from "graphql";
import { buildFabulaSchema } from "../../src/graphql/schema.js";

const schema = buildFabulaSchema();

// The context is empty: a resolver that was reached would fail otherwise.
const run = (source: string, variableValues?: Record<string, unknown>): Promise<ExecutionResult> =>
  graphql({ schema, source, contextValue: {}, ...(variableValues ? { variableValues } : {}) });

test("a NUL character in a literal is refused before the resolver", async () => {
  const { errors } = await run(String.raw`{ story(by: { slug: "a\u0000b" }) { id } }`);

  expect(errors?.map(({ message, path }) => ({ message, path }))).toEqual([
    { message: "by.slug holds a NUL character; leave it out.", path: ["story"] },
  ]);
});

test("half a surrogate pair in a variable is refused before the resolver", async () => {
  const { errors } = await run("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {
    ids: ["ok", "\ud83d"],
  });

  expect(errors?.[0]?.message).toBe(
    "ids.1 holds half of a surrogate pair; send well-formed Unicode.",
  );
});

test("in a mutation it is a user error, with the field of the input", async () => {
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

test("a look-up by no key, or by two, is refused", async () => {
  const [none, two] = await Promise.all([
    run("{ story(by: {}) { id } }"),
    run(`{ story(by: { id: "a", slug: "b" }) { id } }`),
  ]);

  expect(none.errors?.[0]?.message).toContain("must specify exactly one key");
  expect(two.errors?.[0]?.message).toContain("must specify exactly one key");
});
