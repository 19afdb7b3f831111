import { randomUUID } from "node:crypto";
import { readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { makePrivateFolder, writeWhole } from "../files/whole-files.js";
import type { Location } from "./location.js";
import { processIdentity } from "./process-identity.js";

/**
 * Records this process as a starter of the server in a folder. A starter is a process that started the
 * server, or that uses a server which another process started. The last starter to leave stops the
 * server. Killed starters do not count. Call addStarter only under the folder's lock.
 */
export function addStarter({ startersDir }: Location): string {
  makePrivateFolder(startersDir);
  const id = randomUUID();
  writeWhole(path.join(startersDir, id), processIdentity(process.pid) ?? String(process.pid));
  return id;
}

export function removeStarter({ startersDir }: Location, id: string): void {
  rmSync(path.join(startersDir, id), { force: true });
}

export function countStarters({ startersDir }: Location): number {
  makePrivateFolder(startersDir);
  const files = readdirSync(startersDir).map((name) => path.join(startersDir, name));
  const gone = files.filter((file) => !isAlive(file));
  for (const file of gone) rmSync(file, { force: true });
  return files.length - gone.length;
}

function isAlive(file: string): boolean {
  const identity = readFileSync(file, "utf8");
  return processIdentity(Number.parseInt(identity, 10)) === identity;
}
