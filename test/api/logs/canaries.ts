import { randomBytes } from "node:crypto";

/** Fewer characters could occur in a log by chance. */
const LEAST_CHARS = 8;

/** Words that a test puts into the inputs of a process. No log may contain them. */
export class Canaries {
  private readonly words = new Map<string, string>();

  /** Watches a text that is not a new word, for example a password or a token. */
  readonly note = (input: string, text: string): string => {
    if (text.length < LEAST_CHARS) throw new Error(`The canary of ${input} is too short.`);
    this.words.set(input, text);
    return text;
  };

  /** Returns a new word for an input. */
  readonly of = (input: string): string => {
    const word = `canary${randomBytes(6).toString("hex")}`;
    return this.note(`${input} (${word})`, word);
  };

  /** Returns the inputs whose words a log contains, in whatever case or encoding. */
  foundIn(log: string): string[] {
    const small = log.toLowerCase();
    const found = [...this.words].filter(
      ([, word]) =>
        small.includes(word.toLowerCase()) || encodings(word).some((text) => log.includes(text)),
    );
    return found.map(([input]) => input);
  }
}

/** Returns the forms of a word in percent encoding, hexadecimal, and base64 inside longer texts. */
function encodings(word: string): string[] {
  const inBase64 = [0, 1, 2].map((shift) => {
    const text = Buffer.from("x".repeat(shift) + word).toString("base64url");
    // The characters at the ends also depend on the neighbours of the word.
    return text.slice(shift === 0 ? 0 : shift + 1, -2);
  });
  return [encodeURIComponent(word), Buffer.from(word).toString("hex"), ...inBase64];
}
