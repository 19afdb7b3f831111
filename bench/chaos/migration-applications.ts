import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { dataSourceFor } from "../../ormconfig.js";
import { type App, createApp } from "../../src/app.js";
import { NO_QUOTAS } from "../../src/config.js";
import { createMediaSigner } from "../../src/http/media/signer.js";
import { createUploadSigner } from "../../src/http/uploads/upload-signer.js";
import {
  OldApplication,
  type OldApplicationReport,
} from "../../src/legacy/demo/old-application.js";
import type { VerificationReport } from "../../src/legacy/verify/verify.js";
import { systemClock } from "../../src/platform/clock.js";
import { Role } from "../../src/platform/database/connection/data-source.js";
import { createLogger } from "../../src/platform/process/logging.js";
import { percentile } from "./latencies.js";
import { LEGACY_OWNER, MigrationServer } from "./migration-server.js";
import { NewApplication } from "./new-application.js";

export interface BothApplications {
  readonly narrations: number;
  /** How long both applications write after each of the steps between which they write. */
  readonly seconds: number;
  /** Statements of each application. Of ours, those that use tables count. */
  readonly perSecond: number;
  /** The compiled process of `npm run migrate`. */
  readonly program: string;
  readonly random: () => number;
  readonly say: (line: string) => void;
}

export interface ApplicationsReport {
  readonly lines: readonly string[];
  /** What is wrong: statements of the old application that failed, or rows that differ at the end. */
  readonly errors: readonly string[];
}

const DATABASE = "shared";
const OLD_WRITERS = 4;
const OUR_WRITERS = 8;
const MOST_ERRORS = 5;
const SIGNING = { secret: "a secret of the bench, never of a server", clock: systemClock };

/**
 * Lets the old application and ours write on the same rows while a database is expanded, copied, verified,
 * rolled back, and migrated once more. Then compares every row.
 */
export async function runBothApplications(options: BothApplications): Promise<ApplicationsReport> {
  const server = await MigrationServer.start();
  const folder = await mkdtemp(join(tmpdir(), "fabula-both-"));
  try {
    await server.makeLegacy(DATABASE, options.narrations);
    return await new ApplicationRun(server.urlOf(DATABASE), folder, options).run();
  } finally {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface OurWork extends Pick<NewApplication, "changed" | "statements" | "failures"> {
  readonly seconds: number;
}

class ApplicationRun {
  private readonly errors: string[] = [];
  private readonly lines: string[] = [];

  constructor(
    private readonly url: string,
    private readonly folder: string,
    private readonly options: BothApplications,
  ) {}

  async run(): Promise<ApplicationsReport> {
    const { perSecond, say } = this.options;
    say("The old application works alone");
    const alone = this.oldApplication();
    alone.start();
    await this.wait();
    const baseline = await alone.stop();
    const old = this.oldApplication();
    const startedMs = performance.now();
    old.start();
    const ours = await this.migrateTwice();
    const during = await old.stop();
    const seconds = secondsSince(startedMs);
    if (during.failures.length > 0) {
      this.errors.push(`${during.failures.length} statements of the old application failed`);
      this.errors.push(...during.failures.slice(0, MOST_ERRORS));
    }
    this.lines.push(
      `old application before   ${latencies(baseline)}`,
      `old application during   ${latencies(during)}`,
      `old application          ${rate(during.statements, seconds)} of ${perSecond} statements/s, ${during.failures.length} of ${during.statements} failed`,
      `our application          ${rate(ours.statements, ours.seconds)} of ${perSecond} statements/s, ${ours.changed} changes, ${ours.failures.length} failed`,
      ...ours.failures.slice(0, MOST_ERRORS).map((failure) => `  ${failure}`),
    );
    const differing = await this.verify("both stopped");
    if (differing > 0) this.errors.push(`${differing} rows and answers differ at the end`);
    this.lines.push(`rows that differ         ${differing}`);
    return { lines: this.lines, errors: this.errors };
  }

  /** Goes through all steps while the old application works, and ours from the first `backfill` on. */
  private async migrateTwice(): Promise<OurWork> {
    await this.migrate("expand");
    await this.migrate("backfill");
    const app = await this.openApp();
    const pool = new pg.Pool({ connectionString: this.url, max: 2 });
    pool.on("error", () => undefined);
    const superuser = async <R extends object>(sql: string, values: readonly unknown[] = []) =>
      (await pool.query<R>(sql, [...values])).rows;
    const ours = new NewApplication({ services: app.services, superuser }, this.options.random);
    const startedMs = performance.now();
    ours.start(OUR_WRITERS, this.options.perSecond);
    try {
      await this.wait();
      await this.verify("both write");
      // Our servers should be stopped before a rollback. These go on, as servers do that nobody has stopped.
      await this.migrate("rollback");
      await this.wait();
      await this.migrate("expand");
      await this.migrate("backfill");
      await this.verify("both write, after the rollback", "--repair");
      await this.wait();
    } finally {
      await ours.stop();
      await pool.end();
      await app.close();
    }
    const { changed, statements, failures } = ours;
    return { changed, statements, failures, seconds: secondsSince(startedMs) };
  }

  private oldApplication(): OldApplication {
    const { random, perSecond: statementsPerSecond } = this.options;
    const { url } = this;
    return new OldApplication({
      ...{ url, role: LEGACY_OWNER, random, writers: OLD_WRITERS, statementsPerSecond },
    });
  }

  private openApp(): Promise<App> {
    const { url, folder } = this;
    return createApp({
      dataSource: dataSourceFor({ url, role: Role.App }),
      databaseUrl: url,
      logger: createLogger({ logLevel: "error", isProduction: false }),
      quotas: NO_QUOTAS,
      storage: { kind: "disk", root: join(folder, "blobs") },
      mediaSigner: createMediaSigner(SIGNING),
      uploadSigner: createUploadSigner(SIGNING),
      makesSamples: false,
    });
  }

  /** Runs `verify`, and returns how many rows differ. */
  private async verify(when: string, ...words: string[]): Promise<number> {
    const { pairs, shadowReads } = JSON.parse(
      await this.migrate("verify", ...words, "--json"),
    ) as VerificationReport;
    const rows = pairs.reduce((sum, { wrong, extra }) => sum + wrong + extra, 0);
    const answers = shadowReads.reduce((sum, { differences }) => sum + differences.length, 0);
    const repaired = pairs.reduce((sum, pair) => sum + pair.repaired, 0);
    const { say } = this.options;
    say(`  ${when}: ${rows} rows and ${answers} answers differ, ${repaired} rows repaired`);
    for (const { pair, examples } of pairs) {
      for (const example of examples) say(`    ${pair} ${JSON.stringify(example)}`);
    }
    for (const { pair, differences } of shadowReads) {
      for (const each of differences) say(`    answer of ${pair} ${JSON.stringify(each)}`);
    }
    return rows + answers;
  }

  private wait(): Promise<void> {
    return pause(this.options.seconds * 1_000);
  }

  /** Runs a command of the migration in a process of its own, and returns its output. */
  private migrate(...words: string[]): Promise<string> {
    const { program, say } = this.options;
    const env = {
      PATH: process.env["PATH"],
      DATABASE_URL: this.url,
      DATA_DIR: this.folder,
    };
    const startedMs = performance.now();
    return new Promise((resolve, reject) => {
      execFile(process.execPath, [program, ...words], { env }, (error, output, notes) => {
        say(`${words.join(" ")}: ${secondsSince(startedMs).toFixed(1)} s`);
        // A verification that finds differences ends with an error code, and with a report.
        if (error && !output.includes('"pairs"'))
          reject(new Error(`${words.join(" ")}: ${notes}${output}`));
        else resolve(output);
      });
    });
  }
}

const secondsSince = (startedMs: number): number => (performance.now() - startedMs) / 1_000;

const rate = (count: number, seconds: number): string => (count / seconds).toFixed(1);

const latencies = ({ latenciesMs }: OldApplicationReport): string =>
  `p50 ${percentile(latenciesMs, 0.5).toFixed(1)} ms, p99 ${percentile(latenciesMs, 0.99).toFixed(1)} ms, max ${percentile(latenciesMs, 1).toFixed(0)} ms`;
