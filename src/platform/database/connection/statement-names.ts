import { randomBytes } from "node:crypto";
import type { PreparedStatement } from "../rows/row-query.js";

/** The prepared statements that one connection keeps. PostgreSQL needs some 50 KB for each of them. */
const MOST_STATEMENTS = 200;

/**
 * The names of the prepared statements of one connection. PostgreSQL parses and plans a prepared statement
 * once, not at each call.
 */
export class StatementNames {
  /** Texts, the least recently used first. A text has no statement after its first use. */
  private readonly statements = new Map<string, PreparedStatement | null>();
  // A pooler can give the session of a client that left to another client. So no two clients have the
  // same names.
  private readonly prefix = `fabula_${randomBytes(6).toString("hex")}_`;
  private made = 0;

  /**
   * Returns the statement with this text. Returns undefined at the first use of a text, because most
   * texts that are used once are never used again.
   */
  statementOf(text: string): PreparedStatement | undefined {
    const known = this.statements.get(text);
    if (known === undefined) {
      this.statements.set(text, null);
      return undefined;
    }
    const statement = known ?? { name: `${this.prefix}${(this.made += 1)}` };
    this.statements.delete(text);
    this.statements.set(text, statement);
    return statement;
  }

  /** The next use of the text counts as its first use. */
  forget(text: string): void {
    this.statements.delete(text);
  }

  /**
   * Forgets the least recently used texts beyond the limit. Returns the names of their statements, which
   * the caller must deallocate.
   */
  takeSurplus(): readonly string[] {
    const surplus: string[] = [];
    for (const [text, statement] of this.statements) {
      if (this.statements.size <= MOST_STATEMENTS) break;
      this.statements.delete(text);
      if (statement) surplus.push(statement.name);
    }
    return surplus;
  }
}
