import type { Clock } from "../../platform/clock.js";
import type { Database, Tx } from "../../platform/database/transactions/database.js";
import { isDuplicateOf } from "../../platform/database/transactions/sqlstate.js";
import { hasValues } from "../../platform/database/writing/has-values.js";
import {
  ConflictError,
  ForbiddenError,
  NotFoundError,
  StaleVersionError,
} from "../../platform/errors.js";
import { InputProblems } from "../../platform/input/input-problems.js";
import { languageTag } from "../../platform/text/language-tag.js";
import { AnalyserKind } from "../analysis/running/analysers.js";
import { AnalysisRequest, type AnalysisService } from "../analysis/analysis.service.js";
import type { ChapterHeading } from "../reading/chapters/chapters.js";
import { type StoryQuotas, countStory, countText } from "./story-quotas.js";
import { type NewStory, type StoryChanges, checkStory } from "./story-input.js";
import { contentHashOf, storyText } from "./story-text.js";
import { type StoryEntity, StoryVisibility } from "./story.entity.js";
import { type StoryValues, storyStore } from "./story.store.js";
import { NO_STORY, nameOfStory } from "./story-names.js";
import { refuseStale, refuseUnpublished } from "./story-refusals.js";
import { draftSlugOf, slugOf } from "./slug.js";
import {
  type MeasureInThread,
  type MeasuredText,
  TextMeasurer,
  type TextSource,
} from "./text-measurer.js";

interface StoryAt {
  readonly id: number;
  /**
   * The version that the author read. If the story now has another version, the change is refused.
   */
  readonly version: number;
}

/** A picture in the storage. */
export interface StoryCoverBlob {
  readonly blobKey: string;
  readonly contentType: string;
}

export interface NewStoryOptions {
  /** True if the author's quotas do not count the story. */
  readonly isUnlimited?: boolean;
  /** The cover in the author's file, stored under a key of the author. */
  readonly cover?: StoryCoverBlob | null;
  /** What the caller found wrong with the input already. */
  readonly problems?: InputProblems;
  /** The chapters that the author's file gives. Default: the chapters are found in the text. */
  readonly chapters?: readonly ChapterHeading[] | null;
}

export type StoryUpdateOptions = Pick<NewStoryOptions, "isUnlimited" | "problems">;

export interface StoryDependencies {
  readonly database: Database;
  readonly analyses: AnalysisService;
  readonly clock: Clock;
  readonly quotas: StoryQuotas;
  readonly measureInThread: MeasureInThread;
}

export interface ReanalysisOptions {
  /** Default: embedded. */
  readonly by?: AnalyserKind;
  /** What the caller found wrong with the input already. */
  readonly problems?: InputProblems;
}

const NO_MODEL_HERE =
  "analyzer is MODEL, but this server has no language model. Choose EMBEDDED, or leave the field out.";

interface StoredStoryOptions extends Omit<NewStoryOptions, "chapters" | "problems"> {
  readonly text: MeasuredText | null;
}

/**
 * Creates, changes, publishes and archives stories. The first argument of every method is the
 * author's user id.
 */
export class StoryService {
  private readonly texts: TextMeasurer;

  constructor(private readonly use: StoryDependencies) {
    this.texts = new TextMeasurer(use.measureInThread);
  }

  /**
   * Creates a draft. @throws InvalidInputError
   * @throws QuotaExceededError, unless the caller is exempt from quotas
   */
  async create(
    authorId: string,
    input: NewStory,
    options: NewStoryOptions = {},
  ): Promise<StoryEntity> {
    this.checkFields(input, options.problems ?? new InputProblems());
    const { chapters = null, problems: _problems, ...others } = options;
    const text = await this.measureGiven(input, { authorId, chapters });
    return this.use.database.write(authorId, (tx) =>
      this.createIn(tx, authorId, input, { ...others, text }),
    );
  }

  /** Brings a text into its stored form and measures it. Call this before the transaction. @throws InvalidInputError */
  measure(content: string, source: TextSource): Promise<MeasuredText> {
    return this.texts.measure(content, source);
  }

  /** Creates a draft with a measured text, in a transaction of the caller. */
  async createIn(
    tx: Tx,
    authorId: string,
    input: NewStory,
    { isUnlimited = false, cover = null, text }: StoredStoryOptions,
  ): Promise<StoryEntity> {
    const story = checkStory(input);
    if (!isUnlimited) {
      await countStory(tx, { id: authorId, quotas: this.use.quotas }, this.use.clock.now());
      await this.countText(tx, authorId, input.content);
    }
    if (text !== null) await storyStore.putText(tx, text);
    return storyStore.insert(tx, authorId, {
      ...story,
      category: story.category ?? "fiction",
      slug: draftSlugOf(input.title),
      ...(cover && { coverBlobKey: cover.blobKey, coverContentType: cover.contentType }),
      contentHash: text?.contentHash ?? null,
    });
  }

  /**
   * Returns the author's public story with exactly this text and language. Returns null if the
   * author has no such story.
   */
  publishedOf(
    authorId: string,
    { content, language }: { readonly content: string; readonly language: string },
  ): Promise<StoryEntity | null> {
    const contentHash = contentHashOf(content);
    return this.use.database.read({ viewer: authorId }, (tx) =>
      storyStore.publicByText(tx, {
        ...{ authorId, contentHash },
        language: languageTag(language) ?? language,
      }),
    );
  }

  /**
   * Changes a draft or public story. A new text of a public story is queued for analysis
   * immediately. Changes that the story already has keep its version.
   */
  async update(
    authorId: string,
    at: StoryAt,
    changes: StoryChanges,
    { problems = new InputProblems(), isUnlimited = false }: StoryUpdateOptions = {},
  ): Promise<StoryEntity> {
    const values = this.checkFields(changes, problems);
    const measured = await this.measureGiven(changes, { authorId });
    return this.use.database.write(authorId, async (tx) => {
      const story = await this.findAuthored(tx, authorId, at.id);
      if (story.visibility === StoryVisibility.Archived) {
        throw new ConflictError(
          `${nameOfStory(story)} is archived; publish it again to change it.`,
          story,
        );
      }
      // Wait for transactions that are creating a narration of this text. Then change the text.
      if (story.visibility === StoryVisibility.Public) await storyStore.claimText(tx, at.id);
      const text = await this.replaceText(tx, story, measured, { isUnlimited });
      // A cover of the author's choice, or none, replaces the cover in the author's file.
      const cover =
        values.coverImageUrl === undefined ? {} : { coverBlobKey: null, coverContentType: null };
      const updated = await this.updateVersion(tx, story, at, { ...values, ...cover, ...text });
      if (updated.contentHash !== story.contentHash) await this.leaveText(tx, story);
      if (updated.visibility === StoryVisibility.Public)
        await this.use.analyses.request(tx, updated);
      return updated;
    });
  }

  /**
   * Makes a story public and requests its analysis. If the story is already public, only requests a
   * failed analysis again.
   */
  async publish(authorId: string, at: StoryAt): Promise<StoryEntity> {
    try {
      return await this.publishOnce(authorId, at, false);
    } catch (error) {
      // Another story took the title's plain slug between our check and our write. Keep the draft's
      // slug.
      if (isDuplicateOf(error, "stories_slug_key")) return this.publishOnce(authorId, at, true);
      throw error;
    }
  }

  /**
   * Removes a public story from all public lists. The author, the story's narrators and people with
   * its link can still read the story.
   */
  async archive(authorId: string, at: StoryAt): Promise<StoryEntity> {
    return this.use.database.write(authorId, async (tx) => {
      const story = await this.findAuthored(tx, authorId, at.id);
      if (story.visibility === StoryVisibility.Archived) return story;
      if (story.visibility === StoryVisibility.Draft) {
        throw new ConflictError(
          `${nameOfStory(story)} is a draft; only a public story can be archived.`,
          story,
        );
      }
      return this.updateVersion(tx, story, at, { visibility: StoryVisibility.Archived });
    });
  }

  /**
   * Requests the analysis of the story's present text by a present analyser. Changes nothing if this analysis is
   * ready or under way. Narrations keep the analysis that they were made from.
   * @throws InvalidInputError for the language model of a server that has none
   * @throws ConflictError for a draft, which is not analysed, and for an archived story that a model should read
   */
  async reanalyze(
    authorId: string,
    { id, version }: { readonly id: number; readonly version?: number | null | undefined },
    { by = AnalyserKind.Embedded, problems = new InputProblems() }: ReanalysisOptions = {},
  ): Promise<{ readonly story: StoryEntity; readonly request: AnalysisRequest }> {
    const { analyses } = this.use;
    const isByModel = by === AnalyserKind.Model;
    if (isByModel && !analyses.hasModel) problems.add(NO_MODEL_HERE, ["analyzer"]);
    problems.refuse();
    return this.use.database.write(authorId, async (tx) => {
      const story = await this.findAuthored(tx, authorId, id);
      refuseStale(story, version ?? story.version);
      refuseUnpublished(story, isByModel);
      const request = isByModel
        ? await analyses.requestModel(tx, story)
        : await analyses.request(tx, story);
      if (request === AnalysisRequest.Queued && story.contentHash !== null) {
        const [text] = await storyStore.textsByHash(tx, [story.contentHash]);
        await this.countText(tx, authorId, text?.content);
      }
      return { story, request };
    });
  }

  /**
   * Returns the author's story, which gets no narration and no new text until the caller's transaction ends.
   * @throws StaleVersionError if the story has another version
   */
  async claimAuthored(tx: Tx, authorId: string, at: StoryAt): Promise<StoryEntity> {
    await storyStore.claimText(tx, at.id);
    await storyStore.lock(tx, authorId, at.id);
    const story = await this.findAuthored(tx, authorId, at.id);
    refuseStale(story, at.version);
    return story;
  }

  private async publishOnce(
    authorId: string,
    at: StoryAt,
    keepSlug: boolean,
  ): Promise<StoryEntity> {
    return this.use.database.write(authorId, async (tx) => {
      const story = await this.findAuthored(tx, authorId, at.id);
      if (!story.contentHash) {
        throw new ConflictError(
          `${nameOfStory(story)} has no text yet; write one before publishing it.`,
          story,
        );
      }
      const published =
        story.visibility === StoryVisibility.Public
          ? story
          : await this.updateVersion(tx, story, at, {
              visibility: StoryVisibility.Public,
              publishedAt: story.publishedAt ?? this.use.clock.now(),
              slug: keepSlug ? story.slug : await this.choosePublicSlug(tx, story),
            });
      await this.use.analyses.request(tx, published);
      return published;
    });
  }

  /**
   * Returns the slug of a story that becomes public: the title's slug without random characters if
   * no other story has this slug. If it is taken, or if the story was published before, returns the
   * story's present slug. A draft's slug always has random characters, so this check reveals no
   * draft.
   */
  private async choosePublicSlug(tx: Tx, story: StoryEntity): Promise<string> {
    if (story.publishedAt) return story.slug;
    const plain = slugOf(story.title);
    const [taken] = await storyStore.bySlugs(tx, [plain]);
    return taken ? story.slug : plain;
  }

  /** Refuses wrong fields before the costly work. If a field is wrong, looks at the text, too. */
  private checkFields(changes: StoryChanges, problems: InputProblems): StoryValues {
    const values = problems.check(() => checkStory(changes), {});
    const { content } = changes;
    if (typeof content === "string" && !problems.isClean([])) {
      problems.check(() => storyText(content), "");
    }
    problems.refuse();
    return values;
  }

  private async measureGiven(
    { content }: Pick<StoryChanges, "content">,
    source: TextSource,
  ): Promise<MeasuredText | null> {
    return typeof content === "string" ? this.measure(content, source) : null;
  }

  /** Counts a new text against its author's quota. An unchanged text costs nothing. */
  private async replaceText(
    tx: Tx,
    { originalAuthorId, contentHash }: StoryEntity,
    text: MeasuredText | null,
    { isUnlimited }: { readonly isUnlimited: boolean },
  ): Promise<{ contentHash?: string }> {
    if (text === null) return {};
    await storyStore.putText(tx, text);
    if (text.contentHash !== contentHash && !isUnlimited)
      await this.countText(tx, originalAuthorId, text.content);
    return { contentHash: text.contentHash };
  }

  /** Ends what the story's earlier text was for. */
  private async leaveText(tx: Tx, story: StoryEntity): Promise<void> {
    if (story.contentHash === null) return;
    await this.use.analyses.leave(tx, story);
    await storyStore.leaveText(tx, story.id, story.contentHash);
  }

  private async countText(
    tx: Tx,
    authorId: string | null,
    content: string | undefined,
  ): Promise<void> {
    if (content === undefined || authorId === null) return;
    await countText(tx, { id: authorId, quotas: this.use.quotas }, content, this.use.clock.now());
  }

  private async findAuthored(tx: Tx, authorId: string, id: number): Promise<StoryEntity> {
    const [story] = await storyStore.byIds(tx, [id]);
    if (!story) throw new NotFoundError(NO_STORY, ["id"]);
    if (story.originalAuthorId !== authorId) {
      const reason =
        story.originalAuthorId === null
          ? "no longer has an author; nobody can change the story."
          : "belongs to another author; only that author can change the story.";
      throw new ForbiddenError(`${nameOfStory(story)} ${reason}`, ["id"]);
    }
    return story;
  }

  /** Writes values into the author's story, and moves its version if a value is new. */
  private async updateVersion(
    tx: Tx,
    story: StoryEntity,
    at: StoryAt,
    values: StoryValues,
  ): Promise<StoryEntity> {
    const authorId = story.originalAuthorId ?? "";
    if (story.version === at.version && hasValues(story, values)) return story;
    const updated = await storyStore.update(tx, { authorId, ...at }, values);
    if (updated) return updated;
    const current = await this.findAuthored(tx, authorId, at.id);
    throw new StaleVersionError(nameOfStory(current), at.version, current);
  }
}
