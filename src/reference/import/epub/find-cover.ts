import { FabulaError } from "../../../platform/errors.js";
import { coverOf } from "../cover.js";
import { decodeText } from "../encoding.js";
import { MarkupKind, parseMarkup } from "../markup/parse-markup.js";
import { elementsNamed } from "../markup/tree.js";
import type { StoryCover } from "../story-file.js";
import type { ZipArchive } from "../zip/zip-archive.js";
import type { BookPackage } from "./package-document.js";
import { placeOf } from "../zip/part-path.js";

/** Returns the picture of the cover. A book with a damaged picture is still a book. */
export async function findCover(
  archive: ZipArchive,
  book: BookPackage,
): Promise<StoryCover | null> {
  try {
    const path = picturePath(book) ?? (await pathInCoverPage(archive, book));
    return path === null ? null : coverOf(await archive.read(path));
  } catch (error) {
    if (error instanceof FabulaError) return null;
    throw error;
  }
}

function picturePath({ items, coverName }: BookPackage): string | null {
  const item =
    items.find(({ properties }) => properties.includes("cover-image")) ??
    items.find(({ id }) => id === coverName);
  return item?.mediaType.startsWith("image/") ? item.path : null;
}

/** Returns the first picture on the page that the book names as its cover. */
async function pathInCoverPage(
  archive: ZipArchive,
  { guide }: BookPackage,
): Promise<string | null> {
  const page = guide.find(({ type }) => type === "cover")?.path ?? "";
  const bytes = await archive.read(page);
  if (!bytes) return null;
  const name = `${archive.fileName}: ${page}`;
  const document = parseMarkup(decodeText({ fileName: name, bytes }), MarkupKind.Xhtml, name);
  const [picture] = elementsNamed(document, "img", "image");
  if (!picture) return null;
  const { src, "xlink:href": link, href } = picture.attribs;
  return placeOf(page, src ?? link ?? href ?? "")?.path ?? null;
}
