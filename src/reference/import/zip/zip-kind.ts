import { latinOf } from "../encoding.js";
import { refused } from "../file-kind.js";
import type { ZipArchive } from "./zip-archive.js";

interface OtherArchive {
  readonly what: string;
  readonly advice: string;
  readonly test: (paths: readonly string[], mimetype: string) => boolean;
}

const SAVE_AS_DOCX = "Save it as .docx and import that file.";

const OTHERS: readonly OtherArchive[] = [
  {
    what: "a LibreOffice document",
    advice: SAVE_AS_DOCX,
    test: (_paths, mimetype) => mimetype.startsWith("application/vnd.oasis.opendocument"),
  },
  {
    what: "a spreadsheet or a presentation",
    advice: "Only the text of a story can be read.",
    test: (paths) => paths.some((path) => /^(?:xl|ppt)\//.test(path)),
  },
  {
    what: "a Pages document",
    advice: "Export it as EPUB or Word.",
    test: (paths) => paths.some((path) => path.endsWith(".iwa")),
  },
  {
    what: "a comic (CBZ) or an archive of pictures",
    advice: "Only the text of a story can be read.",
    test: (paths) => {
      const files = paths.filter((path) => !path.endsWith("/") && !path.endsWith(".xml"));
      return files.length > 0 && files.every((path) => /\.(?:jpe?g|png|gif|webp)$/i.test(path));
    },
  },
];

/** @throws InvalidInputError with advice for an archive that is no book */
export async function refuseOtherArchives(archive: ZipArchive): Promise<void> {
  const { paths, fileName } = archive;
  const mimetype = latinOf((await archive.read("mimetype")) ?? new Uint8Array(), 100).trim();
  if (mimetype === "application/epub+zip" || archive.has("META-INF/container.xml")) return;
  const other = OTHERS.find(({ test }) => test(paths, mimetype));
  throw refused(
    other
      ? `${fileName} is ${other.what}, which cannot be imported. ${other.advice}`
      : `${fileName} is a ZIP archive that is neither an EPUB nor a Word document; unpack it and import the file inside.`,
  );
}
