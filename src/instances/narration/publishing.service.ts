import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../../platform/clock.js";
import type { Database, Tx } from "../../platform/database/database.js";
import { ConflictError } from "../../platform/errors.js";
import { analysisStore, editionStore } from "../../reference/index.js";
import type { Owner } from "../owner.js";
import { editionOf } from "./edition-of.js";
import { type NarrationAt, lockNarration } from "./narration-lock.js";
import {
  type NarrationEntity,
  NarrationVisibility,
  isUnderWay,
  nameOf,
} from "./narration.entity.js";
import { narrationStore } from "./narration.store.js";
import { scriptStore } from "./script.store.js";

/** What publishing asks of rendering. */
export interface RenderedSound {
  /** Whether a narration's sound is what rendering it now would make. @throws ConflictError where a voice is gone */
  soundMatchesScript(tx: Tx, owner: Owner, narration: NarrationEntity): Promise<boolean>;
}

const SHARE_TOKEN_BYTES = 24;

/** The hash under which an edition can be found by its link. */
export const shareTokenHashOf = (token: string): string =>
  createHash("sha256").update(token).digest("hex");

/** Shows narrations to others as editions, and takes the editions back. */
export class PublishingService {
  constructor(
    private readonly use: {
      readonly database: Database;
      readonly clock: Clock;
      readonly sound: RenderedSound;
    },
  ) {}

  /**
   * Writes an immutable edition that others can read; later changes show when it is published again.
   * @throws ConflictError while it renders, and where its sound is of another script: readers would hear
   *   other words than they read
   */
  async publish(
    owner: Owner,
    at: NarrationAt,
    visibility: Exclude<NarrationVisibility, "private">,
  ): Promise<NarrationEntity> {
    return this.use.database.write(owner.userId, async (tx) => {
      const narration = await lockNarration(tx, owner, at);
      if (narration.segmentCount === 0) {
        throw new ConflictError(
          `${nameOf(narration)} has no script yet; publish it when its story's analysis is ready.`,
          narration,
        );
      }
      await this.requireSoundMatchesScript(tx, owner, narration);
      const published = await narrationStore.update(tx, owner, narration, {
        visibility,
        edition: narration.edition + 1,
        publishedAt: this.use.clock.now(),
        shareToken: visibility === NarrationVisibility.Unlisted ? shareTokenFor(narration) : null,
      });
      const [analysis = null] = await analysisStore.byIds(tx, [narration.analysisId ?? 0]);
      await editionStore.replace(tx, editionOf(published, analysis, shareTokenHashOf));
      await scriptStore.copyToEdition(tx, owner, narration.id);
      return published;
    });
  }

  private async requireSoundMatchesScript(
    tx: Tx,
    owner: Owner,
    narration: NarrationEntity,
  ): Promise<void> {
    if (isUnderWay(narration.status)) {
      throw new ConflictError(
        `${nameOf(narration)} is rendering; publish it when that has ended, or cancel it first.`,
        narration,
      );
    }
    if (!narration.audio || (await this.use.sound.soundMatchesScript(tx, owner, narration))) return;
    throw new ConflictError(
      `${nameOf(narration)} changed after it was rendered; render it again, then publish.`,
      narration,
    );
  }

  /** Takes the edition back: from then on nobody but the owner reads the narration. */
  async unpublish(owner: Owner, at: NarrationAt): Promise<NarrationEntity> {
    return this.use.database.write(owner.userId, async (tx) => {
      const narration = await lockNarration(tx, owner, at);
      await editionStore.remove(tx, owner.userId, narration.id);
      return narrationStore.update(tx, owner, narration, {
        visibility: NarrationVisibility.Private,
        shareToken: null,
        publishedAt: null,
      });
    });
  }
}

const shareTokenFor = (narration: NarrationEntity): string =>
  narration.shareToken ?? randomBytes(SHARE_TOKEN_BYTES).toString("base64url");
