const DEFAULT_LANGUAGE = "en";

interface Told {
  readonly language: string;
}

/**
 * The language a script is spoken in, as a BCP 47 tag: the analysis' language, because the author may
 * change the story's language after the script was made; without an analysis, the story's.
 */
export const scriptLanguage = (analysis: Told | null | undefined, story?: Told | null): string =>
  analysis?.language ?? story?.language ?? DEFAULT_LANGUAGE;
