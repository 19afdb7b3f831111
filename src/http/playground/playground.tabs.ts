import type { PlaygroundExamples } from "./playground.examples.js";

/** The content of one tab when the playground opens. */
export interface PlaygroundTab {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The bearer token of the tab. With null, the tab sends no token. */
  readonly token: string | null;
  /** True if the player loads the sound of this tab when the page opens. */
  readonly isHeardFirst?: true;
}

interface Versioned {
  /** A global id. */
  readonly id: string;
  readonly version: number;
}

/** The demo data that the examples use. The server reads the data again for every page. */
export interface PlaygroundContext {
  readonly tokens: { readonly ada: string; readonly ben: string };
  readonly ids: {
    /** A public story with narrations by Ada and others. */
    readonly narratedStory: { readonly id: string; readonly slug: string };
    /** A public story by another author, for a new narration by Ada. */
    readonly storyToNarrate: { readonly id: string };
    /** Ada's draft. */
    readonly draft: Versioned;
    /** A public story by Ada. */
    readonly ownStory: Versioned;
    /**
     * Ada's narrations. Examples play and edit `narrationToEdit`, render `narrationToRender`, publish
     * `narrationToPublish`, and let `narrationToRebase` take up the present text of its story.
     */
    readonly narrationToEdit: Versioned;
    /** The third segment of `narrationToEdit`, which narrates `narratedStory`. */
    readonly segmentToHear: string;
    readonly narrationToRender: Versioned;
    readonly narrationToPublish: Versioned & { readonly storySlug: string };
    readonly narrationToRebase: Versioned;
    /** A public narration by Ben. */
    readonly narrationToFork: string;
    /** A voice from the catalogue. */
    readonly voice: string;
    /** Ada's personal voice and one of its emotion voices. null until Ada has trained a voice. */
    readonly ownVoice: { readonly id: string; readonly emotionVoiceId: string } | null;
  };
}

/**
 * Returns the example tabs. Each tab runs unchanged on fresh demo data. Without demo data, returns only
 * the tabs with public queries. Without a trained voice, there is no tab about that voice.
 */
export function playgroundTabs(
  examples: PlaygroundExamples,
  context: PlaygroundContext | null,
): readonly PlaygroundTab[] {
  const anonymous = [
    { query: examples["the-shelf"], variables: { search: "goose" }, token: null },
    { query: examples["the-catalogue"], variables: {}, token: null },
  ];
  if (!context) return anonymous;
  const { tokens, ids } = context;
  const asAda = (query: string, variables: PlaygroundTab["variables"]): PlaygroundTab => ({
    query,
    variables,
    token: tokens.ada,
  });
  return [
    ...anonymous,
    { ...asAda(examples["hear-it"], { narrationId: ids.narrationToEdit.id }), isHeardFirst: true },
    asAda(examples["one-story"], { slug: ids.narratedStory.slug }),
    asAda(examples["write-and-publish"], {
      ...A_FABLE,
      storyId: ids.draft.id,
      version: ids.draft.version,
    }),
    asAda(examples["analysis-progress"], { storyId: ids.narratedStory.id }),
    asAda(examples["make-a-narration"], {
      storyId: ids.storyToNarrate.id,
      title: "For a rainy evening",
      voice: ids.voice,
    }),
    ...changingTabs(examples, ids).map(({ query, variables }) => asAda(query, variables)),
    asAda(examples["go-on-listening"], placeToSave(ids)),
    asAda(examples["publish-it"], {
      narrationId: ids.narrationToPublish.id,
      version: ids.narrationToPublish.version,
    }),
    {
      query: examples["see-it-as-ben"],
      variables: { slug: ids.narrationToPublish.storySlug, narrationId: ids.narrationToPublish.id },
      token: tokens.ben,
    },
    asAda(examples["stale-version"], { storyId: ids.ownStory.id, version: ids.ownStory.version }),
    asAda(examples["your-voice"], {}),
    asAda(examples["train-my-voice"], {}),
    ...ownVoiceTabs(examples["my-trained-voice"], ids).map(({ query, variables }) =>
      asAda(query, variables),
    ),
  ];
}

type Operations = Pick<PlaygroundTab, "query" | "variables">;

/** The tabs that change narrations, and make a new one from another person's. */
const changingTabs = (
  examples: PlaygroundExamples,
  ids: PlaygroundContext["ids"],
): Operations[] => {
  const { narrationToEdit, narrationToRender, narrationToRebase } = ids;
  const at = ({ id, version }: Versioned) => ({ narrationId: id, version });
  return [
    {
      query: examples["render-and-watch"],
      variables: { ...at(narrationToRender), rate: unheardRate(narrationToRender.version) },
    },
    {
      query: examples["edit-one-sentence"],
      variables: {
        ...at(narrationToEdit),
        text: OPENINGS[narrationToEdit.version % OPENINGS.length],
      },
    },
    {
      query: examples["edit-the-script"],
      variables: { ...at(narrationToRender), text: "Order! Order!" },
    },
    { query: examples["take-up-a-new-text"], variables: at(narrationToRebase) },
    {
      query: examples["build-on-bens-narration"],
      variables: { narrationId: ids.narrationToFork },
    },
  ];
};

const placeToSave = ({ narratedStory, segmentToHear }: PlaygroundContext["ids"]) => ({
  storyId: narratedStory.id,
  segmentId: segmentToHear,
});

const ownVoiceTabs = (
  query: string,
  { ownVoice, storyToNarrate }: PlaygroundContext["ids"],
): Operations[] => {
  if (!ownVoice) return [];
  const { id: voiceId, emotionVoiceId } = ownVoice;
  return [{ query, variables: { voiceId, emotionVoiceId, storyId: storyToNarrate.id } }];
};

/**
 * Returns a speaking rate from 0.8 to 1.2. Each of 41 successive versions gets another rate. So every
 * segment needs a new sound, and the example has something to render.
 */
const unheardRate = (version: number): number => (80 + ((version * 7) % 41)) / 100;

/**
 * Sentences for the edit example. The narration's version selects a sentence. So each edit changes the
 * sentence.
 */
const OPENINGS = [
  "Listen, for this is how it was told to me.",
  "It was a night for missing trains.",
  "Nobody believes me, but I was there.",
  "Draw your chair to the stove, and I shall tell you.",
];

const A_FABLE = {
  title: "The Snail and the Comet",
  content: [
    "“Where are you going in such a hurry?” called the Snail.",
    "“Round the sun!” cried the Comet. “I shall be back in seventy-six years.”",
    "“Good,” said the Snail contentedly. “I shall be at the gate by then.”",
  ].join("\n\n"),
};
