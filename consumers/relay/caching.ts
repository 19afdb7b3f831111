import { graphql } from "relay-runtime";

// Two pages that read different fields of the same parts, and a list. `caching.run.mjs` reads them.
export const FIRST_PAGE = graphql`
  query cachingFirstQuery($id: ID!) {
    node(id: $id) {
      ... on UserStoryNarration {
        id
        progress {
          renderedSegments
        }
        renderEstimate {
          cost {
            micros
          }
        }
      }
    }
  }
`;

export const SECOND_PAGE = graphql`
  query cachingSecondQuery($id: ID!) {
    node(id: $id) {
      ... on UserStoryNarration {
        id
        progress {
          totalSegments
        }
        renderEstimate {
          seconds
          cost {
            currency
          }
        }
      }
    }
  }
`;

export const LIST = graphql`
  query cachingListQuery {
    viewer {
      narrations(first: 20) {
        edges {
          node {
            id
          }
        }
      }
    }
  }
`;
