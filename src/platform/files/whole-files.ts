import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchownSync,
  fsyncSync,
  lchownSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import path from "node:path";

/** Replaces a file in one step: a reader never sees half of the text, even after a crash. */
export function writeWhole(file: string, text: string): void {
  renameSync(writeDraft(file, text), file);
}

/** Creates a file with all its content in one step. Returns false if the file exists. */
export function createWhole(file: string, text: string): boolean {
  const draft = writeDraft(file, text);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

export function makePrivateFolder(folder: string): void {
  if (mkdirSync(folder, { recursive: true, mode: 0o700 }) === undefined) return;
  const owner = ownerToKeep(folder);
  if (owner !== null) lchownSync(folder, owner.uid, owner.gid);
}

/** Opens a log for appending. Only the folder's owner may read the log. */
export function openPrivateLog(file: string): number {
  const opened = openSync(file, "a", 0o600);
  const owner = ownerToKeep(file);
  if (owner !== null) fchownSync(opened, owner.uid, owner.gid);
  return opened;
}

function writeDraft(file: string, text: string): string {
  const draft = `${file}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  const opened = openSync(draft, "wx", 0o600);
  try {
    writeSync(opened, text);
    fsyncSync(opened);
    const owner = ownerToKeep(file);
    if (owner !== null) fchownSync(opened, owner.uid, owner.gid);
  } finally {
    closeSync(opened);
  }
  return draft;
}

// Root may run `sudo npm start` once in another user's folder. That user must keep access to the new files.
function ownerToKeep(file: string): { uid: number; gid: number } | null {
  return process.getuid?.() === 0 ? statSync(path.dirname(file)) : null;
}
