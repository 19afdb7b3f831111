import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

/**
 * The package of the servers that Fabula is compared with. It has its own dependencies, which Fabula does not
 * need. The command runs in the project's root.
 */
const FOLDER = resolve("peers");
const INSTALLED = join(FOLDER, "node_modules", ".package-lock.json");

/** Returns the path of a program of the package. Installs the package if its lock file has changed. */
export function peerProgram(name: string): string {
  const locked = join(FOLDER, "package-lock.json");
  if (!existsSync(INSTALLED) || statSync(INSTALLED).mtimeMs < statSync(locked).mtimeMs) {
    const quiet = ["--loglevel=error", "--no-fund", "--no-audit"];
    execFileSync("npm", ["ci", "--ignore-scripts", ...quiet], { cwd: FOLDER, stdio: "inherit" });
  }
  return join(FOLDER, name);
}
