import type { ChapterHeading } from "../reading/chapters/chapters.js";

/** A file as a person has it. */
export interface StoryFile {
  readonly fileName: string;
  readonly bytes: Uint8Array;
  /** The name of the text's encoding, for example windows-1252. Default: what the file declares, else UTF-8. */
  readonly encoding?: string | undefined;
}

export interface StoryCover {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** What a file says about its story. */
export interface StoryFacts {
  readonly title: string | null;
  /** The name of the author as the file gives the name: a credit, never an account. */
  readonly authorName: string | null;
  /** A BCP 47 tag. */
  readonly language: string | null;
  /** The notice of the rights. */
  readonly rights: string | null;
}

export const NO_FACTS: StoryFacts = { title: null, authorName: null, language: null, rights: null };

/** A story that was read from a file. */
export interface ImportedStory extends Omit<StoryFacts, "title"> {
  readonly title: string;
  /** The text in its stored form. Offsets of `chapters` count in this text. */
  readonly content: string;
  /** The chapters that the file itself gives. Null if the chapters must be found in the text. */
  readonly chapters: readonly ChapterHeading[] | null;
  readonly cover: StoryCover | null;
}
