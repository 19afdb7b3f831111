import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { connect } from "../../src/legacy/connection.js";
import { checksums } from "./migration-checksum.js";
import { MigrationServer } from "./migration-server.js";

export interface MigrationFaults {
  readonly narrations: number;
  /** How often the runner is killed at a random moment. */
  readonly kills: number;
  /** How often PostgreSQL ends at once at a random moment. */
  readonly stops: number;
  /** The compiled process of `npm run migrate`. */
  readonly program: string;
  readonly random: () => number;
  readonly say: (line: string) => void;
}

/** Names that nobody may guess depend on the salt, so compared migrations have the same salt. */
const SALT = "00000000-0000-4000-8000-000000000000";
const TEMPLATE = "legacy";

/**
 * Migrates the same legacy database without a fault, with kills of the runner, and with crashes of PostgreSQL.
 * Returns what is wrong: a result that differs, or a second run that writes.
 */
export async function runMigrationFaults(options: MigrationFaults): Promise<string[]> {
  const server = await MigrationServer.start();
  try {
    return await new FaultRuns(server, options).run();
  } finally {
    await server.close();
  }
}

class FaultRuns {
  private readonly errors: string[] = [];

  constructor(
    private readonly server: MigrationServer,
    private readonly options: MigrationFaults,
  ) {}

  async run(): Promise<string[]> {
    const { narrations, kills, stops, say } = this.options;
    await this.server.makeLegacy(TEMPLATE, narrations);
    await this.expand("calm");
    const startedMs = performance.now();
    await this.toTheEnd("calm");
    const calmMs = performance.now() - startedMs;
    const expected = await checksums(this.server.urlOf("calm"));
    say(`Migrated ${narrations} narrations without a fault in ${Math.round(calmMs)} ms`);
    await this.expand("killed");
    for (let kill = 1; kill <= kills; kill += 1) await this.kill("killed", calmMs);
    await this.compare("killed", expected);
    await this.expand("crashed");
    for (let stop = 1; stop <= stops; stop += 1) await this.crash("crashed", calmMs);
    await this.compare("crashed", expected);
    return this.errors;
  }

  private async expand(name: string): Promise<void> {
    await this.server.copy(name, TEMPLATE);
    await this.finish(this.start(name, "expand"), "expand");
    const client = await connect(this.server.urlOf(name));
    await client.query("UPDATE legacy_sync.settings SET salt = $1", [SALT]);
    await client.end();
  }

  private async kill(name: string, calmMs: number): Promise<void> {
    const runner = this.start(name, "backfill");
    const ended = once(runner, "exit");
    const waitMs = Math.round(this.options.random() * calmMs);
    await Promise.race([ended, pause(waitMs)]);
    runner.kill("SIGKILL");
    await ended;
  }

  private async crash(name: string, calmMs: number): Promise<void> {
    const runner = this.start(name, "backfill");
    const ended = once(runner, "exit");
    await Promise.race([ended, pause(Math.round(this.options.random() * calmMs))]);
    await this.server.crash();
    await ended;
  }

  /** Ends an interrupted migration, compares the result, and runs once more. */
  private async compare(name: string, expected: Readonly<Record<string, string>>): Promise<void> {
    await this.toTheEnd(name);
    const found = await checksums(this.server.urlOf(name));
    const different = Object.keys(expected).filter((part) => expected[part] !== found[part]);
    for (const part of different) {
      this.errors.push(
        `${name}: ${part} differ: ${expected[part] ?? ""}, but ${found[part] ?? ""}`,
      );
    }
    const before = await this.written(name);
    await this.toTheEnd(name);
    const after = (await this.written(name)) - before;
    if (after > 0) this.errors.push(`${name}: a second run wrote ${after} rows`);
    this.options.say(
      `${name}: ${different.length} of ${Object.keys(expected).length} parts differ`,
    );
  }

  private toTheEnd(name: string): Promise<void> {
    return this.finish(this.start(name, "backfill"), "backfill");
  }

  /** The rows of our tables that any transaction ever inserted, updated or deleted. */
  private async written(name: string): Promise<number> {
    const client = await connect(this.server.urlOf(name));
    const { rows } = await client.query<{ writes: number }>(
      `SELECT pg_stat_force_next_flush() IS NULL AS flushed,
         sum(n_tup_ins + n_tup_upd + n_tup_del)::float8 AS writes
       FROM pg_stat_user_tables WHERE schemaname IN ('platform', 'reference', 'instances')`,
    );
    await client.end();
    return rows[0]?.writes ?? 0;
  }

  private start(name: string, command: string): ChildProcess {
    return spawn(process.execPath, [this.options.program, command], {
      env: { PATH: process.env["PATH"], DATABASE_URL: this.server.urlOf(name) },
      stdio: ["ignore", "ignore", "pipe"],
    });
  }

  private async finish(runner: ChildProcess, command: string): Promise<void> {
    let notes = "";
    runner.stderr?.on("data", (chunk: Buffer) => (notes += chunk.toString()));
    const [code] = (await once(runner, "exit")) as [number | null];
    if (code !== 0) throw new Error(`${command} ended with ${code ?? "a signal"}: ${notes}`);
  }
}
