import type { TextRange } from "../../../../platform/text/edited-text.js";
import { type Block, linesOfBlock } from "../blocks.js";

/** The names of the fields above a mail, by what the field tells. */
const FIELDS: Readonly<Record<string, string>> = {
  sender: "from|von|de|van|från|da",
  reader: "to|an|à|para|aan|till",
  subject: "subject|betreff|objet|asunto|assunto|onderwerp|ämne|oggetto",
  date: "date|sent|datum|gesendet|envoyé|date d['’]envoi|fecha|enviado|data|verzonden|skickat",
  other:
    "cc|bcc|kopie|reply-to|return-path|received|message-id|in-reply-to|references|mime-version|content-type|content-transfer-encoding|x-[\\w-]{1,40}|user-agent|importance|priority|attachments?|anlagen?",
};
const KINDS = Object.entries(FIELDS).map(
  ([kind, names]) =>
    [kind, new RegExp(`^[*_]{0,2}(?:${names})[*_]{0,2} ?:[*_]{0,2}(?:\\s|$)`, "iu")] as const,
);
/** A rule or a title above the fields. */
const TITLE =
  /^[-=_*>\s]{3,80}$|^[-=_*\s]{0,40}(?:(?:forwarded|original|weitergeleitete|ursprüngliche)\s(?:message|nachricht)|begin forwarded message:?)[-=_*\s]{0,40}$/iu;
const FEWEST_FIELDS = 3;
const LONGEST = 4000;

/**
 * Finds the fields above a mail that was pasted with its story: "From: ...", "To: ...", "Subject: ...". Only the
 * first lines of a text are such. In a text with more of such fields, somebody tells a story in mails.
 */
export function findMailHead(text: string, blocks: readonly Block[]): readonly TextRange[] {
  const [first, ...others] = blocks;
  const lines = first && first.text.length <= LONGEST ? headLines(text, first) : [];
  const [start, end] = [lines[0]?.start, lines.at(-1)?.end];
  if (start === undefined || end === undefined || others.length === 0) return [];
  const isTold = others.some(
    (block) => MAY_BE_HEAD.test(block.text) && headLines(text, block).length > 0,
  );
  return isTold ? [] : [{ start, end }];
}

const MAY_BE_HEAD = /^[^\n:]{1,40}:/u;

/** Returns the lines of a block if all are fields of a mail. None if they are too few. */
function headLines(text: string, block: Block): readonly TextRange[] {
  const lines = linesOfBlock(text, block);
  const kinds: string[] = [];
  for (const line of lines) {
    const kind = KINDS.find(([, pattern]) => pattern.test(line.text))?.[0];
    if (kind !== undefined) kinds.push(kind);
    else if (!(kinds.length === 0 ? TITLE.test(line.text) : line.indent > 0)) return [];
  }
  const hasFields = kinds.includes("subject") || kinds.includes("date");
  const isHead = kinds.length >= FEWEST_FIELDS && kinds.includes("sender") && hasFields;
  return isHead ? lines : [];
}
