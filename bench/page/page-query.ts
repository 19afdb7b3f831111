import { type Cell, segmentsOf } from "./cells.js";

const narrations = (segments: string): string => `userNarrations(first: 5) { edges { node {
      id title status narratorVoice { id displayName } ${segments}
    } } }`;

/** The page as a GraphQL query of Fabula, with the variable `first`. */
export function pageQuery(cell: Cell): string {
  const segments = (fields: string): string =>
    cell.hasSegments
      ? `segments(first: ${segmentsOf(cell)}) { edges { node { text kind emotion { label } ${fields} } } }`
      : "";
  return `query Page($first: Int!) { stories(first: $first) { edges { node {
    id slug title summary tags publishedAt
    analysis { summary textMood { label } characters { name } ${cell.isSignedIn ? "" : segments("")} }
    voiceModulationTemplates(first: 3) { edges { occurrences node { id key displayName } } }
    ${cell.isSignedIn ? narrations(segments("voice { id displayName }")) : ""}
  } } } }`;
}
