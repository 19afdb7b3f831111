import { type ResultOf, type VariablesOf, initGraphQLTada } from "gql.tada";
import type { introspection } from "./generated/introspection.js";

// A client app with gql.tada: types come from the text of the documents.
const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { DateTime: string; JSONObject: Record<string, unknown> };
}>();

const SegmentText = graphql(`
  fragment SegmentText on NarrationSegment @_unmask {
    index
    text
    emotion {
      label
      intensity
    }
  }
`);

const Script = graphql(
  `
    query Script($id: ID!, $after: String) {
      node(id: $id) {
        __typename
        id
        ... on UserStoryNarration {
          title
          status
          segments(first: 50, after: $after) {
            pageInfo {
              hasNextPage
              endCursor
            }
            edges {
              node {
                ...SegmentText
              }
            }
          }
        }
      }
    }
  `,
  [SegmentText],
);

const Edit = graphql(`
  mutation Edit($input: UpdateNarrationSegmentsInput!) {
    updateNarrationSegments(input: $input) {
      narration {
        version
      }
      userErrors {
        code
        path
      }
    }
  }
`);

export const firstVariables: VariablesOf<typeof Script> = { id: "an id" };

/** Returns the lines of one page of a script. */
export function linesOf({ node }: ResultOf<typeof Script>): string[] {
  if (node?.__typename !== "UserStoryNarration") return [];
  const status: "DRAFT" | "QUEUED" | "RENDERING" | "READY" | "FAILED" | "CANCELLED" = node.status;
  return node.segments.edges.map(
    ({ node: { index, text, emotion } }) => `${status} ${index} ${emotion.label}: ${text}`,
  );
}

export const edit = (id: string, version: number): VariablesOf<typeof Edit> => ({
  input: { id, version, edits: [{ index: 0, emotion: "joy", intensity: 1 }] },
});
