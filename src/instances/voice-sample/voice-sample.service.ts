import { z } from "zod";
import type { Clock } from "../../platform/clock.js";
import type { Notifier } from "../../platform/database/listening/notifier.js";
import type { Database, Tx } from "../../platform/database/transactions/database.js";
import {
  ConflictError,
  InvalidInputError,
  NotFoundError,
  ProviderError,
  UnavailableError,
} from "../../platform/errors.js";
import { InputProblems } from "../../platform/input/input-problems.js";
import { parseInput } from "../../platform/input/parse-input.js";
import { userStore } from "../../platform/users/user.store.js";
import { type TemplateEntity, isTrainable, templateStore } from "../../reference/index.js";
import type { OwnedBlobs } from "../blobs/owned-blobs.js";
import { ConsentState } from "../consent/consent.entity.js";
import { requireConsent } from "../consent/require-consent.js";
import { legacySoundStore } from "../legacy-sound/legacy-sound.store.js";
import type { Owner } from "../owner.js";
import type { SweepSoon } from "../sweep-soon.js";
import { UploadPurpose } from "../upload/upload.entity.js";
import { useUpload } from "../upload/use-upload.js";
import { type OldRecording, readOldRecording, storeOldRecording } from "./old-recording.js";
import type { EnqueueSample } from "./process-sample.job.js";
import { SAMPLE_CHANNEL } from "./sample-order.js";
import { samplesInProcessingStore } from "./samples-in-processing.store.js";
import { NO_SAMPLE, SampleStatus, type VoiceSampleEntity } from "./voice-sample.entity.js";
import { voiceSampleStore } from "./voice-sample.store.js";

/** The most recordings that one person keeps for one template. */
const MOST_TAKES = 100;
const MOST_TRANSCRIPT_CHARACTERS = 2_000;

export interface NewVoiceSample {
  readonly templateId: number;
  readonly uploadId: string;
  /** The words in the recording. */
  readonly transcript?: string | null | undefined;
}

export interface VoiceSampleDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly notifier: Notifier;
  readonly enqueue: EnqueueSample;
  readonly blobs: OwnedBlobs;
  readonly sweepSoon: SweepSoon;
  /** Returns true if the owner has a voice for the template that is trained or being trained. */
  readonly isTrained: (tx: Tx, owner: Owner, templateId: number) => Promise<boolean>;
}

const inputSchema = z.object({
  transcript: z
    .string()
    // A text of several lines is one text to read.
    .transform((text) => text.normalize("NFC").replace(/\s+/gu, " ").trim())
    .pipe(
      z
        .string()
        .regex(/[\p{L}\p{N}]/u, "has no words; leave it out if you do not know the words")
        .max(MOST_TRANSCRIPT_CHARACTERS, `is longer than ${MOST_TRANSCRIPT_CHARACTERS} characters`)
        .regex(/^[^\p{Cc}]*$/u, "contains a control character; remove it"),
    )
    .nullish(),
});

/** Changes the voice samples of their owners. */
export class VoiceSampleService {
  constructor(private readonly use: VoiceSampleDependencies) {}

  /**
   * Makes a voice sample from an upload, and queues the processing of the recording. An upload that
   * already became a voice sample of this template gives the same voice sample, so sending the request
   * twice is safe.
   * @throws ConflictError without a consent, if the upload's file has not arrived, if the upload is used
   *   already, or if there are too many takes
   * @throws NotFoundError for an unknown template or upload
   * @throws InvalidInputError if no voice can be trained for the template
   */
  async add(
    owner: Owner,
    asked: NewVoiceSample,
    problems = new InputProblems(),
  ): Promise<VoiceSampleEntity> {
    const checked = problems.check(() => parseInput(inputSchema, asked), null);
    problems.refuse();
    const { database, clock } = this.use;
    return database.write(owner.userId, async (tx) => {
      await userStore.lock(tx, owner.userId);
      const now = clock.now();
      const consent = await requireConsent(tx, owner, now);
      const template = await findTrainable(tx, asked.templateId);
      const known = await voiceSampleStore.byUpload(tx, owner, asked.uploadId);
      if (known?.templateId === template.id) return known;
      await this.requireRoom(tx, owner, template);
      const purpose = UploadPurpose.VoiceSample;
      const { blobKey } = await useUpload(tx, owner, asked.uploadId, { purpose, now });
      const sample = await voiceSampleStore.insert(tx, owner, {
        templateId: template.id,
        state: ConsentState.Usable,
        consentId: consent.id,
        transcript: checked?.transcript ?? null,
        uploadId: asked.uploadId,
        originalBlobKey: blobKey,
        recordedAt: now,
      });
      await this.queue(tx, owner, sample.id);
      return sample;
    });
  }

  /**
   * Puts a recording of the legacy platform under the owner's consent. The recording is then processed
   * like a new recording. Adopting a usable voice sample changes nothing.
   * @throws ConflictError without a consent, or if the recording cannot be had
   */
  async adopt(owner: Owner, id: string): Promise<VoiceSampleEntity> {
    const { database, clock, blobs } = this.use;
    const old = await database.write(owner.userId, async (tx) => {
      await requireConsent(tx, owner, clock.now());
      return readOldRecording(tx, owner, await lockSample(tx, owner, id));
    });
    if (old.sample.state !== ConsentState.AwaitingConsent) return old.sample;
    const blobKey = await storeOldRecording(blobs, old);
    const adopted = await this.keepAdopted(owner, old, blobKey);
    // Another request may have adopted the recording, and its job may have deleted the file already.
    if (adopted.originalBlobKey !== blobKey) await blobs.deleteUnused(owner, [blobKey]);
    return adopted;
  }

  private async keepAdopted(
    owner: Owner,
    { sample: { id, legacyAudio } }: OldRecording,
    blobKey: string,
  ): Promise<VoiceSampleEntity> {
    const { database, clock, blobs } = this.use;
    return database.write(owner.userId, async (tx) => {
      await userStore.lock(tx, owner.userId);
      const consent = await requireConsent(tx, owner, clock.now());
      const sample = await lockSample(tx, owner, id);
      if (sample.state !== ConsentState.AwaitingConsent) return sample;
      if (sample.legacyAudio !== legacyAudio) {
        throw new UnavailableError("The earlier platform changed this voice sample; try again.");
      }
      await blobs.requireStored(blobKey);
      const adopted = await voiceSampleStore.update(tx, owner, id, {
        state: ConsentState.Usable,
        consentId: consent.id,
        consentLive: true,
        processingStatus: SampleStatus.Processing,
        originalBlobKey: blobKey,
        blobKey: null,
      });
      await this.queue(tx, owner, id);
      return adopted;
    });
  }

  /**
   * Makes a voice sample the preferred one of its template.
   * @throws ConflictError without a consent, or if the recording was not accepted
   */
  async prefer(owner: Owner, id: string): Promise<VoiceSampleEntity> {
    const { database, clock } = this.use;
    return database.write(owner.userId, async (tx) => {
      await userStore.lock(tx, owner.userId);
      const sample = await lockSample(tx, owner, id);
      await requireConsent(tx, owner, clock.now());
      requireAccepted(sample);
      if (sample.isPreferred) return sample;
      await voiceSampleStore.clearPreferred(tx, owner, sample.templateId);
      return voiceSampleStore.update(tx, owner, id, { isPreferred: true });
    });
  }

  /**
   * Deletes a voice sample and its recording. Needs no consent. Returns the deleted voice sample.
   * @throws ConflictError if a voice is trained from the recording
   */
  async remove(owner: Owner, id: string): Promise<VoiceSampleEntity> {
    const { database, notifier, sweepSoon, isTrained } = this.use;
    const { sample, unused } = await database.write(owner.userId, async (tx) => {
      await userStore.lock(tx, owner.userId);
      const found = await lockSample(tx, owner, id);
      if (found.isLocked && (await isTrained(tx, owner, found.templateId))) {
        throw new ConflictError(
          "A voice is trained from this voice sample; delete that voice first, or revoke your consent to delete all recordings and voices.",
          found,
        );
      }
      await voiceSampleStore.remove(tx, owner, id);
      await notifier.notify(tx, SAMPLE_CHANNEL, id);
      await sweepSoon(tx, owner);
      return { sample: found, unused: await legacySoundStore.removeUnused(tx, owner) };
    });
    await this.deleteRecording(owner, sample, unused);
    return sample;
  }

  /** Queues the processing, and lists the recording, so that a lost job is found. */
  private async queue(tx: Tx, owner: Owner, sampleId: string): Promise<void> {
    await samplesInProcessingStore.add(tx, owner, sampleId);
    await this.use.enqueue(tx, { userId: owner.userId, sampleId });
  }

  private async deleteRecording(
    owner: Owner,
    { blobKey, originalBlobKey }: VoiceSampleEntity,
    unused: readonly string[],
  ): Promise<void> {
    const keys = [...unused, blobKey, originalBlobKey].filter((key) => key !== null);
    try {
      await this.use.blobs.deleteUnused(owner, keys);
    } catch (error) {
      // The row is gone, so nobody can read the recording. The queued sweep deletes the file.
      if (!(error instanceof ProviderError)) throw error;
    }
  }

  private async requireRoom(
    tx: Tx,
    owner: Owner,
    { id, displayName }: TemplateEntity,
  ): Promise<void> {
    const takes = (await voiceSampleStore.countsByTemplate(tx, owner, [id])).get(id) ?? 0;
    if (takes < MOST_TAKES) return;
    throw new ConflictError(
      `You have ${takes} voice samples for ${displayName}, and at most ${MOST_TAKES} are kept; delete one first.`,
      null,
      { inputPath: ["templateId"] },
    );
  }
}

async function findTrainable(tx: Tx, id: number): Promise<TemplateEntity> {
  const [template] = await templateStore.byIds(tx, [id]);
  if (!template?.isActive) throw new NotFoundError("There is no such template.", ["templateId"]);
  if (isTrainable(template)) return template;
  throw new InvalidInputError(
    `No voice is trained for ${template.displayName}, so no voice samples are recorded for it; choose a template with isTrainable.`,
    ["templateId"],
  );
}

async function lockSample(tx: Tx, owner: Owner, id: string): Promise<VoiceSampleEntity> {
  const sample = await voiceSampleStore.lock(tx, owner, id);
  if (sample) return sample;
  throw new NotFoundError(NO_SAMPLE, ["id"]);
}

function requireAccepted(sample: VoiceSampleEntity): void {
  if (sample.state === ConsentState.AwaitingConsent) {
    throw new ConflictError(
      "This voice sample comes from the earlier platform; adopt it with adoptVoiceSample first.",
      sample,
    );
  }
  if (sample.processingStatus === SampleStatus.Accepted) return;
  throw new ConflictError(
    sample.processingStatus === SampleStatus.Processing
      ? "This voice sample is still being processed; wait until it is accepted."
      : "This voice sample was rejected; prefer an accepted one, or record another.",
    sample,
  );
}
