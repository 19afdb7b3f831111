import { openDatabase } from "../app/open-database.js";
import { loadConfig } from "../config.js";
import { issueDevelopmentToken } from "../http/tokens.js";
import { readWords } from "../platform/command-line/read-words.js";
import { StartupError } from "../platform/errors.js";
import { type Stopping, print } from "../platform/process/process.js";
import { isStoredUser } from "../platform/users/stored-user.js";
import { TOKEN } from "./lines.js";
import { claimsOf, isAllowed, unknownUser } from "./named-user.js";

/** Prints a development token and nothing else. */
export async function runToken(given: readonly string[], stopping: Stopping): Promise<void> {
  const { words, values } = readWords(TOKEN, given);
  const [name = ""] = words;
  const claims = claimsOf(name);
  const config = loadConfig();
  if (config.isProduction || config.auth.kind !== "development") {
    throw new StartupError(
      "The server accepts development tokens only with its own secret; unset NODE_ENV=production, AUTH_SECRET and AUTH_JWKS_URL.",
    );
  }
  const database = await openDatabase(config, () => undefined);
  stopping(() => database.leave());
  const isKnown =
    isAllowed({ name, mayCreate: values["create-user"] }) ||
    (await isStoredUser(database.directUrl, claims.subject));
  if (!isKnown) throw unknownUser(name);
  print(await issueDevelopmentToken(await database.developmentSecret(), claims));
}
