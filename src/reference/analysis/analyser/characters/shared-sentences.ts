import type { TokenList } from "../text/tokens.js";
import type { NameForm } from "./name-forms.js";
import { formKey } from "./name-forms.js";
import type { NameSpan } from "./names.js";

const FEWEST_SENTENCES = 3;
/** The least share of the rarer form's sentences. Without it, every two frequent forms differ. */
const LEAST_SHARE = 0.03;
/** A sentence with more names is a list, whose pairs would take quadratic time. */
const MOST_NAMES = 12;

/**
 * Finds forms that mean different persons because narration names both in one sentence: "Mrs. Hale
 * kissed Lydia Hale". Narration almost never uses two forms for one person in one sentence.
 */
export class SharedSentences {
  readonly #sentences = new Map<string, number>();
  readonly #shared = new Map<string, Map<string, number>>();

  constructor(tokens: TokenList, names: readonly NameSpan[]) {
    let sentence = -1;
    let end = 0;
    let here: NameSpan[] = [];
    for (const name of names) {
      if (tokens.get(name.first)?.quote !== -1) continue;
      for (; end <= name.first; end += 1) if (opensSentence(tokens, end)) sentence = end;
      if (sentence > (here[0]?.first ?? 0) && here.length > 0) {
        this.#add(here);
        here = [];
      }
      here.push(name);
    }
    this.#add(here);
  }

  /**
   * True if narration names the titled surname and the full name, or its first name alone, in at
   * least three sentences, and these are at least 3 % of the rarer one's sentences.
   */
  areApart(titled: NameForm, full: NameForm): boolean {
    const keys = [full.key, full.lowers[0] ?? ""];
    const counts = this.#shared.get(titled.key);
    const shared = keys.reduce((sum, key) => sum + (counts?.get(key) ?? 0), 0);
    if (shared < FEWEST_SENTENCES) return false;
    const named = keys.reduce((sum, key) => sum + (this.#sentences.get(key) ?? 0), 0);
    const rarer = Math.min(this.#sentences.get(titled.key) ?? 0, named);
    return shared >= LEAST_SHARE * rarer;
  }

  #add(names: readonly NameSpan[]): void {
    const forms = new Map(names.map((name) => [formKey(name), name]));
    for (const key of forms.keys()) this.#sentences.set(key, (this.#sentences.get(key) ?? 0) + 1);
    if (forms.size > MOST_NAMES) return;
    for (const [titled, name] of forms) {
      if (!isTitledSurname(name)) continue;
      for (const other of forms.keys()) if (other !== titled) this.#count(titled, other);
    }
  }

  #count(titled: string, other: string): void {
    const counts = this.#shared.get(titled) ?? new Map<string, number>();
    counts.set(other, (counts.get(other) ?? 0) + 1);
    this.#shared.set(titled, counts);
  }
}

function isTitledSurname({ honorific, words }: NameSpan): boolean {
  return honorific !== null && words.length === 1;
}

function opensSentence(tokens: TokenList, at: number): boolean {
  const token = tokens.get(at);
  const before = tokens.get(at - 1);
  return (
    token?.quote === -1 &&
    (token.isSentenceStart || token.paragraph !== before?.paragraph || before.quote !== -1)
  );
}
