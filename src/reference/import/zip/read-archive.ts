import { isDocx, readDocx } from "../docx/docx.js";
import { readEpub } from "../epub/epub.js";
import type { ImportedStory, StoryFile } from "../story-file.js";
import { ZipArchive } from "./zip-archive.js";
import { refuseOtherArchives } from "./zip-kind.js";

/** Reads the story in a ZIP archive: an EPUB or a Word document. */
export async function readArchive(file: StoryFile): Promise<ImportedStory> {
  const archive = await ZipArchive.open(file);
  if (isDocx(archive)) return readDocx(archive);
  await refuseOtherArchives(archive);
  return readEpub(archive, file);
}
