import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import type { ShelfQuery } from "./generated/graphql.js";
import { type FragmentType, graphql, useFragment } from "./generated/index.js";

// A client app with the client preset of graphql-codegen: fragments, a page, a mutation, a subscription.
type Send = <R, V>(document: TypedDocumentNode<R, V>, variables: V) => Promise<R>;

const StoryCard = graphql(`
  fragment StoryCard on ReferenceStory {
    id
    title
    ageRating
    userNarrations(first: 3) {
      totalCount
      edges {
        node {
          id
          title
          status
        }
      }
    }
  }
`);

const Shelf = graphql(`
  query Shelf($first: Int!, $after: String, $filter: StoryFilter) {
    stories(first: $first, after: $after, filter: $filter) {
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          ...StoryCard
        }
      }
    }
  }
`);

const Narrate = graphql(`
  mutation Narrate($input: CreateNarrationInput!) {
    createNarration(input: $input) {
      narration {
        id
        version
      }
      userErrors {
        code
        message
        path
      }
    }
  }
`);

const Progress = graphql(`
  subscription Progress($id: ID!) {
    narrationProgress(id: $id) {
      id
      status
      progress {
        renderedSegments
        totalSegments
      }
    }
  }
`);

/** Returns the titles of all stories in one language. */
export async function titles(send: Send, language: string): Promise<string[]> {
  const found: string[] = [];
  let after: string | null = null;
  do {
    const { stories }: ShelfQuery = await send(Shelf, {
      first: 100,
      after,
      filter: { language: [language] },
    });
    found.push(...stories.edges.map(({ node }) => titleOf(node)));
    after = stories.pageInfo.hasNextPage ? (stories.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  return found;
}

const titleOf = (node: FragmentType<typeof StoryCard>): string => {
  const { title, userNarrations } = useFragment(StoryCard, node);
  const mine: number = userNarrations.totalCount;
  return mine > 0 ? `${title} (${mine})` : title;
};

/** Makes a narration and returns its id. */
export async function narrate(send: Send, storyId: string): Promise<string> {
  const { createNarration } = await send(Narrate, { input: { storyId } });
  const [error] = createNarration?.userErrors ?? [];
  if (error) throw new Error(`${error.code} at ${error.path.join(".")}: ${error.message}`);
  return createNarration?.narration?.id ?? "";
}

export const follow = (send: Send, id: string): Promise<unknown> => send(Progress, { id });
