import type { LineTable } from "./line-table.js";

/** How a script writes the speaker before the speech. */
export const LabelStyle = {
  /** NORA. or NORA: in capitals, before the speech or above it. */
  Capitals: "capitals",
  /** Nora: */
  Colon: "colon",
  /** [Nora] */
  Bracket: "bracket",
  /** Nora. */
  Stop: "stop",
  /** NORA alone on a line. */
  Alone: "alone",
} as const;
export type LabelStyle = (typeof LabelStyle)[keyof typeof LabelStyle];

/** A line that begins like the label of a speech. */
export interface LabelLine {
  readonly style: LabelStyle;
  readonly name: string;
  /** The silent part: the name, and the sign behind it if no direction is between them. */
  readonly start: number;
  readonly end: number;
  /** True if the speech begins on the next line. */
  readonly isAlone: boolean;
  readonly line: number;
}

const TITLE = String.raw`(?:MRS?|MS|DR|ST|CAPT|LT|COL|GEN|REV|PROF|SGT|Mrs?|Ms|Dr|St|Capt|Lt|Col|Gen|Rev|Prof|Sgt)\. `;
const INITIALS = String.raw`(?:(?:\p{Lu}\. ?){1,3}(?=\p{Lu}\p{L}))?`;
const CAPITALS = String.raw`(?:\d(?:ST|ND|RD|TH)? )?(?:${TITLE})?${INITIALS}\p{Lu}[\p{Lu}\p{M}'\u2019-]*(?: (?:${TITLE})?(?:\p{Lu}[\p{Lu}\p{M}'\u2019-]*|\p{Lu}\.(?= \p{Lu})|&|#?\d{1,2}|and|of|the|de|von)){0,4}`;
const MIXED = String.raw`(?:${TITLE})?${INITIALS}\p{Lu}[\p{L}\p{M}'\u2019-]*(?: (?:${TITLE})?(?:\p{Lu}[\p{L}\p{M}'\u2019-]*|\p{Lu}\.|&|#?\d{1,2}|and|of|the|de|von)){0,3}`;
/** A name in small letters, as the scripts for speech engines write it. */
const TAG = String.raw`\p{Ll}[\p{L}\p{M}\d_-]*(?: \p{Ll}[\p{L}\d]*)?`;
const SCREEN = String.raw`(?: \((?:CONT['\u2019]?D|CONTINUED|[VO]\.?[OSC]\.?)\))?`;
const DIRECTION = String.raw`${SCREEN}(?<direction> ?(?:\([^()\n]{1,80}\)|\[[^[\]\n]{1,80}\]))?`;
const STYLES: readonly (readonly [LabelStyle, RegExp])[] = [
  [
    LabelStyle.Capitals,
    new RegExp(
      String.raw`(?<name>${CAPITALS})${DIRECTION}(?<sign> ?[.:](?:[\u2014\u2013-]{1,2})?| ?[\u2014\u2013]|--)(?=\s|$|[\p{Lu}\u201C"'\u2018([])`,
      "uy",
    ),
  ],
  [
    LabelStyle.Colon,
    new RegExp(
      String.raw`(?<name>${MIXED})${DIRECTION}(?<sign> ?:(?:[\u2014\u2013-]{1,2})?)(?=\s|$)`,
      "uy",
    ),
  ],
  [
    LabelStyle.Bracket,
    new RegExp(String.raw`\[(?<name>${MIXED}|${TAG})(?:,[^[\]\n]{1,40})?(?<sign>\]:?)(?=\s)`, "uy"),
  ],
  [
    LabelStyle.Stop,
    new RegExp(
      String.raw`(?<name>${MIXED})${DIRECTION}(?<sign>\.(?:[\u2014\u2013-]{1,2})?)(?=\s)`,
      "uy",
    ),
  ],
  [
    LabelStyle.Alone,
    new RegExp(String.raw`(?<name>${CAPITALS})(?<sign>)${DIRECTION}(?=[^\S\n]*\n)`, "uy"),
  ],
];
const LONGEST_NAME = 40;

/** Words that begin a line with a stop or a colon and name no speaker. */
const NO_SPEAKER = new RegExp(
  String.raw`^(?:(?:act|scene|chapter|part|book|volume|vol|canto|stave|letter|section|appendix|note|end|exit|exeunt|enter|re-enter|figure|table|plate|page|step|question|answer|dear|transcriber|end of)\b.*|mrs?|ms|dr|st|capt|lt|col|gen|rev|prof|sgt|prologue|epilogue|preface|introduction|contents|index|notes|nb|ps|pps|time|times|place|date|day|setting|characters|cast|persons|persons of the|dramatis personae|the end|finis|curtain|enters|warning|caution|tip|hint|example|examples|answers|moral|summary|ingredients|method|serves|makes|preparation|directions|from|to|re|cc|subject|sent|attachment|title|author|translator|editor|publisher|illustrator|source|copyright|language|pages|fig|item|items|illustration|footnote|footnotes|first|second|third|fourth|fifth|finally|next|then|now|later|here|there|also|thus|so|but|and|or|if|because|remember|result|results|reason|reasons|problem|solution|conclusion|pro|pros|con|cons|yes|no|oh|ah|well|why|what|who|how|when|where|sir|sirs|madam|gentlemen|ladies|i|he|she|it|we|they|you|this|that|these|those|my|his|her|morning|afternoon|evening|night|noon|midnight|midday|dusk|today|tomorrow|yesterday|breakfast|lunch|dinner|supper|tea|spring|summer|autumn|winter|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|july|september|october|november|december|total|price|cost|weight|height|age|name|names|address|phone|email|http|https|int|ext|fade in|fade out|cut to|wanted|lost|found|sold|stop|silence|pause|beat|music|laughter|applause|amen|a|an|the)$`,
  "iu",
);

const ROMAN = /^(?:X{0,3}(?:IX|IV|V?I{0,3})|[LCDM])$/u;

/** Yields the lines of a text that begin like a label, with the first style that fits. */
export function* labelLinesOf(lines: LineTable): Generator<LabelLine> {
  for (let line = 0; line < lines.length; line += 1) {
    const start = lines.start(line);
    if (!/[\p{Lu}\d[]/u.test(lines.text.charAt(start))) continue;
    const found = labelAt(lines, line, start);
    if (found) yield found;
  }
}

function labelAt(lines: LineTable, line: number, start: number): LabelLine | null {
  for (const [style, pattern] of STYLES) {
    pattern.lastIndex = start;
    const groups = pattern.exec(lines.text)?.groups;
    const after = pattern.lastIndex;
    if (!groups || after > lines.end(line) || !isSpeaker(groups["name"])) continue;
    const label = { style, line, start, ...partsOf(groups, after) };
    const isAlone = after === lines.end(line);
    const isCutOff = isAlone && !canSpeakBelow(lines, line, style);
    if (isCutOff || !canBegin(lines, line, style)) return null;
    return { ...label, isAlone: isAlone && label.end === after };
  }
  return null;
}

type Groups = Readonly<Partial<Record<string, string>>>;

/** Returns the name, and the end of the silent part. A direction behind the name is not silent. */
function partsOf({ name = "", direction = "", sign = "" }: Groups, after: number) {
  const end = direction === "" ? after : after - (direction.trimStart() + sign).length;
  return { name, end };
}

/** True if a label can stand here. Only capitals can follow a line that does not end a sentence. */
const canBegin = (lines: LineTable, line: number, style: LabelStyle): boolean =>
  style === LabelStyle.Capitals ||
  style === LabelStyle.Alone ||
  lines.isAfterBlank(line) ||
  lines.endsSentence(line - 1);

const isSpeaker = (name = ""): boolean =>
  name.length <= LONGEST_NAME && !NO_SPEAKER.test(name) && !ROMAN.test(name);

/** True if the line below can be the speech. A name without a sign needs its speech directly below. */
const canSpeakBelow = (lines: LineTable, line: number, style: LabelStyle): boolean =>
  line + 1 < lines.length && (style !== LabelStyle.Alone || !lines.isAfterBlank(line + 1));
