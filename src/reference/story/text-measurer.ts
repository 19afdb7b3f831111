import { InvalidInputError } from "../../platform/errors.js";
import { WorkUnderWay } from "../../platform/quotas/work-under-way.js";
import type { ChapterHeading } from "../reading/chapters/chapters.js";
import { type TextMeasures, measureText } from "./measure-text.js";
import { contentHashOf, storyText } from "./story-text.js";

/** Runs `measureText` in a worker thread. @throws an AbortError when the signal ends the thread */
export type MeasureInThread = (text: string, signal: AbortSignal) => Promise<TextMeasures>;

/** A text in its stored form, with everything that is stored beside the text. */
export interface MeasuredText extends TextMeasures {
  readonly content: string;
  readonly contentHash: string;
}

/** Where a text comes from. */
export interface TextSource {
  readonly authorId: string;
  /** The chapters that the author's file gives: offsets of the text in its stored form. Default: they are found. */
  readonly chapters?: readonly ChapterHeading[] | null;
  /** The field of the input that has the text. */
  readonly path?: readonly string[];
}

/**
 * A longer text is measured in a thread, because a request must not block the others. Measuring costs at most 15 us a
 * character: 13 s for 2,000,000 characters of nothing but numbers, and 0.15 s for this many.
 */
export const MOST_INLINE_CHARACTERS = 10_000;
const TIMEOUT_MS = 30_000;

/** Brings texts into their stored form and measures them, before the transaction that stores them. */
export class TextMeasurer {
  private readonly underWay = new WorkUnderWay("texts");

  constructor(private readonly measureInThread: MeasureInThread) {}

  /**
   * @throws InvalidInputError if the text cannot be stored, or not be measured in time
   * @throws RateLimitedError if too many long texts of the author are being measured
   */
  async measure(
    content: string,
    { authorId, chapters = null, path = ["content"] }: TextSource,
  ): Promise<MeasuredText> {
    const text = storyText(content, path);
    const measures =
      text.length <= MOST_INLINE_CHARACTERS
        ? measureText(text)
        : await this.underWay.count(authorId, () => this.measureLong(text, path));
    const given = chapters === null ? {} : { chapters };
    return { content: text, contentHash: contentHashOf(text), ...measures, ...given };
  }

  private async measureLong(text: string, path: readonly string[]): Promise<TextMeasures> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    try {
      return await this.measureInThread(text, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      throw new InvalidInputError(
        `The text could not be read within ${TIMEOUT_MS / 1000} s; split the text into parts.`,
        path,
      );
    }
  }
}
