import { ConflictError, StaleVersionError } from "../../platform/errors.js";
import { nameOfStory } from "./story-names.js";
import { type StoryEntity, StoryVisibility } from "./story.entity.js";

/** @throws StaleVersionError if the story has another version than the one that its author read */
export function refuseStale(story: StoryEntity, version: number): void {
  if (story.version === version) return;
  throw new StaleVersionError(nameOfStory(story), version, story);
}

/** @throws ConflictError if no analyser may read the text of the story */
export function refuseUnpublished(story: StoryEntity, isByModel: boolean): void {
  if (story.visibility === StoryVisibility.Draft) {
    throw new ConflictError(
      `${nameOfStory(story)} is a draft; publish it, and its text is analysed.`,
      story,
    );
  }
  if (isByModel && story.visibility === StoryVisibility.Archived) {
    throw new ConflictError(
      `${nameOfStory(story)} is archived; publish it again to let the model read it.`,
      story,
    );
  }
}
