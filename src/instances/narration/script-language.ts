const DEFAULT_LANGUAGE = "en";

interface HasLanguage {
  readonly language: string;
}

/**
 * The language a script is spoken in, as a BCP 47 tag. The analysis' language comes first, because the
 * author may change the story's language after the script was made. Without an analysis the story's
 * language is used.
 */
export const scriptLanguage = (
  analysis: HasLanguage | null | undefined,
  story?: HasLanguage | null,
): string => analysis?.language ?? story?.language ?? DEFAULT_LANGUAGE;
