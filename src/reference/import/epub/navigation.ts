import type { Element, ParentNode } from "domhandler";
import { decodeText } from "../encoding.js";
import { MarkupKind, namesIn, parseMarkup } from "../markup/parse-markup.js";
import { childElements, elementsNamed } from "../markup/tree.js";
import { nameOf } from "../titles.js";
import type { ZipArchive } from "../zip/zip-archive.js";
import type { BookPackage, GuideEntry, ManifestItem } from "./package-document.js";
import { type PartPlace, placeOf } from "../zip/part-path.js";
import { attributeOf, childrenCalled, lineIn, parseXml } from "../zip/xml.js";

export interface NavigationEntry extends PartPlace {
  readonly title: string;
  /** 0 for the widest parts of the book. */
  readonly depth: number;
}

/** The navigation of a book: its entries in order, and the parts with a meaning. */
export interface Navigation {
  readonly entries: readonly NavigationEntry[];
  readonly landmarks: readonly GuideEntry[];
  /** The part that is only the navigation. */
  readonly path: string | null;
}

const MAX_DEPTH = 20;

/** Reads the navigation of EPUB 3, else that of EPUB 2. A book without both has no entries. */
export async function readNavigation(
  archive: ZipArchive,
  { items, ncxId }: BookPackage,
): Promise<Navigation> {
  const nav = items.find(({ properties }) => properties.includes("nav"));
  const found = nav ? await readNav(archive, nav) : null;
  if (found && found.entries.length > 0) return found;
  const ncx =
    items.find(({ id }) => id === ncxId) ??
    items.find(({ mediaType }) => mediaType === "application/x-dtbncx+xml");
  const entries = ncx ? await readNcx(archive, ncx) : [];
  return { landmarks: [], path: null, ...found, entries };
}

async function readNav(archive: ZipArchive, { path }: ManifestItem): Promise<Navigation | null> {
  const bytes = await archive.read(path);
  if (!bytes) return null;
  const name = `${archive.fileName}: ${path}`;
  const text = decodeText({ fileName: name, bytes });
  const navs = elementsNamed(parseMarkup(text, MarkupKind.Xhtml, name), "nav");
  const typed = (type: string): Element | undefined =>
    navs.find((nav) => namesIn(nav, "epub:type").includes(type));
  const toc = typed("toc") ?? navs.find((nav) => namesIn(nav, "role").includes("doc-toc"));
  const landmarks = typed("landmarks");
  return {
    path,
    entries: toc ? listEntries(toc, path, 0) : [],
    landmarks: landmarks ? elementsNamed(landmarks, "a").flatMap((a) => landmark(a, path)) : [],
  };
}

const landmark = (link: Element, from: string): readonly GuideEntry[] => {
  const place = placeOf(from, link.attribs["href"] ?? "");
  return place ? namesIn(link, "epub:type").map((type) => ({ ...place, type })) : [];
};

function listEntries(parent: ParentNode, from: string, depth: number): readonly NavigationEntry[] {
  if (depth > MAX_DEPTH) return [];
  return childElements(parent).flatMap((child) => {
    if (child.name !== "ol" && child.name !== "ul") return [];
    return childElements(child).flatMap((entry) => [
      ...entryOf(
        childElements(entry).find(({ name }) => name === "a"),
        from,
        depth,
      ),
      ...listEntries(entry, from, depth + 1),
    ]);
  });
}

function entryOf(link: Element | undefined, from: string, depth: number): NavigationEntry[] {
  const place = link && placeOf(from, link.attribs["href"] ?? "");
  const title = link && nameOf(lineIn(link));
  return place && title ? [{ ...place, title, depth }] : [];
}

async function readNcx(
  archive: ZipArchive,
  { path }: ManifestItem,
): Promise<readonly NavigationEntry[]> {
  const bytes = await archive.read(path);
  if (!bytes) return [];
  const root = parseXml(bytes, `${archive.fileName}: ${path}`);
  const map = childElements(root)
    .flatMap((ncx) => childrenCalled(ncx, "navMap"))
    .at(0);
  return map ? pointEntries(map, path, 0) : [];
}

function pointEntries(parent: ParentNode, from: string, depth: number): readonly NavigationEntry[] {
  if (depth > MAX_DEPTH) return [];
  return childrenCalled(parent, "navPoint").flatMap((point) => {
    const [label] = childrenCalled(point, "navLabel");
    const [content] = childrenCalled(point, "content");
    const place = content && placeOf(from, attributeOf(content, "src") ?? "");
    const title = label && nameOf(lineIn(label));
    const own = place && title ? [{ ...place, title, depth }] : [];
    return [...own, ...pointEntries(point, from, depth + 1)];
  });
}
