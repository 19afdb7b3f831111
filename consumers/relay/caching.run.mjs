// Runs what CLIENTS.md says of Relay: node relay/caching.run.mjs, after relay-compiler.
import assert from "node:assert/strict";
import relay from "relay-runtime";
import DELETE from "./__generated__/DeleteNarrationMutation.graphql.ts";
import FIRST_PAGE from "./__generated__/cachingFirstQuery.graphql.ts";
import LIST from "./__generated__/cachingListQuery.graphql.ts";
import SECOND_PAGE from "./__generated__/cachingSecondQuery.graphql.ts";

const { Environment, Network, RecordSource, Store, commitMutation, createOperationDescriptor } =
  relay;

const deleted = { deleteNarration: { deletedId: "one", userErrors: [] } };
const environment = new Environment({
  network: Network.create(() => ({ data: deleted })),
  store: new Store(new RecordSource()),
});

const write = (query, variables, data) =>
  environment.commitPayload(createOperationDescriptor(query, variables), data);
const read = (query, variables) =>
  environment.lookup(createOperationDescriptor(query, variables).fragment);

const narration = (fields) => ({
  node: { __typename: "UserStoryNarration", id: "one", ...fields },
});
const first = narration({
  ...{ progress: { renderedSegments: 3 }, renderEstimate: { cost: { micros: 7 } } },
});
const second = narration({
  ...{ progress: { totalSegments: 9 }, renderEstimate: { seconds: 4, cost: { currency: "USD" } } },
});
write(FIRST_PAGE, { id: "one" }, first);
write(SECOND_PAGE, { id: "one" }, second);
const { data, isMissingData } = read(FIRST_PAGE, { id: "one" });
assert.equal(isMissingData, false, "Relay keeps the fields of both pages.");
assert.deepEqual(
  [data.node.progress, data.node.renderEstimate],
  [first.node.progress, first.node.renderEstimate],
);

const edges = ["one", "two"].map((id) => ({ node: { id } }));
write(LIST, {}, { viewer: { id: "ada", narrations: { edges } } });
await new Promise((resolve, reject) => {
  commitMutation(environment, {
    mutation: DELETE,
    variables: { input: { id: "one", version: 1 }, lists: ["client:ada:narrations(first:20)"] },
    onCompleted: resolve,
    onError: reject,
  });
});
assert.deepEqual(
  read(LIST, {}).data.viewer.narrations.edges.map(({ node }) => node.id),
  ["two"],
  "The deleted narration leaves the list.",
);
