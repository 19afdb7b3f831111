import {
  type Character,
  FIRST_PERSON,
  PRONOUN_GENDER,
  SUBJECT_PRONOUNS,
} from "../analyser/index.js";
import { shortText } from "./short-text.js";

/** A character as the model knows it. */
export interface CastCharacter {
  readonly id: string;
  readonly names: readonly string[];
  /** How often the text contains a name that the model found. 0 for the characters of the document. */
  readonly mentions: number;
  readonly isNew: boolean;
}

const LONGEST_NAME = 60;
/** A model that names more new characters than this invents them. */
const MOST_NEW = 100;
/** A model that names more than this invents names. Each look-up reads the whole text. */
const MOST_SOUGHT = 2000;

/**
 * The characters of a text: those of the embedded document, and those that the model found. A name belongs
 * to one character, and stands in the text.
 */
export class Cast {
  private readonly byId = new Map<string, CastCharacter>();
  private readonly byName = new Map<string, string>();
  private newCount = 0;
  /** How often the text contains each name that was sought. */
  private readonly counts = new Map<string, number>();

  constructor(
    private readonly text: string,
    characters: readonly Pick<Character, "id" | "canonicalName" | "aliases">[],
  ) {
    for (const { id, canonicalName, aliases } of characters) {
      const names = [canonicalName, ...aliases];
      this.byId.set(id, { id, names, mentions: 0, isNew: false });
      for (const name of names) this.claim(name, id);
    }
  }

  get all(): readonly CastCharacter[] {
    return [...this.byId.values()];
  }

  has(id: string): boolean {
    return this.byId.has(id);
  }

  /** Returns the id of the character with the name, as far as one is known. */
  idOfName(name: string): string | null {
    return this.byName.get(nameKey(name)) ?? null;
  }

  /**
   * Returns the id of a character that the model calls new: a known one with this name, or a new one whose
   * name stands in the text. Returns null for a name that cannot be used.
   */
  add(name: unknown): string | null {
    const written = this.writtenName(name);
    if (written === null) return null;
    const known = this.idOfName(written);
    if (known !== null) return known;
    if (this.newCount >= MOST_NEW) return null;
    this.newCount += 1;
    const id = this.freshId(written);
    this.byId.set(id, { id, names: [written], mentions: this.count(written), isNew: true });
    this.claim(written, id);
    return id;
  }

  /**
   * Returns the name as the text writes the name. Returns null if the text does not contain the name, or if
   * the value is no name.
   */
  writtenName(value: unknown): string | null {
    const name = shortText(value, LONGEST_NAME);
    if (name === null || !/\p{L}/u.test(name) || isPronoun(name)) return null;
    return this.count(name) > 0 ? name : null;
  }

  private claim(name: string, id: string): void {
    const key = nameKey(name);
    if (!this.byName.has(key)) this.byName.set(key, id);
  }

  /** Returns how often the text contains a name. Returns 0 after too many different names. */
  private count(name: string): number {
    const known = this.counts.get(name);
    if (known !== undefined) return known;
    if (this.counts.size >= MOST_SOUGHT) return 0;
    const count = this.countInText(name);
    this.counts.set(name, count);
    return count;
  }

  private countInText(name: string): number {
    const words = name
      .split(" ")
      .map(escapeWord)
      .join(String.raw`\s+`);
    const whole = new RegExp(String.raw`(?<![\p{L}\p{N}])${words}(?![\p{L}\p{N}])`, "gu");
    let count = 0;
    while (whole.test(this.text)) count += 1;
    return count;
  }

  private freshId(name: string): string {
    const slug =
      nameKey(name)
        .replace(/[^\p{L}\p{N}]+/gu, "-")
        .replace(/^-|-$/g, "") || "character";
    for (let count = 1; ; count += 1) {
      const id = count === 1 ? slug : `${slug}-${count}`;
      if (!this.byId.has(id) && id !== NOBODY) return id;
    }
  }
}

/** What the model answers if no person speaks the words. */
export const NOBODY = "nobody";

const isPronoun = (name: string): boolean => {
  const word = name.toLowerCase();
  return PRONOUN_GENDER.has(word) || SUBJECT_PRONOUNS.has(word) || FIRST_PERSON.has(word);
};

const escapeWord = (word: string): string => word.replace(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);

/** Names with the same key are the same name. A model may write “sailor” for “the sailor”. */
export const nameKey = (name: string): string =>
  name
    .normalize("NFC")
    .toLowerCase()
    .replace(/[\s.]+/gu, " ")
    .trim()
    .replace(/^(the|an?) (?=.)/u, "");
