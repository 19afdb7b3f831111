import type { Element, ParentNode } from "domhandler";
import { refused } from "../file-kind.js";
import { languageTag } from "../language-tag.js";
import type { StoryFacts } from "../story-file.js";
import { nameOf } from "../titles.js";
import type { ZipArchive } from "../zip/zip-archive.js";
import { type PartPlace, placeOf } from "../zip/part-path.js";
import { attributeOf, childrenCalled, elementsCalled, lineIn, parseXml } from "../zip/xml.js";

export interface ManifestItem {
  readonly id: string;
  readonly path: string;
  readonly mediaType: string;
  readonly properties: readonly string[];
}

/** A part with a meaning: the cover, the contents. */
export interface GuideEntry extends PartPlace {
  readonly type: string;
}

/** The list of the parts of a book. */
export interface BookPackage {
  readonly facts: StoryFacts;
  readonly items: readonly ManifestItem[];
  /** The parts in the order of reading, without those beside the text. */
  readonly spine: readonly ManifestItem[];
  readonly guide: readonly GuideEntry[];
  /** The id or path of the picture of the cover, if an EPUB 2 names one. */
  readonly coverName: string | null;
  /** The id of the navigation of EPUB 2. */
  readonly ncxId: string | null;
}

/** @throws InvalidInputError if a part is missing or contains no list */
export async function readPackage(archive: ZipArchive): Promise<BookPackage> {
  const path = await packagePath(archive);
  const bytes = await archive.read(path);
  if (!bytes) throw missing(archive, path, "its package document");
  const root = parseXml(bytes, `${archive.fileName}: ${path}`);
  const items = itemsOf(root, path);
  const [spine] = elementsCalled(root, "spine");
  const parts = spine ? spineOf(spine, items) : [];
  if (parts.length === 0) {
    throw refused(
      `${archive.fileName} is no complete EPUB: its package document lists no text; export the book again.`,
    );
  }
  return {
    facts: factsOf(root),
    items,
    spine: parts,
    guide: elementsCalled(root, "reference").flatMap((each) => guideEntry(each, path)),
    coverName: coverNameOf(root),
    ncxId: spine ? (attributeOf(spine, "toc") ?? null) : null,
  };
}

async function packagePath(archive: ZipArchive): Promise<string> {
  const path = "META-INF/container.xml";
  const bytes = await archive.read(path);
  if (!bytes) throw missing(archive, path, "the list of its books");
  const files = elementsCalled(parseXml(bytes, `${archive.fileName}: ${path}`), "rootfile");
  const found = files.map((file) => attributeOf(file, "full-path")).find((each) => each);
  if (found === undefined) throw missing(archive, path, "the path of its package document");
  return placeOf("", found)?.path ?? found;
}

export const missing = ({ fileName }: ZipArchive, path: string, what: string): Error =>
  refused(
    `${fileName} is no complete EPUB: “${path.slice(0, 200)}” (${what}) is missing; download or export the book again.`,
  );

const itemsOf = (root: ParentNode, from: string): readonly ManifestItem[] =>
  elementsCalled(root, "item").flatMap((item) => {
    const place = placeOf(from, attributeOf(item, "href") ?? "");
    const id = attributeOf(item, "id");
    if (!place || id === undefined) return [];
    const mediaType = (attributeOf(item, "media-type") ?? "").toLowerCase();
    const properties = (attributeOf(item, "properties") ?? "").split(/\s+/u);
    return [{ id, path: place.path, mediaType, properties }];
  });

const TEXT_TYPES = /^(?:application\/xhtml\+xml|text\/html|text\/x-oeb1-document)$/;

function spineOf(spine: Element, items: readonly ManifestItem[]): readonly ManifestItem[] {
  const byId = new Map(items.map((item) => [item.id, item]));
  return childrenCalled(spine, "itemref").flatMap((reference) => {
    if (attributeOf(reference, "linear")?.toLowerCase() === "no") return [];
    const item = byId.get(attributeOf(reference, "idref") ?? "");
    return item && TEXT_TYPES.test(item.mediaType) ? [item] : [];
  });
}

const guideEntry = (reference: Element, from: string): readonly GuideEntry[] => {
  const place = placeOf(from, attributeOf(reference, "href") ?? "");
  const type = attributeOf(reference, "type");
  return place && type !== undefined ? [{ ...place, type: type.toLowerCase() }] : [];
};

const coverNameOf = (root: ParentNode): string | null =>
  elementsCalled(root, "meta").find((meta) => attributeOf(meta, "name") === "cover")?.attribs[
    "content"
  ] ?? null;

function factsOf(root: ParentNode): StoryFacts {
  const refinements = elementsCalled(root, "meta").filter((meta) => meta.attribs["refines"]);
  const refined = ({ attribs: { id } }: Element, property: string): string | null => {
    const found = refinements.find(
      ({ attribs }) =>
        id !== undefined && attribs["refines"] === `#${id}` && attribs["property"] === property,
    );
    return found ? lineIn(found) : null;
  };
  const titles = elementsCalled(root, "title");
  const main = titles.find((title) => refined(title, "title-type") === "main") ?? titles[0];
  const [rights] = elementsCalled(root, "rights");
  const languages = elementsCalled(root, "language").map((each) => languageTag(lineIn(each)));
  return {
    title: main ? nameOf(lineIn(main)) : null,
    authorName: nameOf(authorsOf(root, refined).join(", ")),
    language: languages.find((tag) => tag !== null) ?? null,
    rights: rights ? nameOf(lineIn(rights), 500) : null,
  };
}

function authorsOf(
  root: ParentNode,
  refined: (element: Element, property: string) => string | null,
): readonly string[] {
  const names = elementsCalled(root, "creator")
    .filter((creator) => {
      const role = attributeOf(creator, "role") ?? refined(creator, "role");
      return role === null || role === "" || role === "aut";
    })
    .map(lineIn)
    .filter((name) => name !== "");
  return [...new Set(names)];
}
