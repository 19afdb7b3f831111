import { randomBytes } from "node:crypto";

/** The prepared statements that one connection keeps. PostgreSQL needs some 50 KB for each of them. */
const MOST_STATEMENTS = 200;

/**
 * The names of the prepared statements of one connection. PostgreSQL parses and plans a prepared statement
 * once, not at each call.
 */
export class StatementNames {
  /** Texts with their names, the least recently used first. The name is null after the first use. */
  private readonly names = new Map<string, string | null>();
  // A pooler can give the session of a client that left to another client. So no two clients have the
  // same names.
  private readonly prefix = `fabula_${randomBytes(6).toString("hex")}_`;
  private made = 0;

  /**
   * Returns the name of a statement. Returns undefined at the first use of a text, because most texts
   * that are used once are never used again.
   */
  nameOf(text: string): string | undefined {
    const known = this.names.get(text);
    if (known === undefined) {
      this.names.set(text, null);
      return undefined;
    }
    const name = known ?? `${this.prefix}${(this.made += 1)}`;
    this.names.delete(text);
    this.names.set(text, name);
    return name;
  }

  /** The next use of the text counts as its first use. */
  forget(text: string): void {
    this.names.delete(text);
  }

  /**
   * Forgets the least recently used texts beyond the limit. Returns the names of their statements, which
   * the caller must deallocate.
   */
  takeSurplus(): readonly string[] {
    const surplus: string[] = [];
    for (const [text, name] of this.names) {
      if (this.names.size <= MOST_STATEMENTS) break;
      this.names.delete(text);
      if (name !== null) surplus.push(name);
    }
    return surplus;
  }
}
