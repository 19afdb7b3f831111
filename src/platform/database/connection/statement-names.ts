import { randomBytes } from "node:crypto";
import type { PreparedStatement } from "../rows/row-query.js";

/** The prepared statements that one connection keeps. PostgreSQL needs some 50 KB for each of them. */
const MOST_STATEMENTS = 200;

interface Known {
  /** Null after the first use of the text. */
  statement: PreparedStatement | null;
  /** The number of the last use. */
  usedAt: number;
}

/**
 * The names of the prepared statements of one connection. PostgreSQL parses and plans a prepared statement
 * once, not at each call.
 */
export class StatementNames {
  /** How often a statement of any connection was refused. */
  private static refusals = 0;
  private seenRefusals = StatementNames.refusals;
  private readonly texts = new Map<string, Known>();
  // A pooler can give the session of a client that left to another client. So no two clients have the
  // same names.
  private readonly prefix = `fabula_${randomBytes(6).toString("hex")}_`;
  private made = 0;
  private uses = 0;

  /**
   * Returns the statement with this text. Returns undefined at the first use of a text, because most
   * texts that are used once are never used again.
   */
  statementOf(text: string): PreparedStatement | undefined {
    const usedAt = (this.uses += 1);
    const known = this.texts.get(text);
    if (!known) {
      this.texts.set(text, { statement: null, usedAt });
      return undefined;
    }
    known.usedAt = usedAt;
    known.statement ??= { name: `${this.prefix}${(this.made += 1)}` };
    return known.statement;
  }

  /**
   * Call this if PostgreSQL refused a prepared statement, because a migration changed a column. The statements
   * of all connections are then old.
   */
  static refuse(): void {
    StatementNames.refusals += 1;
  }

  /** Forgets all texts after a refusal. Returns true if the caller must deallocate all statements. */
  forgetRefused(): boolean {
    if (this.seenRefusals === StatementNames.refusals) return false;
    this.seenRefusals = StatementNames.refusals;
    this.texts.clear();
    return true;
  }

  /**
   * Forgets the least recently used texts beyond the limit. Returns the names of their statements, which
   * the caller must deallocate.
   */
  takeSurplus(): readonly string[] {
    if (this.texts.size <= MOST_STATEMENTS) return [];
    const byUse = [...this.texts].sort(([, one], [, other]) => one.usedAt - other.usedAt);
    const surplus = byUse.slice(0, byUse.length - MOST_STATEMENTS);
    for (const [text] of surplus) this.texts.delete(text);
    return surplus.flatMap(([, { statement }]) => (statement ? [statement.name] : []));
  }
}
