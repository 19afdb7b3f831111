import type { Span } from "../../document.js";
import type { OpenSpan } from "./scripted.js";
import { isSpeechVerb } from "./speech-tags.js";
import { wordSet } from "../../lexicon/word-list.js";

const CITED_WORDS = 5;
/** The most words behind a word that names them: the words “Closed until further notice”. */
const NAMED_WORDS = 8;
/**
 * The longest cited passage in characters. The limit saves time, because a mark without a partner can open a very long
 * span.
 */
const LONGEST_CITATION = 200;
const REACH = 60;
/** How many words before or behind the marks can be between them and a speech verb. */
const VERB_REACH = 4;
const TERMINAL = /([.!?…,;:。！？，；：—–-])['’_*]*[^\p{L}\p{N}]*$/u;
/** Narration behind speech that was broken off: “The weather” he began. */
const BROKEN_OFF = /^\s*(?:[—–-]+\s*)?(?:he|she|I|they|we|(?!The |A |An )\p{Lu}\p{Ll}+)\s+\p{Ll}/u;
/** Narration that interrupts speech: “I was going to say”—her voice shook—“that I am sorry.” */
const INTERRUPTION = /^(?:[—–]|--)\s?\p{Ll}[^"“”„«»]{0,100}(?:[—–]|--)\s?["“„«‘']/u;
const LONGEST_INTERRUPTION = 110;
/** Punctuation that ends speech, and no part of a sentence. */
const SPOKEN_STOP = /[!?…;:。！？，；：—–-]/u;
const LEADS = /[,:：，—–-]\s*$/u;
const SENTENCE_END = /[.!?…]["”’»)]*\s/u;

/** Words before a name, a title or cited words: the name “Shorty”, a bottle marked “poison”. */
const NAMING = wordSet(
  "name names named nickname nicknamed called calls calling known as word words term termed title titled entitled phrase",
  "christened dubbed labelled labeled marked inscribed inscription legend sign spelled spelt spelling pronounced expression",
  "song poem ballad tune hymn book novel play story magazine newspaper picture painting ship boat motto headed so-called",
);
const CALLING = wordSet(
  "called calls call calling named nicknamed christened dubbed termed styled labelled labeled",
);
const WRITTEN = wordSet("read reads reading saying says said");
const SIGNS = wordSet(
  "sign notice label plate placard board poster door banner plaque inscription ticket card tag",
);

/**
 * True if quotation marks are around a name, a title, a term or an ironic word, and not around speech.
 */
export function isCitation(text: string, paragraph: Span, span: OpenSpan): boolean {
  if (!isBrief(text, paragraph, span)) return false;
  const inside = text.slice(span.start + 1, span.isClosed ? span.end - 1 : span.end).trimEnd();
  const terminal = lastStop(inside);
  if (SPOKEN_STOP.test(terminal)) return false;
  const before = text.slice(Math.max(paragraph.start, span.start - REACH), span.start);
  const lead = wordsOf(sentencesOf(before).at(-1) ?? "");
  const count = wordsOf(inside).length;
  if (count <= NAMED_WORDS && isNamed(lead, before)) return true;
  if (count > CITED_WORDS || LEADS.test(before)) return false;
  const after = text.slice(span.end, Math.min(paragraph.end, span.end + REACH));
  return !isTold(lead, after, terminal) && isPartOfSentence(lead, after, terminal);
}

/** False for whole paragraphs, for long or interrupted passages, and for corner brackets, which citations do not have. */
function isBrief(text: string, paragraph: Span, { start, end }: Span): boolean {
  const isWhole = start === paragraph.start && end === paragraph.end;
  if (INTERRUPTION.test(text.slice(end, end + LONGEST_INTERRUPTION))) return false;
  return !isWhole && end - start <= LONGEST_CITATION && text.charAt(start) !== "「";
}

const lastStop = (inside: string): string => TERMINAL.exec(inside)?.[1] ?? "";
const sentencesOf = (passage: string): readonly string[] => passage.split(SENTENCE_END);

/** True if a tag or the subject of broken speech is beside the marks. */
function isTold(lead: readonly string[], after: string, terminal: string): boolean {
  if (lead.length === 0 && BROKEN_OFF.test(after)) return true;
  // Words behind a full stop say nothing about the marks before it.
  const behind = terminal === "." ? [] : wordsBehind(after);
  return [...lead.slice(-VERB_REACH), ...behind].some(isSpeechVerb);
}

const wordsOf = (passage: string): readonly string[] =>
  passage.toLowerCase().match(/[\p{L}\p{N}]+(?:[-’'][\p{L}\p{N}]+)*/gu) ?? [];

/** True after "the name", "a bottle marked", "they called the smith" and "the sign on the door read". */
function isNamed(lead: readonly string[], before: string): boolean {
  if (/[:—–-]\s*$/u.test(before)) return false;
  const last = lead.at(-1) ?? "";
  if (NAMING.has(last) && !CALLING.has(last)) return true;
  if (/,\s*$/u.test(before)) return false;
  if (WRITTEN.has(last)) return lead.some((word) => SIGNS.has(word));
  const calling = lead.findLastIndex((word) => CALLING.has(word));
  return calling >= 0 && lead.length - calling <= 4;
}

/**
 * True for words whose sentence goes on around the marks. A full stop or a comma inside the marks can belong to the
 * sentence: They came to the “Avenue.”
 */
function isPartOfSentence(lead: readonly string[], after: string, terminal: string): boolean {
  if (terminal === "") return true;
  if (lead.length === 0 || lead.some(isSpeechVerb)) return false;
  return terminal === "." || /^\s+\p{Ll}/u.test(after);
}

const wordsBehind = (after: string): readonly string[] =>
  wordsOf(after.split(/[.!?]/u)[0] ?? "").slice(0, VERB_REACH);
