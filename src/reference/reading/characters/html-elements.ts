/** What an element of HTML does to the text around its tags. */
export const ElementRole = {
  /** The element is a paragraph of its own. */
  Block: "block",
  /** The element is a part of a line. */
  Inline: "inline",
  /** The content of the element is not text for a reader. */
  Silent: "silent",
} as const;
export type ElementRole = (typeof ElementRole)[keyof typeof ElementRole];

const words = (list: string): readonly string[] => list.split(/\s+/u);

const BLOCKS = words(
  `address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption
  figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option p pre
  section summary table tbody tfoot thead title tr ul`,
);
const INLINES = words(
  `a abbr acronym area audio b base basefont bdi bdo big br button canvas cite code col colgroup data datalist
  del dfn em embed font frame i iframe img input ins kbd label link map mark meta meter nobr object optgroup
  output param picture progress q rb ruby s samp select slot small source span strike strong sub sup svg td
  textarea th time track tt u var video wbr`,
);
const SILENT = words("head noscript rp rt script style template");

/** The HTML elements by name. */
export const ELEMENTS: ReadonlyMap<string, ElementRole> = new Map([
  ...BLOCKS.map((name) => [name, ElementRole.Block] as const),
  ...INLINES.map((name) => [name, ElementRole.Inline] as const),
  ...SILENT.map((name) => [name, ElementRole.Silent] as const),
]);

/**
 * Names of elements that are also words. `<mark>` or `<time>` alone can be a chatter's name or a placeholder,
 * so such a tag needs an attribute, or its closing tag somewhere in the text.
 */
export const WORD_ELEMENTS: ReadonlySet<string> = new Set(
  words(
    `a address area article aside audio base big body button canvas caption center cite code data details dialog
    figure font footer form frame head header input label legend link main map mark menu meter object option
    output picture progress section select slot small source span strike strong style summary table template
    time title track var video`,
  ),
);
