import { readdirSync, readFileSync } from "node:fs";
import type { MigrationInterface, QueryRunner } from "typeorm";

type MigrationClass = new () => MigrationInterface;

const NAME = /^(\d{3})-([a-z0-9-]+)\.sql$/;

/**
 * Every NNN-name.sql in this folder, in order, as a TypeORM migration.
 * A file with the line `-- transaction: none` runs outside a transaction, one statement at a time.
 * CONCURRENTLY requires this.
 */
export const migrations: MigrationClass[] = readdirSync(new URL(".", import.meta.url))
  .filter((file) => NAME.test(file))
  .sort()
  .map(migrationOf);

function migrationOf(file: string): MigrationClass {
  const [, number, name] = NAME.exec(file) ?? [];
  const sql = readFileSync(new URL(file, import.meta.url), "utf8");
  const inTransaction = !/^-- transaction: none$/m.test(sql);
  const statements = inTransaction ? [sql] : sql.split(/;\s*$/m).filter((part) => part.trim());

  return class implements MigrationInterface {
    // TypeORM orders by the last 13 digits of the name. By convention these digits are a timestamp in
    // milliseconds.
    readonly name = `${String(name)}${String(number).padStart(13, "0")}`;
    readonly transaction = inTransaction;

    async up(runner: QueryRunner): Promise<void> {
      for (const statement of statements) await runner.query(statement);
    }

    down(): Promise<void> {
      throw new Error(
        `${file} cannot be reverted; write a new migration that makes the opposite change.`,
      );
    }
  };
}
