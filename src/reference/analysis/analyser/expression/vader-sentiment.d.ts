declare module "vader-sentiment" {
  /** Shares of negative, neutral and positive words, and a compound score from -1 to 1. */
  export interface PolarityScores {
    readonly neg: number;
    readonly neu: number;
    readonly pos: number;
    readonly compound: number;
  }
  export const SentimentIntensityAnalyzer: {
    polarity_scores(text: string): PolarityScores;
  };
}
