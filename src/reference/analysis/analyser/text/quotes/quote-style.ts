import { countMatches } from "../count-matches.js";

/**
 * How a text marks speech. A whole text has one style. If a text could have several styles, an
 * apostrophe would open a quote in a text with double marks.
 */
export const QuoteStyle = {
  Double: "double",
  Single: "single",
  Guillemets: "guillemets",
  Corner: "corner",
  None: "none",
} as const;
export type QuoteStyle = (typeof QuoteStyle)[keyof typeof QuoteStyle];

export interface QuoteMarks {
  readonly openers: string;
  readonly closers: string;
  /** Marks that can open or close a quote. The characters beside a mark decide. */
  readonly straight: string;
}

export const QUOTE_MARKS: Readonly<Record<QuoteStyle, QuoteMarks>> = {
  double: { openers: "“„‟", closers: "”", straight: '"' },
  single: { openers: "‘", closers: "’", straight: "'" },
  guillemets: { openers: "«", closers: "»", straight: "" },
  corner: { openers: "「『", closers: "」』", straight: "" },
  none: { openers: "", closers: "", straight: "" },
};

const DOUBLE = /[“„"]/gu;
const SINGLE = /(?<=^|[\s(—–-])[‘'](?=\p{L}|\p{N}|—)/gmu;
const SINGLE_END = /[,.!?—…][’'](?=$|[\s)—–-])/gmu;
const GUILLEMETS = /«/gu;
const CORNER = /[「『]/gu;

/**
 * Returns the most frequent style of a text. The styles are compared by their numbers of quotes. A
 * quote has two straight double marks, so two of these marks count as one quote.
 */
export function detectQuoteStyle(text: string): QuoteStyle {
  const double = countMatches(text, DOUBLE) / (text.includes("“") ? 1 : 2);
  const single = Math.min(countMatches(text, SINGLE), countMatches(text, SINGLE_END));
  const guillemets = countMatches(text, GUILLEMETS);
  const corner = countMatches(text, CORNER);
  const best = Math.max(double, single, guillemets, corner);
  if (best === 0) return QuoteStyle.None;
  if (best === double) return QuoteStyle.Double;
  if (best === guillemets) return QuoteStyle.Guillemets;
  return best === corner ? QuoteStyle.Corner : QuoteStyle.Single;
}
