import type { Clock } from "../../platform/clock.js";
import type { Database, Tx } from "../../platform/database/transactions/database.js";
import { ConflictError, InvalidInputError, NotFoundError } from "../../platform/errors.js";
import { userStore } from "../../platform/users/user.store.js";
import type { Notifier } from "../../platform/database/listening/notifier.js";
import { type Owner, ownerOf, ownerTopic, serverScope } from "../owner.js";
import type { SweepSoon } from "../sweep-soon.js";
import { CONSENT_ENDED, CONSENT_END_CHANNEL } from "./consent-end.js";
import { CONSENT_DAYS, CONSENT_STATEMENT } from "./consent-statement.js";
import { type ConsentEntity, VoiceSubject, isInForce } from "./consent.entity.js";
import { consentStore } from "./consent.store.js";
import { describeExpiry } from "./require-consent.js";
import { expiringConsentStore } from "./expiring-consents.store.js";

const DAY_MS = 24 * 3_600_000;
/** The use of the voice that the statement describes. */
const PURPOSE = "own_voices";

export interface ConsentGrant {
  /** The version of the statement that the person read. */
  readonly statementVersion: string;
  /** The sha256 of the text that the person read. If present, the hash must be the statement's. */
  readonly statementHash?: string | null | undefined;
  readonly subject: VoiceSubject;
}

/** What happens to the recordings when their owner revokes the consent. */
export const AfterRevoking = { Keep: "keep", Delete: "delete" } as const;
export type AfterRevoking = (typeof AfterRevoking)[keyof typeof AfterRevoking];

/** The numbers of the owner's recordings and voices after revoking. Kept ones are not used. */
export interface Revocation {
  readonly keptSamples: number;
  readonly deletedSamples: number;
  readonly keptVoices: number;
  readonly deletedVoices: number;
  readonly cancelledRenders: number;
  /**
   * The ids of the narrations that others hear in a personal voice, the newest first. Also those of an
   * earlier revocation, and those that this revocation unpublished.
   */
  readonly publishedNarrations: readonly string[];
  readonly unpublishedNarrations: number;
  /** The ids of the templates whose recordings and voices were deleted. */
  readonly deletedTemplateIds: readonly number[];
  /** The ids of the stories whose narrations were cancelled or unpublished. */
  readonly storyIds: readonly number[];
}

/** Why Fabula records nobody but the person who agrees. */
const REFUSED_SUBJECTS: Readonly<Record<Exclude<VoiceSubject, "self">, string>> = {
  other_adult:
    "Only the person who owns a voice can agree to its use; ask that person to sign in and agree for themselves.",
  minor_with_guardian:
    "Fabula does not record children, because it cannot check who may agree for a child; record your own voice.",
};

/** One kind of an owner's rows that may be used only under a live consent. */
export interface ConsentedRows {
  /** Suspends the usable rows. Suspended rows need no live consent. */
  suspend(tx: Tx, owner: Owner): Promise<void>;
  /** Makes the suspended rows usable under a live consent. */
  resume(tx: Tx, owner: Owner, consentId: string): Promise<void>;
  count(tx: Tx, owner: Owner): Promise<number>;
  /** Deletes all rows. Returns the id of the template of each. */
  removeAll(tx: Tx, owner: Owner): Promise<readonly number[]>;
}

/** The narrations that are spoken in a personal voice of their owner. */
export interface SpokenNarrations {
  /** Cancels the renders under way, and stores the reason. Returns the narrations. */
  cancelRenders(
    tx: Tx,
    owner: Owner,
    reason: { readonly code: string; readonly message: string },
  ): Promise<readonly OfStory[]>;
  /** Returns the ids of the published narrations, the newest first. */
  published(tx: Tx, owner: Owner): Promise<readonly string[]>;
  /** Unpublishes the narrations. Returns them. */
  unpublish(tx: Tx, owner: Owner): Promise<readonly OfStory[]>;
}

/** A narration of a story. */
interface OfStory {
  readonly referenceStoryId: number;
}

export interface ConsentDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly notifier: Pick<Notifier, "notify">;
  readonly narrations: SpokenNarrations;
  readonly samples: ConsentedRows;
  readonly voices: ConsentedRows;
  /** Recordings that the owner sent and did not use yet. */
  readonly uploads: { removeAll(tx: Tx, owner: Owner): Promise<number> };
  readonly sweepSoon: SweepSoon;
}

/** Records that people agree to the use of their voice, and that they change their mind. */
export class ConsentService {
  constructor(private readonly use: ConsentDependencies) {}

  /**
   * Records the owner's consent to the current statement. Suspended recordings and voices become
   * usable again. A consent to the same statement from the last day is returned unchanged, so sending
   * the request twice is safe.
   * @throws ConflictError if the statement has changed since the person read it
   * @throws InvalidInputError if the voice is not the owner's own
   */
  async grant(owner: Owner, asked: ConsentGrant): Promise<ConsentEntity> {
    requireOwnVoice(asked.subject);
    requireCurrentStatement(asked);
    return this.use.database.write(owner.userId, async (tx) => {
      await userStore.lock(tx, owner.userId);
      const now = this.use.clock.now();
      const live = await consentStore.lock(tx, owner);
      if (live && isRecent(live, now)) return live;
      if (live) await this.end(tx, owner, live, null);
      const expiresAt = new Date(now.getTime() + CONSENT_DAYS * DAY_MS);
      const consent = await consentStore.insert(tx, owner, {
        statementVersion: CONSENT_STATEMENT.version,
        textHash: CONSENT_STATEMENT.hash,
        language: CONSENT_STATEMENT.language,
        purpose: PURPOSE,
        subject: asked.subject,
        grantedAt: now,
        expiresAt,
      });
      await expiringConsentStore.add(tx, owner, expiresAt);
      await this.use.samples.resume(tx, owner, consent.id);
      await this.use.voices.resume(tx, owner, consent.id);
      return consent;
    });
  }

  /**
   * Ends the owner's consent. In the same transaction, recordings and voices are suspended or deleted, and
   * renders under way in a personal voice are cancelled. Published narrations stay, unless the owner wants
   * them unpublished. Deleting also deletes what an earlier revocation kept. Deleting and unpublishing need
   * no live consent.
   * @param unpublish true unpublishes the narrations that others hear in a personal voice
   * @throws NotFoundError if there is nothing to revoke, to delete and to unpublish
   */
  async revoke(
    owner: Owner,
    after: AfterRevoking,
    { unpublish = false } = {},
  ): Promise<Revocation> {
    const { database, clock, narrations } = this.use;
    return database.write(owner.userId, async (tx) => {
      await userStore.lock(tx, owner.userId);
      const live = await consentStore.lock(tx, owner);
      const cancelled = await narrations.cancelRenders(tx, owner, REVOKED);
      const publishedNarrations = await narrations.published(tx, owner);
      const unpublished = unpublish ? await narrations.unpublish(tx, owner) : [];
      const deleted = after === AfterRevoking.Delete ? await this.deleteAll(tx, owner) : NOTHING;
      const isNothing = [unpublished, deleted.samples, deleted.voices].every(
        ({ length }) => !length,
      );
      if (!live && isNothing && deleted.uploads === 0) {
        const isMoreAsked = unpublish || after === AfterRevoking.Delete;
        throw new NotFoundError(isMoreAsked ? NOTHING_LEFT : NOTHING_TO_REVOKE);
      }
      if (live) await this.end(tx, owner, live, clock.now());
      return {
        keptSamples: await this.use.samples.count(tx, owner),
        keptVoices: await this.use.voices.count(tx, owner),
        deletedSamples: deleted.samples.length,
        deletedVoices: deleted.voices.length,
        cancelledRenders: cancelled.length,
        ...{ publishedNarrations, unpublishedNarrations: unpublished.length },
        deletedTemplateIds: [...new Set([...deleted.samples, ...deleted.voices])],
        storyIds: [
          ...new Set([...cancelled, ...unpublished].map(({ referenceStoryId: id }) => id)),
        ],
      };
    });
  }

  /**
   * Suspends the recordings and voices of all owners whose consent expired, and cancels their renders in a
   * personal voice. Every use of a voice also checks the expiry itself, so a late call does no harm. Returns
   * the number of ended consents.
   */
  async endExpired(): Promise<number> {
    const { database, clock, narrations } = this.use;
    const userIds = await database.read({ viewer: null }, (tx) =>
      expiringConsentStore.findExpired(tx, clock.now()),
    );
    let ended = 0;
    for (const owner of userIds.map(ownerOf)) {
      ended += await database.write(serverScope(owner), async (tx) => {
        await userStore.lock(tx, owner.userId);
        const live = await consentStore.lock(tx, owner);
        if (!live || isInForce(live, clock.now())) return 0;
        const reason = { code: CONSENT_ENDED, message: describeExpiry(live) };
        await narrations.cancelRenders(tx, owner, reason);
        await this.end(tx, owner, live, null);
        return 1;
      });
    }
    return ended;
  }

  /** Suspends all that depends on a consent, then ends the consent. The foreign key demands this order. */
  private async end(
    tx: Tx,
    owner: Owner,
    { id }: ConsentEntity,
    revokedAt: Date | null,
  ): Promise<void> {
    await this.use.samples.suspend(tx, owner);
    await this.use.voices.suspend(tx, owner);
    await consentStore.end(tx, owner, id, revokedAt);
    await expiringConsentStore.remove(tx, owner);
    await this.use.notifier.notify(tx, CONSENT_END_CHANNEL, ownerTopic(owner));
  }

  private async deleteAll(tx: Tx, owner: Owner): Promise<Deleted> {
    const voices = await this.use.voices.removeAll(tx, owner);
    const samples = await this.use.samples.removeAll(tx, owner);
    const uploads = await this.use.uploads.removeAll(tx, owner);
    await this.use.sweepSoon(tx, owner);
    return { samples, voices, uploads };
  }
}

interface Deleted {
  /** The id of the template of each. */
  readonly samples: readonly number[];
  readonly voices: readonly number[];
  /** How many. */
  readonly uploads: number;
}
const NOTHING: Deleted = { samples: [], voices: [], uploads: 0 };
const NOTHING_TO_REVOKE =
  "You have no consent to revoke; revoke with DELETE to delete kept recordings and voices, or with unpublish to unpublish narrations in your voice.";
const NOTHING_LEFT =
  "You have no consent to revoke, and nothing of what you asked to delete or to unpublish exists.";

const REVOKED = {
  code: CONSENT_ENDED,
  message:
    "You revoked your consent to the use of your voice; agree again with grantVoiceConsent, or choose another voice, then render again.",
};

const isRecent = (consent: ConsentEntity, now: Date): boolean =>
  isInForce(consent, now) &&
  consent.textHash === CONSENT_STATEMENT.hash &&
  now.getTime() - consent.grantedAt.getTime() < DAY_MS;

function requireOwnVoice(subject: VoiceSubject): void {
  if (subject !== VoiceSubject.Self) {
    throw new InvalidInputError(REFUSED_SUBJECTS[subject], ["subject"]);
  }
}

function requireCurrentStatement({ statementVersion, statementHash }: ConsentGrant): void {
  const { version, hash } = CONSENT_STATEMENT;
  if (statementVersion === version && (statementHash ?? hash) === hash) return;
  throw new ConflictError(
    `The consent statement is at version ${version}; read voiceConsentStatement again and agree to that version.`,
    null,
    { inputPath: [statementVersion === version ? "statementHash" : "statementVersion"] },
  );
}
