import { InvalidInputError } from "../../platform/errors.js";
import type {
  ImportedStory,
  NewStory,
  StoryEntity,
  StoryFile,
  StoryService,
} from "../../reference/index.js";
import type { Owner } from "../owner.js";

/** What the importer says about the story. A field that is given is stronger than the file. */
export type ImportedDetails = Partial<Omit<NewStory, "content">>;

export interface StoryImportDependencies {
  readonly stories: Pick<StoryService, "create">;
  /** Reads a file in a thread. @throws an AbortError when the signal ends the thread */
  readonly readFile: (file: StoryFile, signal: AbortSignal) => Promise<ImportedStory>;
}

/** A book of 2,000,000 characters takes 2 s. */
const TIMEOUT_MS = 30_000;

/** Makes stories from files. The first argument of every method is the author. */
export class StoryImportService {
  constructor(private readonly use: StoryImportDependencies) {}

  /**
   * Creates a draft from a file.
   * @throws InvalidInputError if the file holds no story that can be read; then nothing is stored
   * @throws QuotaExceededError
   */
  async importFile(
    { userId }: Owner,
    file: StoryFile,
    details: ImportedDetails = {},
  ): Promise<StoryEntity> {
    const { chapters, ...story } = storyOf(await this.read(file), details);
    return this.use.stories.create(userId, story, { chapters });
  }

  private async read(file: StoryFile): Promise<ImportedStory> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      return await this.use.readFile(file, signal);
    } catch (error) {
      if (signal.aborted) throw tooLong(file.fileName);
      if (isOutOfMemory(error)) throw tooLarge(file.fileName);
      throw error;
    }
  }
}

function storyOf(
  { title, content, language, chapters }: ImportedStory,
  details: ImportedDetails,
): NewStory & Pick<ImportedStory, "chapters"> {
  return {
    ...details,
    title: details.title ?? title,
    language: details.language ?? language ?? undefined,
    content,
    chapters,
  };
}

const isOutOfMemory = (error: unknown): boolean =>
  (error as { readonly code?: unknown } | null)?.code === "ERR_WORKER_OUT_OF_MEMORY";

const tooLong = (fileName: string): InvalidInputError =>
  new InvalidInputError(
    `${fileName} could not be read within ${TIMEOUT_MS / 1000} s; import a simpler file, for example only the text.`,
    ["dataBase64"],
  );

const tooLarge = (fileName: string): InvalidInputError =>
  new InvalidInputError(
    `${fileName} needs too much memory; import a simpler file, for example only the text.`,
    ["dataBase64"],
  );
