import type { Clock } from "../../platform/clock.js";
import type { Database, Tx } from "../../platform/database/transactions/database.js";
import { InvalidInputError } from "../../platform/errors.js";
import { InputProblems } from "../../platform/input/input-problems.js";
import { WorkUnderWay } from "../../platform/quotas/work-under-way.js";
import { userStore } from "../../platform/users/user.store.js";
import type { BlobStorage } from "../../providers/storage/storage.port.js";
import {
  type ImportedStory,
  type MeasuredText,
  type NewStory,
  type StoryCoverBlob,
  type StoryEntity,
  type StoryFile,
  type StoryService,
  checkStory,
  requireEncoding,
} from "../../reference/index.js";
import type { OwnedBlobs } from "../blobs/owned-blobs.js";
import type { Owner } from "../owner.js";
import type { SweepSoon } from "../sweep-soon.js";
import { UploadPurpose } from "../upload/upload.entity.js";
import { findReceived, useUpload } from "../upload/use-upload.js";

/** What the importer says about the story. A field that is given is stronger than the file. */
export type ImportedDetails = Partial<Omit<NewStory, "content">>;

export interface StoryImportDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly storage: BlobStorage;
  readonly blobs: OwnedBlobs;
  readonly sweepSoon: SweepSoon;
  readonly stories: Pick<StoryService, "createIn" | "measure">;
  /** Reads a file in a thread. @throws an AbortError when the signal ends the thread */
  readonly readFile: (file: StoryFile, signal: AbortSignal) => Promise<ImportedStory>;
  /** The longest time that a file may take. A book of 2,000,000 characters takes 2 s. Default: 30 s. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 30_000;

/** Makes stories from files. The first argument of every method is the author. */
export class StoryImportService {
  private readonly underWay = new WorkUnderWay("files");

  constructor(private readonly use: StoryImportDependencies) {}

  /**
   * Creates a draft from a file.
   * @throws InvalidInputError if the file holds no story that can be read; then nothing is stored
   * @throws QuotaExceededError
   * @throws RateLimitedError if too many files of the author are being read
   */
  async importFile(
    owner: Owner,
    file: StoryFile,
    details: ImportedDetails = {},
    problems = new InputProblems(),
  ): Promise<StoryEntity> {
    refuseWrongFields(file, details, problems);
    return this.underWay.count(owner.userId, async () => {
      const read = await this.read(file);
      const story = storyOf(read, details);
      const text = await this.measure(owner, read, ["dataBase64"]);
      return this.create(owner, story, { ...read, text });
    });
  }

  /**
   * Creates a draft from an upload. If the file cannot be read, the upload can be used again.
   * @throws NotFoundError if the author has no such upload of a story
   * @throws ConflictError if the upload has no file yet, was used, or has expired
   * @throws the errors of `importFile`
   */
  async importUpload(
    owner: Owner,
    { uploadId, ...about }: Omit<StoryFile, "bytes"> & { readonly uploadId: string },
    details: ImportedDetails = {},
    problems = new InputProblems(),
  ): Promise<StoryEntity> {
    refuseWrongFields(about, details, problems);
    return this.underWay.count(owner.userId, async () => {
      const { blobKey } = await this.findUpload(owner, uploadId);
      const bytes = await this.load(blobKey);
      const read = await this.read({ ...about, bytes }).catch(ofUpload);
      const text = await this.measure(owner, read, ["uploadId"]);
      const imported = storyOf(read, details);
      const story = await this.create(owner, imported, { ...read, text }, async (tx) => {
        const { clock, sweepSoon } = this.use;
        await useUpload(tx, owner, uploadId, {
          purpose: UploadPurpose.StoryFile,
          now: clock.now(),
        });
        await sweepSoon(tx, owner);
      });
      // If the deletion fails, the sweep deletes the file.
      await this.use.blobs.deleteUnused(owner, [blobKey]).catch(() => undefined);
      return story;
    });
  }

  private findUpload(owner: Owner, uploadId: string) {
    const { database, clock } = this.use;
    const wanted = { id: uploadId, purpose: UploadPurpose.StoryFile };
    return database.read({ viewer: owner.userId }, (tx) =>
      findReceived(tx, owner, wanted, clock.now()),
    );
  }

  private measure(
    { userId: authorId }: Owner,
    { content, chapters }: ImportedStory,
    path: readonly string[],
  ): Promise<MeasuredText> {
    return this.use.stories.measure(content, { authorId, chapters, path });
  }

  /** @param claim what else happens in the transaction */
  private async create(
    owner: Owner,
    story: NewStory,
    read: Pick<ImportedStory, "cover"> & { readonly text: MeasuredText },
    claim?: (tx: Tx) => Promise<void>,
  ): Promise<StoryEntity> {
    const { database, stories, blobs } = this.use;
    const cover = story.coverImageUrl ? null : await this.storeCover(owner, read);
    return database.write(owner.userId, async (tx) => {
      if (cover || claim) await userStore.lock(tx, owner.userId);
      if (cover) await blobs.requireStored(cover.blobKey);
      await claim?.(tx);
      return stories.createIn(tx, owner.userId, story, { text: read.text, cover });
    });
  }

  private async storeCover(
    { userId }: Owner,
    { cover }: Pick<ImportedStory, "cover">,
  ): Promise<StoryCoverBlob | null> {
    if (!cover) return null;
    const { database, blobs } = this.use;
    const [user] = await database.read({ viewer: userId }, (tx) => userStore.byIds(tx, [userId]));
    if (!user) return null;
    const { bytes, contentType } = cover;
    return { blobKey: await blobs.put(bytes, { contentType, owner: user.publicId }), contentType };
  }

  private async load(blobKey: string): Promise<Uint8Array> {
    const { stream } = await this.use.storage.open(blobKey);
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk as Uint8Array);
    return Buffer.concat(chunks);
  }

  private async read(file: StoryFile): Promise<ImportedStory> {
    const { timeoutMs = TIMEOUT_MS } = this.use;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      return await this.use.readFile(file, signal);
    } catch (error) {
      if (signal.aborted) throw tooLong(file.fileName, timeoutMs);
      if (isOutOfMemory(error)) throw tooLarge(file.fileName);
      throw error;
    }
  }
}

/** Refuses wrong fields before the file is read. */
function refuseWrongFields(
  { encoding }: Pick<StoryFile, "encoding">,
  details: ImportedDetails,
  problems: InputProblems,
): void {
  problems.check(() => checkStory(details), {});
  if (encoding !== undefined) {
    problems.check(() => {
      requireEncoding(encoding);
    }, null);
  }
  problems.refuse();
}

function storyOf({ title, content, ...file }: ImportedStory, details: ImportedDetails): NewStory {
  return {
    ...details,
    title: details.title ?? title,
    language: details.language ?? file.language ?? undefined,
    authorName: details.authorName === undefined ? file.authorName : details.authorName,
    copyrightNotice: details.copyrightNotice === undefined ? file.rights : details.copyrightNotice,
    content,
  };
}

/** The file came in an upload, so the input has no other field for the file. */
function ofUpload(error: unknown): never {
  if (!(error instanceof InvalidInputError) || error.inputPath[0] !== "dataBase64") throw error;
  throw new InvalidInputError(error.message, ["uploadId"]);
}

const isOutOfMemory = (error: unknown): boolean =>
  (error as { readonly code?: unknown } | null)?.code === "ERR_WORKER_OUT_OF_MEMORY";

const tooLong = (fileName: string, timeoutMs: number): InvalidInputError =>
  new InvalidInputError(
    `${fileName} could not be read within ${timeoutMs / 1000} s; import a simpler file, for example only the text.`,
    ["dataBase64"],
  );

const tooLarge = (fileName: string): InvalidInputError =>
  new InvalidInputError(
    `${fileName} needs too much memory; import a simpler file, for example only the text.`,
    ["dataBase64"],
  );
