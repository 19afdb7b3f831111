import type { StoryEntity } from "./story.entity.js";

/**
 * The message for a missing story and for another author's draft. The two messages are equal, so nobody learns
 * which drafts exist.
 */
export const NO_STORY = "There is no such story.";

/** Returns the story's name for a message to people: not the id, which clients never see. */
export const nameOfStory = ({ title }: Pick<StoryEntity, "title">): string => `“${title}”`;
