import { type Environment, commitMutation, fetchQuery, graphql } from "relay-runtime";
import type { clientDeleteMutation } from "./__generated__/clientDeleteMutation.graphql";
import type { clientNarrationsQuery } from "./__generated__/clientNarrationsQuery.graphql";

// A client app with Relay: a list that is paged and refetched by its node, and a deletion that leaves the list.
export const NarrationList = graphql`
  fragment clientNarrations_story on ReferenceStory
  @refetchable(queryName: "clientNarrationsPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 10 }, cursor: { type: "String" }) {
    title
    userNarrations(first: $count, after: $cursor) @connection(key: "client_userNarrations") {
      edges {
        node {
          id
          title
          ...clientSegments_narration
        }
      }
    }
  }
`;

export const SegmentList = graphql`
  fragment clientSegments_narration on UserStoryNarration
  @refetchable(queryName: "clientSegmentsPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" }) {
    segments(first: $count, after: $cursor) @connection(key: "client_segments") {
      edges {
        node {
          id
          text
        }
      }
    }
  }
`;

/** Reads a story with the first of the viewer's narrations. */
export const read = (environment: Environment, slug: string) =>
  fetchQuery<clientNarrationsQuery>(
    environment,
    graphql`
      query clientNarrationsQuery($slug: String!) {
        story(by: { slug: $slug }) {
          id
          ...clientNarrations_story
        }
      }
    `,
    { slug },
  );

/** Deletes a narration, and takes it out of the list. */
export const remove = (
  environment: Environment,
  narration: { readonly id: string; readonly version: number },
  connections: readonly string[],
) =>
  commitMutation<clientDeleteMutation>(environment, {
    mutation: graphql`
      mutation clientDeleteMutation($input: DeleteNarrationInput!, $connections: [ID!]!) {
        deleteNarration(input: $input) {
          deletedId @deleteEdge(connections: $connections)
          userErrors {
            code
            message
          }
        }
      }
    `,
    variables: { input: narration, connections: [...connections] },
  });
