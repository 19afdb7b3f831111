import type { Tx } from "../../platform/database/transactions/database.js";
import { ConflictError, NotFoundError } from "../../platform/errors.js";
import {
  NO_STORY,
  type StoryEntity,
  StoryVisibility,
  nameOfStory,
  storyStore,
} from "../../reference/index.js";

/**
 * Returns a story that takes new narrations. Its text stays until the transaction ends.
 * @param inputPath the input field that brought the story
 * @throws NotFoundError, or ConflictError for a draft and an archived story
 */
export async function requireNarratableStory(
  tx: Tx,
  storyId: number,
  inputPath: readonly string[],
): Promise<StoryEntity> {
  await storyStore.lockText(tx, storyId);
  const [story] = await storyStore.byIds(tx, [storyId]);
  if (!story) throw new NotFoundError(NO_STORY, inputPath);
  const about = { inputPath };
  if (story.visibility === StoryVisibility.Draft) {
    throw new ConflictError(
      `${nameOfStory(story)} is a draft; publish it before narrating it.`,
      story,
      about,
    );
  }
  if (story.visibility === StoryVisibility.Archived) {
    throw new ConflictError(
      `${nameOfStory(story)} is archived and takes no new narrations.`,
      story,
      about,
    );
  }
  return story;
}
