import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../src/legacy/connection.js";
import { createLegacyTables, generateLegacyData } from "../../src/legacy/demo/generator.js";
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from "../../src/platform/embedded-postgres/index.js";

/** The role that owns the legacy tables, and as which the old application writes. */
export const LEGACY_OWNER = "legacy_app";

/** A PostgreSQL of its own for migrations, with settings as in production. */
export class MigrationServer {
  private constructor(
    private readonly folder: string,
    private server: EmbeddedPostgres,
  ) {}

  static async start(): Promise<MigrationServer> {
    const folder = await mkdtemp(join(tmpdir(), "fabula-migration-"));
    // PostgreSQL may run as another user, who must be able to enter the folder.
    await chmod(folder, 0o755);
    const server = new MigrationServer(folder, await start(folder));
    await server.admin(`CREATE ROLE ${LEGACY_OWNER} NOLOGIN NOSUPERUSER`);
    return server;
  }

  urlOf(database: string): string {
    const url = new URL(this.server.superUrl);
    url.pathname = `/${database}`;
    return url.href;
  }

  /** Makes a legacy database with generated rows. */
  async makeLegacy(name: string, narrations: number): Promise<void> {
    await this.admin(`CREATE DATABASE ${name}`);
    const client = await connect(this.urlOf(name));
    await client.query(`GRANT CREATE ON SCHEMA public TO ${LEGACY_OWNER}`);
    await createLegacyTables(client, LEGACY_OWNER);
    await generateLegacyData(client, LEGACY_OWNER, { seed: "bench", narrations });
    await client.end();
  }

  copy(name: string, template: string): Promise<void> {
    return this.admin(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  }

  remove(name: string): Promise<void> {
    return this.admin(`DROP DATABASE ${name} WITH (FORCE)`);
  }

  /** Ends PostgreSQL at once, as a power cut does, and starts PostgreSQL again. */
  async crash(): Promise<void> {
    const [pid = ""] = (
      await readFile(join(this.folder, "postgres/data/postmaster.pid"), "utf8")
    ).split("\n");
    process.kill(Number(pid), "SIGQUIT");
    await this.server.stop().catch(() => undefined);
    this.server = await start(this.folder);
  }

  async close(): Promise<void> {
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async admin(sql: string): Promise<void> {
    const client = await connect(this.server.superUrl);
    await client.query(sql);
    await client.end();
  }
}

const start = (folder: string): Promise<EmbeddedPostgres> =>
  startEmbeddedPostgres({ dataDir: join(folder, "postgres"), logger: () => undefined });
