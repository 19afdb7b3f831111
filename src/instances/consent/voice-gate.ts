import type { Clock } from "../../platform/clock.js";
import type { Notifier } from "../../platform/database/listening/notifier.js";
import type { Database, Tx } from "../../platform/database/transactions/database.js";
import { ConflictError, type FabulaError } from "../../platform/errors.js";
import type { BlobStorage } from "../../providers/storage/storage.port.js";
import { OwnedBlobs } from "../blobs/owned-blobs.js";
import { type Owner, ownerTopic } from "../owner.js";
import { CONSENT_END_CHANNEL, ConsentEndedError } from "./consent-end.js";
import { type ConsentEntity, isInForce } from "./consent.entity.js";
import { consentStore } from "./consent.store.js";
import { describeExpiry } from "./require-consent.js";
import { voiceUseStore } from "./voice-use.store.js";

/** The model of a personal voice: `PersonalSpeaker.model`. */
export interface VoiceUse {
  readonly owner: Owner;
  readonly model: string;
}

/** Whether the voice may be used, and until when. */
interface Permission {
  /** null if the voice may be used. */
  readonly refusal: FabulaError | null;
  /** null if the consent does not expire, and if the voice may not be used. */
  readonly expiresAt: Date | null;
}

/** Node's timers wait at most this long. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const ENDED =
  "Your consent to the use of your voice has ended; agree again with grantVoiceConsent, or choose another voice.";
const GONE =
  "Your voice was deleted or trained again meanwhile; repeat the request, or choose another voice.";

/**
 * Lets a provider speak with a personal voice only while the consent of its owner is in force. Every
 * call of a provider with a personal voice goes through `speak`, and the result is stored only after
 * `hold` or `requireKept` has agreed.
 */
export class VoiceGate {
  private readonly blobs: OwnedBlobs;

  constructor(
    private readonly use: {
      readonly database: Database;
      readonly clock: Clock;
      readonly notifier: Notifier;
      readonly storage: BlobStorage;
    },
  ) {
    this.blobs = new OwnedBlobs(use);
  }

  /**
   * Makes a call that speaks with the voice. Reads the consent immediately before the call. If the consent
   * ends during the call, aborts the call and drops its result.
   * @throws ConsentEndedError without a consent in force, ConflictError if the voice is gone
   * @throws the error of the call
   */
  async speak<T>(
    voice: VoiceUse,
    signal: AbortSignal,
    call: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const end = new AbortController();
    // Listen before reading the consent, so that no end of the consent is missed.
    const stopListening = this.listen(voice, end);
    let timer: NodeJS.Timeout | undefined;
    try {
      const { refusal, expiresAt } = await this.read(voice);
      if (refusal) throw refusal;
      signal.throwIfAborted();
      timer = abortAt(expiresAt, this.use.clock.now(), end);
      const result = await call(AbortSignal.any([signal, end.signal]));
      end.signal.throwIfAborted();
      return result;
    } catch (error) {
      throw end.signal.aborted && !signal.aborted ? end.signal.reason : error;
    } finally {
      clearTimeout(timer);
      await stopListening();
    }
  }

  /**
   * Returns null if the voice may be used. Its consent cannot be revoked before the transaction ends.
   * Otherwise returns the error to throw after the transaction.
   */
  async hold(tx: Tx, voice: VoiceUse): Promise<FabulaError | null> {
    const consent = await consentStore.hold(tx, voice.owner);
    return (await this.judge(tx, voice, consent)).refusal;
  }

  /** Deletes the blob of a sound that was made while the consent ended. */
  async drop({ owner }: VoiceUse, blobKey: string): Promise<void> {
    await this.blobs.deleteUnused(owner, [blobKey]);
  }

  /**
   * Checks a stored sound that no row refers to. Deletes the sound if the voice may no longer be used.
   * @throws ConflictError
   */
  async requireKept(voice: VoiceUse, blobKey: string): Promise<void> {
    const { refusal } = await this.read(voice);
    if (!refusal) return;
    await this.drop(voice, blobKey);
    throw refusal;
  }

  private read(voice: VoiceUse): Promise<Permission> {
    const { owner } = voice;
    return this.use.database.read({ viewer: owner.userId }, async (tx) =>
      this.judge(tx, voice, await consentStore.live(tx, owner)),
    );
  }

  private async judge(
    tx: Tx,
    { owner, model }: VoiceUse,
    consent: ConsentEntity | null,
  ): Promise<Permission> {
    if (!consent) return refuse(new ConsentEndedError(ENDED));
    if (!isInForce(consent, this.use.clock.now())) {
      return refuse(new ConsentEndedError(describeExpiry(consent)));
    }
    if (!(await voiceUseStore.isUsable(tx, owner, model))) return refuse(new ConflictError(GONE));
    return { refusal: null, expiresAt: consent.expiresAt };
  }

  /** Aborts `end` if the voice may no longer be used. Call the returned function to stop listening. */
  private listen(voice: VoiceUse, end: AbortController): () => Promise<void> {
    const news = this.use.notifier.listen(CONSENT_END_CHANNEL, ownerTopic(voice.owner));
    const watch = async (): Promise<void> => {
      while (!(await news.next()).done) {
        const { refusal } = await this.read(voice);
        if (refusal) end.abort(refusal);
      }
    };
    // Ignore errors. The sound is checked again before it is stored.
    const watching = watch().catch(() => undefined);
    return async () => {
      await news.return?.();
      await watching;
    };
  }
}

const refuse = (refusal: ConflictError): Permission => ({ refusal, expiresAt: null });

/** Aborts `end` when the consent expires. */
function abortAt(
  expiresAt: Date | null,
  now: Date,
  end: AbortController,
): NodeJS.Timeout | undefined {
  if (expiresAt === null) return undefined;
  const waitMs = expiresAt.getTime() - now.getTime();
  if (waitMs > LONGEST_TIMER_MS) return undefined;
  return setTimeout(() => {
    end.abort(new ConsentEndedError(describeExpiry({ expiresAt })));
  }, waitMs);
}
