import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../../../platform/clock.js";
import type { Database, Tx } from "../../../platform/database/transactions/database.js";
import { hasValues } from "../../../platform/database/writing/has-values.js";
import { together } from "../../../platform/database/writing/together.js";
import { ConflictError } from "../../../platform/errors.js";
import { analysisStore, editionStore } from "../../../reference/index.js";
import { consentStore } from "../../consent/consent.store.js";
import type { Owner } from "../../owner.js";
import { personalVoiceStore } from "../../personal-voice/personal-voice.store.js";
import type { SweepSoon } from "../../sweep-soon.js";
import { editionOf } from "./edition-of.js";
import { type NarrationAt, lockNarration } from "../narration-lock.js";
import {
  type NarrationEntity,
  NarrationVisibility,
  isUnderWay,
  nameOf,
} from "../narration.entity.js";
import { narrationStore } from "../narration.store.js";
import { type PublishedSound, publishOldSound } from "./published-sound.js";
import { type PublishedVoices, personalVoicesIn, publishVoices } from "./published-voices.js";
import { isPublishedAlready } from "./published-already.js";
import { removeEdition } from "./remove-edition.js";
import { scriptStore } from "../script/script.store.js";

/** What publishing needs from rendering. */
export interface RenderedSound {
  /**
   * Returns true if a render of the current script would make the sound that the narration has now.
   * @throws ConflictError if a voice is gone or does not speak the language
   */
  soundMatchesScript(tx: Tx, owner: Owner, narration: NarrationEntity): Promise<boolean>;
}

const SHARE_TOKEN_BYTES = 24;

/**
 * Returns the hash of a share token. The link to an edition contains the token. The edition stores only
 * the hash.
 */
export const shareTokenHashOf = (token: string): string =>
  createHash("sha256").update(token).digest("hex");

/** Publishes narrations as editions that others can read, and removes these editions. */
export class PublishingService {
  constructor(
    private readonly use: {
      readonly database: Database;
      readonly clock: Clock;
      readonly sound: RenderedSound;
      readonly sweepSoon: SweepSoon;
    },
  ) {}

  /**
   * Writes an immutable edition that others can read. Others see a later change only after the narration
   * is published again. Changes nothing if the present edition is the same.
   * @throws ConflictError while the narration renders
   * @throws ConflictError if the sound does not match the script, because people would hear other
   *   words than they read
   */
  async publish(
    owner: Owner,
    at: NarrationAt,
    visibility: Exclude<NarrationVisibility, "private">,
  ): Promise<NarrationEntity> {
    return this.use.database.write(owner.userId, async (tx) => {
      // A revocation of the consent finds the edition, because the revocation waits for this transaction.
      await consentStore.hold(tx, owner);
      const narration = await lockNarration(tx, owner, at);
      if (narration.segmentCount === 0) {
        throw new ConflictError(
          `${nameOf(narration)} has no script yet; publish it when its story's analysis is ready.`,
          narration,
        );
      }
      const sound = await this.publishSound(tx, owner, narration);
      const [segmentVoices, [analysis = null]] = await together([
        scriptStore.voices(tx, owner, narration.id),
        analysisStore.byIds(tx, [narration.analysisId ?? 0]),
      ]);
      const next = {
        visibility,
        shareToken: visibility === NarrationVisibility.Unlisted ? shareTokenFor(narration) : null,
      };
      const voices = await this.publishVoices(tx, owner, narration, segmentVoices);
      const editionFrom = (from: NarrationEntity) =>
        editionOf(from, analysis, { voices, sound, hashOf: shareTokenHashOf });
      const script = { voiceIds: voices.idOf, hasLegacySound: sound.hasLegacySegments };
      const wanted = editionFrom(Object.assign({}, narration, next));
      if (await isPublishedAlready(tx, narration, wanted, script)) return narration;
      const published = await narrationStore.update(tx, owner, narration, {
        ...next,
        edition: narration.edition + 1,
        publishedAt: this.use.clock.now(),
      });
      await editionStore.replace(tx, editionFrom(published));
      await scriptStore.copyToEdition(tx, owner, narration.id, script);
      return published;
    });
  }

  private async publishVoices(
    tx: Tx,
    owner: Owner,
    narration: NarrationEntity,
    segmentVoices: readonly string[],
  ): Promise<PublishedVoices> {
    const used = personalVoicesIn(narration, segmentVoices);
    if (used.length === 0) return { voices: [], idOf: {} };
    const own = await personalVoiceStore.all(tx, owner, this.use.clock.now());
    return publishVoices(narration, used, own);
  }

  /** Returns the narration's sound. @throws ConflictError if the sound does not match the script */
  private async publishSound(
    tx: Tx,
    owner: Owner,
    narration: NarrationEntity,
  ): Promise<PublishedSound> {
    if (isUnderWay(narration.status)) {
      throw new ConflictError(
        `${nameOf(narration)} is rendering; wait until it is ready or cancel it, then publish.`,
        narration,
      );
    }
    const { audio } = narration;
    if (!audio) return publishOldSound(tx, owner, narration);
    if (await this.use.sound.soundMatchesScript(tx, owner, narration)) {
      return { audio, isComplete: true, hasLegacySegments: false };
    }
    throw new ConflictError(
      `${nameOf(narration)} changed after it was rendered; render it again, then publish.`,
      narration,
    );
  }

  /**
   * Removes the edition. Afterwards only the owner can read the narration, and all earlier URLs of its
   * sound end.
   */
  async unpublish(owner: Owner, at: NarrationAt): Promise<NarrationEntity> {
    return this.use.database.write(owner.userId, async (tx) => {
      const narration = await lockNarration(tx, owner, at);
      const values = await removeEdition(tx, owner, narration, this.use.sweepSoon);
      return hasValues(narration, values)
        ? narration
        : narrationStore.update(tx, owner, narration, values);
    });
  }
}

const shareTokenFor = (narration: NarrationEntity): string =>
  narration.shareToken ?? randomBytes(SHARE_TOKEN_BYTES).toString("base64url");
