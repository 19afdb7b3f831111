import { openDatabase } from "../app/open-database.js";
import { loadConfig } from "../config.js";
import { issueDevelopmentToken } from "../http/tokens.js";
import { StartupError } from "../platform/errors.js";
import { type Stopping, print } from "../platform/process.js";
import { demoClaims } from "../seed/demo-users.js";
import { parseArguments } from "../platform/arguments.js";

const USAGE =
  "usage: npm run -s token -- NAME    prints a development token for NAME, for example ada, ben or cleo";

/** Prints a development token and nothing else. */
export async function runToken(words: readonly string[], stopping: Stopping): Promise<void> {
  const { positionals } = parseArguments(words, {}, USAGE);
  const [name = ""] = positionals;
  if (!/^[\w.-]{1,60}$/.test(name)) throw new StartupError(USAGE);
  const config = loadConfig();
  if (config.isProduction || config.auth.kind !== "development") {
    throw new StartupError(
      "The server accepts development tokens only with its own secret; unset NODE_ENV=production, AUTH_SECRET and AUTH_JWKS_URL.",
    );
  }
  const database = await openDatabase(config, () => undefined);
  stopping(() => database.leave());
  print(await issueDevelopmentToken(await database.developmentSecret(), demoClaims(name)));
}
