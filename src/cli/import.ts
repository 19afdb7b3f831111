import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { ownerOf } from "../instances/index.js";
import { StartupError } from "../platform/errors.js";
import { type Stopping, print } from "../platform/process.js";
import { userStore } from "../platform/users/user.store.js";
import { demoClaims } from "../seed/demo-users.js";
import { parseArguments } from "../platform/arguments.js";
import { openApp } from "./open-app.js";

const USAGE =
  "usage: npm run import -- FILE [--user NAME] [--language TAG] [--encoding NAME] [--publish]    makes a story from a file: text, Markdown, HTML, EPUB or DOCX; default user ada, default language that of the file, else en";

/** Makes a story from a file, with the same service as the API. */
export async function runImport(words: readonly string[], stopping: Stopping): Promise<void> {
  const { positionals, values } = parseArguments(
    words,
    {
      ...{ user: { type: "string" }, language: { type: "string" } },
      ...{ encoding: { type: "string" }, publish: { type: "boolean" } },
    },
    USAGE,
  );
  const [path] = positionals;
  if (path === undefined || positionals.length > 1) throw new StartupError(USAGE);
  const bytes = await readFile(path).catch(() => {
    throw new StartupError(`The file ${path} cannot be read; check its path and rights.\n${USAGE}`);
  });

  const app = await openApp(stopping, { runsJobs: false });
  const author = demoClaims(values.user ?? "ada");
  await app.services.database.write(author.subject, (tx) => userStore.ensure(tx, author));
  const draft = await app.services.imports.importFile(
    ownerOf(author.subject),
    { fileName: basename(path), bytes, encoding: values.encoding },
    { language: values.language },
  );
  const story = values.publish ? await app.services.stories.publish(author.subject, draft) : draft;
  print(`${story.visibility} ${story.slug} "${story.title}"`);
}
