const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Elements that begin and end a paragraph. */
export const BLOCKS = words(`
  address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure
  footer form frameset h1 h2 h3 h4 h5 h6 header hgroup html legend li main menu noframes ol p pre search
  section summary table caption tbody thead tfoot tr td th ul hr`);

/** Elements without words of the story. */
export const SILENT_ELEMENTS = words(`
  head script style template noscript noembed svg audio video canvas object applet embed iframe frame map
  select button input textarea datalist output meter progress rt rp rtc nav img picture colgroup dialog
  annotation annotation-xml`);

/** Meanings of an element (epub:type) that make the element no part of the story. */
export const SILENT_TYPES = words(`
  pagebreak page-list noteref annoref footnote footnotes endnote endnotes rearnote rearnotes note annotation
  toc toc-brief landmarks lot loi loa lov index cover titlepage halftitlepage copyright-page imprint imprimatur
  colophon other-credits backlink referrer`);

/** The same as roles. */
export const SILENT_ROLES = words(`
  doc-pagebreak doc-pagelist doc-noteref doc-footnote doc-endnote doc-endnotes doc-toc doc-index doc-cover
  doc-credit doc-credits doc-colophon doc-backlink navigation search`);

/** The same as classes, as the makers of books write them. */
export const SILENT_CLASSES = words(`
  pagenum pageno page-number pagenumber pagebreak footnote footnotes endnote endnotes fnanchor noteref
  footnote-ref footnote-back footnote-backref pg-boilerplate`);

/** Elements of a page that are around the story, and not in it. */
export const PAGE_ELEMENTS = words("nav header footer aside form search dialog menu");
export const PAGE_ROLES = words(
  "navigation banner contentinfo complementary search menu dialog alert",
);
export const PAGE_CLASSES = words(`
  comments comment-list commentlist comments-area comment-respond respond disqus_thread sidebar widget-area
  site-header site-footer navbar navigation nav-links breadcrumb breadcrumbs pagination pager share sharing
  sharedaddy share-buttons social social-share social-links related related-posts related-articles
  recommended newsletter subscribe cookie-banner cookie-notice advertisement advert skip-link skip-links
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
