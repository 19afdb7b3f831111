import type { PlaygroundContext } from "../../../src/http/playground/playground.tabs.js";

/** Invented demo data for the playground. No rows with these ids exist. */
export const sampleContext: PlaygroundContext = {
  tokens: { ada: "token-of-ada", ben: "token-of-ben" },
  ids: {
    narratedStory: { id: "story-1", slug: "the-heron-and-the-eel" },
    storyToNarrate: { id: "story-2" },
    draft: { id: "story-3", version: 1 },
    ownStory: { id: "story-4", version: 2 },
    narrationToEdit: { id: "narration-1", version: 3 },
    segmentToHear: "segment-1",
    narrationToRender: { id: "narration-3", version: 1 },
    narrationToPublish: { id: "narration-2", version: 4, storySlug: "the-tuners-wednesday" },
    narrationToRebase: { id: "narration-4", version: 2 },
    narrationToFork: "narration-5",
    voice: "voice-1",
    ownVoice: { id: "voice-2", emotionVoiceId: "emotion-voice-1" },
  },
};
