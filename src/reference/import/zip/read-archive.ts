import { readEpub } from "../epub/epub.js";
import type { ImportedStory, StoryFile } from "../story-file.js";
import { ZipArchive } from "./zip-archive.js";
import { refuseOtherArchives } from "./zip-kind.js";

/** Reads the story in a ZIP archive: an EPUB. */
export async function readArchive(file: StoryFile): Promise<ImportedStory> {
  const archive = await ZipArchive.open(file);
  await refuseOtherArchives(archive);
  return readEpub(archive, file);
}
