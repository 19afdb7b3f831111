import { EventEmitter } from "node:events";
import pg from "pg";
import {
  DAILY_STATEMENTS,
  type OldStatement,
  RARE_STATEMENTS,
  type Random,
} from "./old-statements.js";
import { Rate } from "./rate.js";

/** One statement in this many is a rare one. */
const RARE = 20;

export interface OldApplicationOptions {
  readonly url: string;
  /** The role as which the old application writes. */
  readonly role: string;
  readonly random: Random;
  /** How many connections write at the same time. */
  readonly writers: number;
  /** If statements take longer, those that are late follow at once. */
  readonly statementsPerSecond: number;
}

/** What the old application noticed. */
export interface OldApplicationReport {
  readonly statements: number;
  /** The name and the error of each statement that failed. */
  readonly failures: readonly string[];
  /** The time of each statement, in milliseconds. */
  readonly latenciesMs: readonly number[];
}

/** The old application at work: it reads and writes the legacy tables, and knows nothing of the migration. */
export class OldApplication {
  private readonly failures: string[] = [];
  private readonly latenciesMs: number[] = [];
  private readonly ending = new AbortController();
  private readonly issued = new EventEmitter();
  private readonly pool: pg.Pool;
  private working: Promise<unknown> = Promise.resolve();
  private ended: Promise<OldApplicationReport> | undefined;

  constructor(private readonly options: OldApplicationOptions) {
    const { url, role, writers } = options;
    this.pool = new pg.Pool({
      connectionString: url,
      max: writers,
      application_name: "old application",
      options: `-c role=${role}`,
    });
    this.pool.on("error", () => undefined);
  }

  /** Begins to read and write until `stop`. */
  start(): void {
    const { writers, statementsPerSecond } = this.options;
    const rate = new Rate(statementsPerSecond);
    this.working = Promise.all(Array.from({ length: writers }, () => this.write(rate)));
  }

  /** Resolves when the old application has issued this many more statements. */
  untilIssued(statements: number): Promise<void> {
    const wanted = this.latenciesMs.length + statements;
    return new Promise((resolve) => {
      const look = (): void => {
        if (this.latenciesMs.length < wanted) return;
        this.issued.off("statement", look);
        resolve();
      };
      this.issued.on("statement", look);
    });
  }

  /** Ends the work. Returns what the old application noticed. */
  stop(): Promise<OldApplicationReport> {
    return (this.ended ??= this.end());
  }

  private async end(): Promise<OldApplicationReport> {
    this.ending.abort();
    await this.working;
    await this.pool.end();
    const { failures, latenciesMs } = this;
    return { statements: latenciesMs.length, failures, latenciesMs };
  }

  private async write(rate: Rate): Promise<void> {
    while (await rate.next(this.ending.signal)) await this.run(this.choose());
  }

  private choose(): OldStatement {
    const { random } = this.options;
    const list = random() * RARE < 1 ? RARE_STATEMENTS : DAILY_STATEMENTS;
    const [first] = list;
    const chosen = list[Math.floor(random() * list.length)] ?? first;
    if (!chosen) throw new Error("The old application has no statements.");
    return chosen;
  }

  private async run({ name, sql, values }: OldStatement): Promise<void> {
    const began = performance.now();
    try {
      await this.pool.query(sql, [...values(this.options.random)]);
    } catch (error) {
      this.failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.latenciesMs.push(performance.now() - began);
    this.issued.emit("statement");
  }
}
