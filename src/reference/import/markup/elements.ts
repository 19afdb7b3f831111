const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Elements that begin and end a paragraph. */
export const BLOCKS = words(`
  address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure
  footer form frameset h1 h2 h3 h4 h5 h6 header hgroup html legend li main menu noframes ol p pre search
  section summary table caption tbody thead tfoot tr td th ul hr`);

/** Elements without words of the story. */
export const SILENT_ELEMENTS = words(`
  head title script style template noscript noembed svg audio video canvas object applet embed iframe frame map
  select button input textarea datalist output meter progress rt rp rtc nav img picture colgroup dialog
  annotation annotation-xml epub:case`);

/** Meanings of an element (epub:type) that make the element no part of the story. */
export const SILENT_TYPES = words(`
  page-list footnote footnotes endnote endnotes rearnote rearnotes note annotation
  toc toc-brief landmarks lot loi loa lov index cover titlepage halftitlepage copyright-page imprint imprimatur
  colophon other-credits backlink referrer`);

/** The same as roles. */
export const SILENT_ROLES = words(`
  doc-pagelist doc-footnote doc-endnote doc-endnotes doc-toc doc-index doc-cover
  doc-credit doc-credits doc-colophon doc-backlink navigation search`);

/** The same as classes, as the makers of books write them. */
export const SILENT_CLASSES = words("footnote footnotes endnote endnotes pg-boilerplate");
/** Types, roles and classes of the number of a page. A paragraph on a new page can have the same names. */
export const PAGE_NUMBERS = words(`
  pagebreak doc-pagebreak pagenum pageno page-number pagenumber page-break`);
/** Types, roles and classes of the marks of notes. */
export const NOTE_MARKS = words(`
  noteref annoref doc-noteref fnanchor footnote-ref footnote-back footnote-backref`);

/** Elements of a page that are around the story, and not in it. */
export const PAGE_ELEMENTS = words("nav header footer aside search dialog menu");
export const PAGE_ROLES = words(
  "navigation banner contentinfo complementary search menu dialog alert",
);
/** Names that only programs give, to what is never a story. */
export const PAGE_CLASSES = words(`
  comment-list commentlist comments-area comment-respond disqus_thread cookie-banner cookie-notice`);
/** Names of parts around a story, which can also be names of parts of a story. */
export const PAGE_WORDS = words(`
  comments respond sidebar widget-area site-header site-footer navbar navigation nav-links breadcrumb
  breadcrumbs pagination pager share sharing sharedaddy share-buttons social social-share social-links related
  related-posts related-articles recommended newsletter subscribe advertisement advert skip-link skip-links
  screen-reader-text post-navigation entry-meta entry-footer toolbar popup modal`);

/** Containers of verse, as classes or as the end of a type such as z3998:poem. */
export const VERSE = words(`
  poem poetry poetry-container verse verses stanza strophe linegroup lg song hymn lyrics`);
/** Parts of a poem that stand apart. */
export const STANZAS = words("stanza strophe linegroup lg");
/** Lines of verse, each in an element of its own. */
export const LINES = words("line verse-line verseline verse poem-line poemline");

/** Empty elements between two scenes, as classes. */
export const SCENE_BREAK =
  /^(?:(?:scene|section|space|thought|text|line)-?_?break|tb|asterism|ornament|dinkus|fleuron)$/;

export const HEADING = /^h[1-6]$/;
