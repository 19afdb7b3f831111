import type { App } from "../app.js";
import { ownerOf } from "../instances/index.js";
import { readWords, wrong } from "../platform/command-line/read-words.js";
import { StartupError } from "../platform/errors.js";
import { type Stopping, print, say } from "../platform/process/process.js";
import { readLanguage } from "./language.js";
import { IMPORT } from "./lines.js";
import { claimsOf, requireUser } from "./named-user.js";
import { openApp } from "./open-app.js";
import { readSource, reasonOf, requireEncoding, sourcesOf } from "./story-source.js";

interface Order {
  readonly userId: string;
  readonly name: string | undefined;
  readonly encoding: string | undefined;
  readonly title: string | undefined;
  readonly language: string | undefined;
  readonly isPublished: boolean;
}

/**
 * Makes a story of each file, with the same service as the API. Reports a file that fails, and continues with
 * the other files.
 * @throws StartupError at the end if a file failed
 */
export async function runImport(given: readonly string[], stopping: Stopping): Promise<void> {
  const { words, values } = readWords(IMPORT, given);
  const { user: name, encoding, title } = values;
  const { subject: userId } = claimsOf(name);
  const language = readLanguage(values.language);
  requireEncoding(encoding);
  const paths = await sourcesOf(words);
  if (paths.length > 1 && (title ?? values.name) !== undefined) {
    throw wrong(IMPORT, "--title and --name belong to one file, and there are several.");
  }
  const order = { userId, name: values.name, encoding, title, language };
  // A single file that cannot be read needs no database.
  const [only] = paths.length === 1 ? paths : [];
  const source = only === undefined ? undefined : await readSource(only, order);

  const app = await openApp(stopping, { runsJobs: false });
  await requireUser(app, { name, mayCreate: values["create-user"] });
  const work = { ...order, isPublished: values.publish };
  if (source) print(await importFile(app, source, work));
  else await importAll(app, paths, work);
}

async function importAll(app: App, paths: readonly string[], order: Order): Promise<void> {
  const failed: string[] = [];
  for (const [index, path] of paths.entries()) {
    if (process.stderr.isTTY) say(`${index + 1}/${paths.length} ${path}`);
    try {
      print(await importFile(app, await readSource(path, order), order));
    } catch (error) {
      failed.push(path);
      say(`${path} failed: ${reasonOf(error)}`);
    }
  }
  if (failed.length === 0) return;
  throw new StartupError(`${failed.length} of ${paths.length} files failed: ${failed.join(", ")}.`);
}

/** Returns the line about the story. */
async function importFile(
  { services }: App,
  file: Awaited<ReturnType<typeof readSource>>,
  { userId, title, language, isPublished }: Order,
): Promise<string> {
  const details = { ...(title === undefined ? {} : { title }), language };
  const { imports, stories } = services;
  if (process.stderr.isTTY) say(`Reading ${file.fileName}`);
  const draft = await imports.importFile(ownerOf(userId), file, details);
  const story = isPublished ? await stories.publish(userId, draft) : draft;
  return `${story.visibility} ${story.slug} "${story.title}"`;
}
