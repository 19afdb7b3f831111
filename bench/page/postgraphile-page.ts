import { type Cell, segmentsOf } from "./cells.js";
import type { Page } from "./pages.js";

/**
 * What an expert adds to a database for PostGraphile: computed columns. PostgreSQL puts the bodies of these
 * functions into the statement.
 */
export const COMPUTED_COLUMNS = `
  CREATE OR REPLACE FUNCTION reference.stories_ready_analyses(s reference.stories)
    RETURNS SETOF reference.story_analyses LANGUAGE sql STABLE ROWS 1 AS $$
    SELECT a.* FROM reference.story_analyses a
    WHERE a.content_hash = s.content_hash AND a.language = s.language AND a.status = 'ready'
    ORDER BY a.rank DESC, a.id DESC LIMIT 1 $$;
  CREATE OR REPLACE FUNCTION reference.story_analyses_mood_label(a reference.story_analyses)
    RETURNS text LANGUAGE sql STABLE AS $$ SELECT a.mood ->> 'label' $$;
  CREATE OR REPLACE FUNCTION reference.story_analyses_character_names(a reference.story_analyses)
    RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT jsonb_path_query_array(a.characters, '$[*].canonicalName') $$`;
export const NO_COMPUTED_COLUMNS = `
  DROP FUNCTION reference.stories_ready_analyses(reference.stories);
  DROP FUNCTION reference.story_analyses_mood_label(reference.story_analyses);
  DROP FUNCTION reference.story_analyses_character_names(reference.story_analyses)`;

/** The page as a query of PostGraphile, with the variable `first`. */
export function postgraphileQuery(cell: Cell): string {
  const { isSignedIn, hasSegments } = cell;
  const count = segmentsOf(cell);
  const ofStory = `storySegmentsByAnalysisId(first: ${count}, orderBy: POSITION_ASC) { nodes { text kind emotion } }`;
  const ofScript = `instancesUserNarrationSegmentsByUserIdAndNarrationId(first: ${count}, orderBy: POSITION_ASC) {
        nodes { text kind emotion voice speakerId } }`;
  return `query Page($first: Int!) {
    ${isSignedIn ? "allInstancesUserVoices { nodes { voice displayName } }" : ""}
    allStories(first: $first, condition: { visibility: "public" }, orderBy: [PUBLISHED_AT_DESC, ROW_ID_DESC]) { nodes {
      rowId slug title summary tags publishedAt
      readyAnalyses { nodes {
        summary moodLabel characterNames ${!isSignedIn && hasSegments ? ofStory : ""}
        storyModulationOccurrencesByAnalysisId(first: 3, orderBy: [OCCURRENCES_DESC, TEMPLATE_ID_DESC]) { nodes {
          occurrences voiceModulationTemplateByTemplateId { rowId modulationKey displayName } } }
      } }
      ${
        isSignedIn
          ? `instancesUserStoryNarrationsByReferenceStoryId(first: 5, orderBy: [CREATED_AT_DESC, ROW_ID_DESC]) { nodes {
        rowId title status narratorVoice narratorVoiceName ${hasSegments ? `voiceCast ${ofScript}` : ""} } }`
          : ""
      }
    } } }`;
}

interface Nodes<T> {
  readonly nodes: readonly T[];
}

interface Answer {
  readonly data: {
    readonly allInstancesUserVoices?: Nodes<OwnVoice>;
    readonly allStories: Nodes<Story>;
  };
}

interface OwnVoice {
  readonly voice: string;
  readonly displayName: string;
}

interface Story {
  readonly rowId: number;
  readonly slug: string;
  readonly title: string;
  readonly summary: string | null;
  readonly tags: readonly string[];
  readonly publishedAt: string;
  readonly readyAnalyses: Nodes<Analysis>;
  readonly instancesUserStoryNarrationsByReferenceStoryId?: Nodes<Narration>;
}

interface Analysis {
  readonly summary: string;
  readonly moodLabel: string;
  readonly characterNames: readonly string[];
  readonly storySegmentsByAnalysisId?: Nodes<Omit<Segment, "voice" | "speakerId">>;
  readonly storyModulationOccurrencesByAnalysisId: Nodes<{
    readonly occurrences: number;
    readonly voiceModulationTemplateByTemplateId: {
      readonly rowId: number;
      readonly modulationKey: string;
      readonly displayName: string;
    };
  }>;
}

interface Narration {
  readonly rowId: string;
  readonly title: string | null;
  readonly status: string;
  readonly narratorVoice: string;
  readonly narratorVoiceName: string;
  readonly voiceCast?: readonly {
    readonly characterId: string;
    readonly voice: string;
    readonly voiceName: string;
  }[];
  readonly instancesUserNarrationSegmentsByUserIdAndNarrationId?: Nodes<Segment>;
}

interface Segment {
  readonly text: string;
  readonly kind: string;
  readonly emotion: string;
  readonly voice: string | null;
  readonly speakerId: string | null;
}

/** Reads the answer of PostGraphile. The client finds the voice of a segment itself. */
export function postgraphilePage(body: string): Page {
  const { data } = JSON.parse(body) as Answer;
  const own = new Map(
    data.allInstancesUserVoices?.nodes.map(({ voice, displayName }) => [voice, displayName]),
  );
  return {
    stories: data.allStories.nodes.map((story) => {
      const [analysis] = story.readyAnalyses.nodes;
      const { rowId, slug, title, summary, tags, publishedAt } = story;
      return {
        ...{ id: String(rowId), slug, title, summary, tags, publishedAt: Date.parse(publishedAt) },
        about: analysis?.summary ?? null,
        mood: analysis?.moodLabel ?? "",
        characters: analysis?.characterNames ?? [],
        templates: nodesOf(analysis?.storyModulationOccurrencesByAnalysisId).map(
          ({ occurrences, voiceModulationTemplateByTemplateId: template }) => ({
            ...{ id: String(template.rowId), key: template.modulationKey },
            ...{ name: template.displayName, occurrences },
          }),
        ),
        narrations: nodesOf(story.instancesUserStoryNarrationsByReferenceStoryId).map((narration) =>
          narrationOf({ ...narration, title: narration.title ?? title }, own),
        ),
        segments: [...nodesOf(analysis?.storySegmentsByAnalysisId)],
      };
    }),
  };
}

const nodesOf = <T>(list: Nodes<T> | undefined): readonly T[] => list?.nodes ?? [];

function narrationOf(
  narration: Narration & { readonly title: string },
  own: ReadonlyMap<string, string>,
) {
  const { rowId: id, title, status, narratorVoice, narratorVoiceName, voiceCast = [] } = narration;
  const named = (voice: string, name: string) => ({ voice, voiceName: own.get(voice) ?? name });
  const segments = nodesOf(narration.instancesUserNarrationSegmentsByUserIdAndNarrationId);
  return {
    ...{ id, title, status },
    ...named(narratorVoice, narratorVoiceName),
    segments: segments.map(({ text, kind, emotion, voice, speakerId }) => {
      const member = voiceCast.find(({ characterId }) => characterId === speakerId);
      return {
        ...{ text, kind, emotion },
        ...named(voice ?? member?.voice ?? narratorVoice, member?.voiceName ?? narratorVoiceName),
      };
    }),
  };
}
