import type { PreparedRecording } from "../../audio/recordings/recording.js";
import type { JobFailure } from "../../jobs/queue.port.js";
import type { Clock } from "../../platform/clock.js";
import type { Notifier } from "../../platform/database/listening/notifier.js";
import type { Database } from "../../platform/database/transactions/database.js";
import { NotFoundError } from "../../platform/errors.js";
import { userStore } from "../../platform/users/user.store.js";
import { isWhispered, templateStore } from "../../reference/index.js";
import type { OwnedBlobs } from "../blobs/owned-blobs.js";
import { type ConsentEntity, ConsentState, isInForce } from "../consent/consent.entity.js";
import { consentStore } from "../consent/consent.store.js";
import { legacySoundStore } from "../legacy-sound/legacy-sound.store.js";
import { type Owner, ownerOf, serverScope } from "../owner.js";
import type { SweepSoon } from "../sweep-soon.js";
import { RecordingIssueCode, isAcceptable, judgeRecording } from "./recording-quality.js";
import { SAMPLE_CHANNEL, type SampleOrder } from "./sample-order.js";
import { samplesInProcessingStore } from "./samples-in-processing.store.js";
import type { StoredQuality } from "./sample-quality.js";
import { SampleStatus, type VoiceSampleEntity } from "./voice-sample.entity.js";
import { type SampleValues, voiceSampleStore } from "./voice-sample.store.js";

/**
 * The longest time for decoding one recording. The longest allowed recording takes a few seconds, also
 * on a busy machine. A file that takes longer is made to stop the server.
 */
const LONGEST_MS = 60_000;

export interface SampleProcessingDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly notifier: Notifier;
  readonly blobs: OwnedBlobs;
  readonly sweepSoon: SweepSoon;
  /** Decodes and measures a blob of the owner in a thread, and stores the normalised recording. */
  readonly prepare: (
    recording: { readonly owner: string; readonly blobKey: string },
    signal: AbortSignal,
  ) => Promise<PreparedRecording>;
}

/** One run of the job for one recording. */
interface Run {
  readonly owner: Owner;
  readonly sample: VoiceSampleEntity;
  readonly blobKey: string;
  /** The owner's public id, which blob keys contain. */
  readonly ownerName: string;
  readonly isWhispered: boolean;
}

/** The result of a run. `masterKey` is the normalised recording, also of a rejected recording. */
interface Judgement {
  readonly isAccepted: boolean;
  readonly quality: StoredQuality;
  readonly masterKey: string | null;
  readonly durationMs: number | null;
}

/** The job of voice samples: accepts or rejects a recording, and deletes the uploaded file. */
export class SampleProcessing {
  constructor(private readonly use: SampleProcessingDependencies) {}

  /**
   * Processes one recording. Returns a line for the log. Safe if two workers process the same recording
   * at the same time. A recording without a live consent stays as it is: a new consent queues it again.
   */
  async run(order: SampleOrder, taken = new AbortController().signal): Promise<string> {
    const owner = ownerOf(order.userId);
    const run = await this.begin(owner, order.sampleId);
    if (!run) return `Voice sample ${order.sampleId} needs no processing now`;
    return this.end(run, await this.judge(run, taken));
  }

  /** Rejects a recording whose job failed for another reason than the recording. */
  async giveUp(order: SampleOrder, { errorId }: JobFailure): Promise<string> {
    const owner = ownerOf(order.userId);
    const run = await this.begin(owner, order.sampleId);
    const quality = { score: 0, measures: null, issues: [RecordingIssueCode.ProcessingFailed] };
    if (run) await this.end(run, { ...NOT_DECODED, quality });
    return `Gave up on voice sample ${order.sampleId} (error id ${errorId})`;
  }

  private async begin(owner: Owner, sampleId: string): Promise<Run | null> {
    const { database } = this.use;
    return database.read(serverScope(owner), async (tx) => {
      const [sample] = await voiceSampleStore.byIds(tx, owner, [sampleId]);
      const [user] = await userStore.byIds(tx, [owner.userId]);
      const consent = await consentStore.live(tx, owner);
      if (!user || !sample?.originalBlobKey || !this.mayProcess(sample, consent)) return null;
      const [template] = await templateStore.byIds(tx, [sample.templateId]);
      return {
        ...{ owner, sample, blobKey: sample.originalBlobKey, ownerName: user.publicId },
        isWhispered: template !== undefined && isWhispered(template),
      };
    });
  }

  /** Returns true if the recording waits for its processing and its owner agrees to the processing. */
  private mayProcess(sample: VoiceSampleEntity, consent: ConsentEntity | null): boolean {
    return (
      sample.processingStatus === SampleStatus.Processing &&
      sample.state === ConsentState.Usable &&
      consent !== null &&
      isInForce(consent, this.use.clock.now())
    );
  }

  private async judge(run: Run, taken: AbortSignal): Promise<Judgement> {
    const late = AbortSignal.timeout(LONGEST_MS);
    try {
      const { ownerName: owner, blobKey } = run;
      const signal = AbortSignal.any([taken, late]);
      return judge(await this.use.prepare({ owner, blobKey }, signal), run);
    } catch (error) {
      if (error instanceof NotFoundError) return refused(RecordingIssueCode.FileLost);
      if (!late.aborted || taken.aborted) throw error;
      return refused(RecordingIssueCode.DamagedFile);
    }
  }

  /**
   * Writes the result. Writes nothing if the recording was deleted, processed or suspended meanwhile.
   * The files that no row refers to are deleted.
   */
  private async end({ owner, sample, blobKey }: Run, result: Judgement): Promise<string> {
    const { database, notifier, blobs, sweepSoon } = this.use;
    const { isAccepted, masterKey } = result;
    const isWritten = await database.write(serverScope(owner), async (tx) => {
      await userStore.lock(tx, owner.userId);
      const current = await voiceSampleStore.lock(tx, owner, sample.id);
      const consent = await consentStore.hold(tx, owner);
      if (!current || !this.mayProcess(current, consent)) return false;
      if (isAccepted && masterKey !== null) await blobs.requireStored(masterKey);
      await voiceSampleStore.update(tx, owner, sample.id, valuesOf(result));
      await samplesInProcessingStore.remove(tx, owner, sample.id);
      // An adopted recording of the legacy platform was a file there, which other rows may still need.
      await legacySoundStore.removeUnused(tx, owner);
      // A process that dies before the deletion below leaves the files to this sweep.
      await sweepSoon(tx, owner);
      await notifier.notify(tx, SAMPLE_CHANNEL, sample.id);
      return true;
    });
    const isKept = isWritten && isAccepted;
    await blobs.deleteUnused(owner, [
      ...(isWritten ? [blobKey] : []),
      ...(masterKey === null || isKept ? [] : [masterKey]),
    ]);
    if (!isWritten) return `Voice sample ${sample.id} changed during its processing`;
    return `${isAccepted ? "Accepted" : "Rejected"} voice sample ${sample.id}`;
  }
}

const NOT_DECODED = { isAccepted: false, masterKey: null, durationMs: null };

const refused = (code: RecordingIssueCode): Judgement => ({
  ...NOT_DECODED,
  quality: { score: 0, measures: null, issues: [code] },
});

function judge(recording: PreparedRecording, { isWhispered }: Pick<Run, "isWhispered">): Judgement {
  if (recording.kind === "refused") return refused(recording.problem);
  const { masterKey, durationMs, measures } = recording;
  const { score, issues } = judgeRecording(measures, { isWhispered });
  const quality = { score, measures, issues };
  return { isAccepted: isAcceptable(issues), quality, masterKey, durationMs };
}

const valuesOf = ({ isAccepted, quality, masterKey, durationMs }: Judgement): SampleValues => ({
  processingStatus: isAccepted ? SampleStatus.Accepted : SampleStatus.Rejected,
  originalBlobKey: null,
  quality,
  durationMs,
  ...(isAccepted ? { blobKey: masterKey } : { blobKey: null, isPreferred: false }),
});
