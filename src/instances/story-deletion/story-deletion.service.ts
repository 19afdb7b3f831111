import type { Database, Tx } from "../../platform/database/transactions/database.js";
import { ConflictError } from "../../platform/errors.js";
import { userStore } from "../../platform/users/user.store.js";
import {
  type AnalysisService,
  type StoryEntity,
  type StoryService,
  nameOfStory,
  storyStore,
} from "../../reference/index.js";
import { legacySoundStore } from "../legacy-sound/legacy-sound.store.js";
import { type DeletionDependencies, deleteLocked } from "../narration/delete-narration.js";
import { narrationStore } from "../narration/narration.store.js";
import type { Owner } from "../owner.js";

export const StoryDeletionOutcome = {
  Deleted: "deleted",
  ArchivedWithoutAuthor: "archived_without_author",
} as const;
export type StoryDeletionOutcome = (typeof StoryDeletionOutcome)[keyof typeof StoryDeletionOutcome];

export interface StoryToDelete {
  readonly id: number;
  /** The version that the author read. */
  readonly version: number;
  /** True if the author's own narrations of the story may go, too. */
  readonly deletesOwnNarrations: boolean;
}

export interface StoryDeletionDependencies extends DeletionDependencies {
  readonly database: Database;
  readonly stories: Pick<StoryService, "claimAuthored">;
  readonly analyses: Pick<AnalysisService, "leave">;
}

/** Deletes stories. The first argument of every method is the author. */
export class StoryDeletionService {
  constructor(private readonly use: StoryDeletionDependencies) {}

  /**
   * Deletes a story with all that only this story needs. If others narrate the story, it is archived instead, and
   * no longer names its author: the others keep what they made.
   * @throws ConflictError if the author has narrations of the story that must stay
   */
  async delete(author: Owner, at: StoryToDelete): Promise<StoryDeletionOutcome> {
    const { database, stories, analyses, sweepSoon } = this.use;
    return database.write(author.userId, async (tx) => {
      await userStore.lock(tx, author.userId);
      const story = await stories.claimAuthored(tx, author.userId, at);
      const isNarrated = await storyStore.isNarratedByOthers(tx, story.id);
      if (isNarrated) {
        await storyStore.leave(tx, story.id);
      } else {
        await this.deleteNarrations(tx, author, story, at);
        await storyStore.remove(tx, story.id);
        await analyses.leave(tx, story);
      }
      // The sweep deletes the cover.
      await sweepSoon(tx, author);
      return isNarrated ? StoryDeletionOutcome.ArchivedWithoutAuthor : StoryDeletionOutcome.Deleted;
    });
  }

  private async deleteNarrations(
    tx: Tx,
    author: Owner,
    story: StoryEntity,
    { deletesOwnNarrations }: StoryToDelete,
  ): Promise<void> {
    const own = await narrationStore.lockOfStory(tx, author, story.id);
    if (own.length === 0) return;
    if (!deletesOwnNarrations) {
      const count = own.length === 1 ? "a narration" : `${own.length} narrations`;
      throw new ConflictError(
        `You have ${count} of ${nameOfStory(story)}; send deleteOwnNarrations: true to delete the story and your narrations.`,
        story,
      );
    }
    for (const narration of own) await deleteLocked(tx, author, narration, this.use);
    await legacySoundStore.removeUnused(tx, author);
  }
}
