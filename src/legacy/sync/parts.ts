import { readdirSync, readFileSync } from "node:fs";
import { Actor } from "../connection.js";
import { withFrames } from "./frames.js";

/** Statements that one actor runs once, when the transition is installed. */
export interface Section {
  readonly file: string;
  readonly actor: Actor;
  readonly sql: string;
}

/** A statement that attaches one trigger. It runs in a transaction of its own, because it locks a live table. */
export interface Attachment {
  readonly trigger: string;
  /** `schema.table` */
  readonly table: string;
  /** Who owns the table. */
  readonly actor: Actor;
  readonly sql: string;
}

export interface Parts {
  readonly sections: readonly Section[];
  readonly attachments: readonly Attachment[];
}

const EXTENSION = ".sql";
const MARK = /^-- (?=role: |attach$)/m;

/**
 * Reads the SQL files of the folder sql, in the order of their paths. A line `-- role: sync`, `legacy` or `owner`
 * begins a section. A line `-- attach` begins the statement of one trigger. A line `-- frame: one-way` stands for the
 * sections and triggers of `frames/one-way.sql`.
 */
export function readParts(): Parts {
  const folder = new URL("sql/", import.meta.url);
  const blocks = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(EXTENSION))
    .sort()
    .flatMap((file) =>
      withFrames(readFileSync(new URL(file, folder), "utf8"))
        .split(MARK)
        .slice(1)
        .map((block) => ({ file, block })),
    );
  return {
    sections: blocks.flatMap(({ file, block }) => {
      const [, actor] = /^role: (\w+)/.exec(block) ?? [];
      const found = Object.values(Actor).find((each) => each === actor);
      return found ? [{ file, actor: found, sql: `-- ${block}` }] : [];
    }),
    attachments: blocks.flatMap(({ block }) =>
      block.startsWith("attach") ? [attachmentOf(block)] : [],
    ),
  };
}

function attachmentOf(block: string): Attachment {
  const [, trigger = "", table = ""] = /TRIGGER (\S+)\s[\s\S]*?\sON (\S+)/.exec(block) ?? [];
  const actor = table.startsWith("public.") ? Actor.Legacy : Actor.Owner;
  return { trigger, table, actor, sql: `-- ${block}` };
}
