import { EventEmitter, on } from "node:events";
import pg from "pg";
import type { Logger } from "../../process/logging.js";
import { KEEP_ALIVE } from "../connection/data-source.js";
import type { Tx } from "../transactions/database.js";
import type { Notifier } from "./notifier.js";
import { Role, setSession } from "../connection/settings.js";

const CHANNEL = "fabula";
const RECONNECT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** How often the connection proves that it is alive, and how long the answer may take. */
export interface Heartbeat {
  readonly everyMs: number;
  readonly timeoutMs: number;
}

/** A dead connection is replaced within ten seconds. */
const HEARTBEAT: Heartbeat = { everyMs: 4_000, timeoutMs: 4_000 };

// Events that are not topics. Node's on() also listens for them, and each of them ends every
// listener.
const NO_TOPICS = new Set<string | symbol>(["closed", "error"]);

/** Runs LISTEN on its own connection, and NOTIFY in the sender's transaction. */
export class PostgresNotifier implements Notifier {
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private client: pg.Client | undefined;
  private reconnecting: NodeJS.Timeout | undefined;
  private beating: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    private readonly url: string,
    private readonly logger: Logger,
    private readonly heartbeat = HEARTBEAT,
  ) {}

  async notify(tx: Tx, channel: string, payload: string): Promise<void> {
    await tx.query("SELECT pg_notify($1, $2)", [CHANNEL, topicOf(channel, payload)]);
  }

  listen(channel: string, payload: string): AsyncIterableIterator<void> {
    const news = on(this.emitter, topicOf(channel, payload), { close: ["closed"] });
    return {
      next: async () => ({ done: (await news.next()).done ?? false, value: undefined }),
      return: async () => {
        await news.return?.();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  async connect(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.url,
      application_name: "fabula-notifier",
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      ...KEEP_ALIVE,
      // With `pipeline`, pg closes the connection if a statement takes longer than `query_timeout`.
      pipeline: true,
      query_timeout: this.heartbeat.timeoutMs,
    });
    client.on("notification", ({ payload = "" }) => this.emitter.emit(payload));
    client.on("error", (error) => {
      this.reconnect(client, error);
    });
    client.on("end", () => {
      this.reconnect(client);
    });
    try {
      await client.connect();
      await setSession(client, Role.App);
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
    this.client = client;
    if (this.isClosed) await this.close();
    else this.beat(client);
  }

  /**
   * Sends a statement at intervals to check the connection. LISTEN only receives, so without this
   * check a dead connection looks like a connection without notifications.
   */
  private beat(client: pg.Client): void {
    clearInterval(this.beating);
    this.beating = setInterval(() => {
      client.query("SELECT 1").catch((error: unknown) => {
        this.reconnect(client, error);
      });
    }, this.heartbeat.everyMs);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    clearTimeout(this.reconnecting);
    clearInterval(this.beating);
    this.emitter.emit("closed");
    await this.client?.end().catch(() => undefined);
  }

  private reconnect(lost: pg.Client, error?: unknown): void {
    if (this.isClosed || lost !== this.client) return;
    this.client = undefined;
    clearInterval(this.beating);
    this.logger.warn({ err: error }, "Lost the connection for notifications; reconnecting");
    void lost.end().catch(() => undefined);
    this.retryLater();
  }

  private retryLater(): void {
    this.reconnecting = setTimeout(() => {
      this.connect().then(
        () => {
          this.wakeEveryone();
        },
        () => {
          if (!this.isClosed) this.retryLater();
        },
      );
    }, RECONNECT_MS);
  }

  /**
   * Wakes every listener, because notifications may have been missed while the connection was lost.
   */
  private wakeEveryone(): void {
    for (const topic of this.emitter.eventNames()) {
      if (!NO_TOPICS.has(topic)) this.emitter.emit(topic);
    }
  }
}

const topicOf = (channel: string, payload: string): string => `${channel}:${payload}`;
