import { readdirSync, readFileSync } from "node:fs";
import type { MigrationInterface, QueryRunner } from "typeorm";

type MigrationClass = new () => MigrationInterface;

const BUILT_INDEX = /CREATE (?:UNIQUE )?INDEX CONCURRENTLY IF NOT EXISTS (\w+) ON (\w+)\./;
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
      for (const statement of statements) {
        if (!inTransaction) await dropInvalidIndex(runner, statement);
        await runner.query(statement);
      }
    }

    down(): Promise<void> {
      throw new Error(
        `${file} cannot be reverted; write a new migration that makes the opposite change.`,
      );
    }
  };
}

/**
 * If an earlier run could not build the index of the statement, drops what is left of the index. CONCURRENTLY
 * leaves an invalid index, and IF NOT EXISTS would keep this index.
 */
async function dropInvalidIndex(runner: QueryRunner, statement: string): Promise<void> {
  const [, index, schema] = BUILT_INDEX.exec(statement) ?? [];
  if (!index || !schema) return;
  const invalid: unknown = await runner.query(
    "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass($1) AND NOT indisvalid",
    [`${schema}.${index}`],
  );
  if (Array.isArray(invalid) && invalid.length > 0)
    await runner.query(`DROP INDEX CONCURRENTLY ${schema}.${index}`);
}
