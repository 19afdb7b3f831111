import { decodeGlobalId } from "../../src/graphql/relay/global-id.js";
/** A page in one form for all variants, to compare their answers. */
export interface Page {
  readonly stories: readonly PageStory[];
}

interface PageStory {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly summary: string | null;
  readonly tags: readonly string[];
  readonly publishedAt: number;
  readonly about: string | null;
  readonly mood: string;
  readonly characters: readonly string[];
  readonly templates: readonly PageTemplate[];
  readonly narrations: readonly PageNarration[];
  readonly segments: readonly Omit<PageSegment, "voice" | "voiceName">[];
}

interface PageTemplate {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly occurrences: number;
}

interface PageNarration {
  readonly id: string;
  /** The narration's own title, or the story's. */
  readonly title: string;
  readonly status: string;
  readonly voice: string;
  readonly voiceName: string;
  readonly segments: readonly PageSegment[];
}

interface PageSegment {
  readonly text: string;
  readonly kind: string;
  readonly emotion: string;
  readonly voice: string;
  readonly voiceName: string;
}

interface Edges<T> {
  readonly edges: readonly { readonly node: T }[];
}

interface GraphQLSegment {
  readonly text: string;
  readonly kind: string;
  readonly emotion: { readonly label: string };
}

interface GraphQLVoice {
  readonly id: string;
  readonly displayName: string;
}

interface FabulaAnswer {
  readonly data: { readonly stories: Edges<FabulaStory> };
}

interface FabulaStory extends Pick<PageStory, "id" | "slug" | "title" | "summary" | "tags"> {
  readonly publishedAt: string;
  readonly analysis: {
    readonly summary: string | null;
    readonly textMood: { readonly label: string };
    readonly characters: readonly { readonly name: string }[];
    readonly segments?: Edges<GraphQLSegment>;
  };
  readonly voiceModulationTemplates: {
    readonly edges: readonly {
      readonly occurrences: number;
      readonly node: { readonly id: string; readonly key: string; readonly displayName: string };
    }[];
  };
  readonly userNarrations?: Edges<
    Pick<PageNarration, "id" | "title" | "status"> & {
      readonly narratorVoice: GraphQLVoice;
      readonly segments?: Edges<GraphQLSegment & { readonly voice: GraphQLVoice }>;
    }
  >;
}

/** Reads the answer of Fabula. */
export const fabulaPage = (body: string): Page => ({
  stories: (JSON.parse(body) as FabulaAnswer).data.stories.edges.map(({ node: story }) => ({
    ...{ id: rawId(story.id), slug: story.slug, title: story.title, summary: story.summary },
    ...{ tags: story.tags, publishedAt: Date.parse(story.publishedAt) },
    about: story.analysis.summary,
    mood: story.analysis.textMood.label,
    characters: story.analysis.characters.map(({ name }) => name),
    templates: story.voiceModulationTemplates.edges.map(({ occurrences, node }) => ({
      ...{ id: rawId(node.id), key: node.key, name: node.displayName, occurrences },
    })),
    narrations: nodes(story.userNarrations).map((narration) => ({
      ...{ id: rawId(narration.id), title: narration.title },
      status: narration.status.toLowerCase(),
      ...voiceOf(narration.narratorVoice),
      segments: nodes(narration.segments).map((segment) => ({
        ...segmentOf(segment),
        ...voiceOf(segment.voice),
      })),
    })),
    segments: nodes(story.analysis.segments).map(segmentOf),
  })),
});

const nodes = <T>(list: Edges<T> | undefined): T[] => list?.edges.map(({ node }) => node) ?? [];

const segmentOf = ({ text, kind, emotion }: GraphQLSegment) => ({
  ...{ text, kind: kind.toLowerCase(), emotion: emotion.label },
});

const voiceOf = ({ id, displayName }: GraphQLVoice) => ({
  ...{ voice: rawId(id), voiceName: displayName },
});

/** Returns the id in the database from a global id. */
const rawId = (globalId: string): string => decodeGlobalId(globalId)?.raw ?? "";

interface FloorStory extends Omit<PageStory, "id" | "publishedAt" | "templates" | "narrations"> {
  readonly id: number;
  readonly publishedAt: string;
  readonly templates: readonly (Omit<PageTemplate, "id"> & { readonly id: number })[];
  readonly narrations?: readonly (Omit<PageNarration, "id" | "title" | "segments"> & {
    readonly id: number;
    readonly title: string | null;
    readonly segments?: readonly PageSegment[];
  })[];
}

/** Reads the answer of the one statement. */
export const floorPage = (body: string): Page => ({
  stories: (JSON.parse(body) as Partial<FloorStory>[]).map((story) => ({
    ...(story as FloorStory),
    id: String(story.id),
    publishedAt: Date.parse(story.publishedAt ?? ""),
    templates: (story.templates ?? []).map((template) => ({
      ...template,
      id: String(template.id),
    })),
    narrations: (story.narrations ?? []).map((narration) => ({
      ...narration,
      id: String(narration.id),
      title: narration.title ?? story.title ?? "",
      segments: narration.segments ?? [],
    })),
    segments: story.segments ?? [],
  })),
});
