const DEFAULT_LANGUAGE = "en";

interface HasLanguage {
  readonly language: string;
}

/**
 * Returns the language of a script, as a BCP 47 tag: the language of the analysis. Without an analysis,
 * returns the story's language. The analysis comes first, because the author may change the story's
 * language after the script was made.
 */
export const scriptLanguage = (
  analysis: HasLanguage | null | undefined,
  story?: HasLanguage | null,
): string => analysis?.language ?? story?.language ?? DEFAULT_LANGUAGE;
