import { type ZipFaults, type ZipParts, zipOf } from "./zip.js";

export interface EpubPage {
  /** A path below OEBPS. Default: page1.xhtml, page2.xhtml, … */
  readonly path?: string;
  readonly body: string;
  readonly linear?: "no";
  readonly bodyType?: string;
}

export interface EpubEntry {
  readonly title: string;
  readonly href: string;
  readonly entries?: readonly EpubEntry[];
}

export interface EpubBook {
  readonly version?: 2 | 3;
  readonly pages: readonly EpubPage[];
  /** Default: no navigation. */
  readonly toc?: readonly EpubEntry[];
  /** Puts the navigation of EPUB 3 also among the pages. */
  readonly showsToc?: boolean;
  readonly landmarks?: readonly { readonly type: string; readonly href: string }[];
  readonly metadata?: string;
  /** More entries of the manifest. */
  readonly manifest?: string;
  /** More parts, or parts that replace those of the book. null removes a part. */
  readonly parts?: Readonly<Record<string, string | Uint8Array | null>>;
  readonly faults?: ZipFaults;
}

const DEFAULT_METADATA =
  "<dc:title>The Bell</dc:title><dc:language>en-GB</dc:language><dc:creator>Ada Lovelace</dc:creator>";

/** Writes an EPUB of text that was written for the tests. */
export function epubOf(book: EpubBook): Buffer {
  const pages = book.pages.map((page, index) => ({ path: `page${index + 1}.xhtml`, ...page }));
  const parts: Record<string, string | Uint8Array | null> = {
    mimetype: "application/epub+zip",
    "META-INF/container.xml": `<?xml version="1.0"?><container version="1.0"
      xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
      <rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>`,
    "OEBPS/book.opf": packageOf(book, pages),
    ...navigationOf(book),
  };
  for (const { path, body, bodyType } of pages) parts[`OEBPS/${path}`] = pageOf(body, bodyType);
  const all = Object.entries({ ...parts, ...book.parts });
  const kept = all.filter((part): part is [string, string | Uint8Array] => part[1] !== null);
  return zipOf(Object.fromEntries(kept) satisfies ZipParts, book.faults);
}

const pageOf = (body: string, type?: string): string =>
  `<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">
<head><title/></head><body${type === undefined ? "" : ` epub:type="${type}"`}>${body}</body></html>`;

function packageOf(book: EpubBook, pages: readonly Required<Pick<EpubPage, "path">>[]): string {
  const isOld = book.version === 2;
  const items = pages.map(
    ({ path }, index) => `<item id="p${index}" href="${path}" media-type="application/xhtml+xml"/>`,
  );
  const references = pages.map(
    (page, index) =>
      `<itemref idref="p${index}"${"linear" in page ? ` linear="${String(page.linear)}"` : ""}/>`,
  );
  const nav = isOld
    ? '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    : '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>';
  const guide = (book.landmarks ?? []).map(
    ({ type, href }) => `<reference type="${type}" href="${href}"/>`,
  );
  return `<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="${isOld ? "2.0" : "3.0"}">
    <metadata xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="http://www.idpf.org/2007/opf">${book.metadata ?? DEFAULT_METADATA}</metadata>
    <manifest>${items.join("")}${book.toc ? nav : ""}${book.manifest ?? ""}</manifest>
    <spine${isOld ? ' toc="ncx"' : ""}>${book.showsToc ? '<itemref idref="nav"/>' : ""}${references.join("")}</spine>
    ${isOld ? `<guide>${guide.join("")}</guide>` : ""}</package>`;
}

function navigationOf({ version, toc, landmarks = [] }: EpubBook): Record<string, string> {
  if (!toc) return {};
  if (version === 2) {
    return {
      "OEBPS/toc.ncx": `<?xml version="1.0"?><!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd">
        <ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>${toc.map(pointOf).join("")}</navMap></ncx>`,
    };
  }
  const marks = landmarks.map(
    ({ type, href }) => `<li><a epub:type="${type}" href="${href}">${type}</a></li>`,
  );
  const body = `<h1>Contents</h1><nav epub:type="toc">${listOf(toc)}</nav>
    <nav epub:type="landmarks" hidden=""><ol>${marks.join("")}</ol></nav>`;
  return { "OEBPS/nav.xhtml": pageOf(body) };
}

const listOf = (entries: readonly EpubEntry[]): string =>
  `<ol>${entries
    .map(
      ({ title, href, entries: below }) =>
        `<li><a href="${href}">${title}</a>${below ? listOf(below) : ""}</li>`,
    )
    .join("")}</ol>`;

const pointOf = ({ title, href, entries = [] }: EpubEntry): string =>
  `<navPoint><navLabel><text>${title}</text></navLabel><content src="${href}"/>${entries.map(pointOf).join("")}</navPoint>`;
