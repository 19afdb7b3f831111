import { once } from "node:events";
import net from "node:net";
import pg from "pg";
import {
  type BackendKey,
  MessageReader,
  cancelRequest,
  readFirstMessage,
  refusal,
  typeOf,
  welcome,
} from "./postgres-messages.js";

export interface PoolerOptions {
  /** When a client gives its session back: after a statement, after a transaction, or when it leaves. */
  readonly mode?: "statement" | "transaction" | "session";
  /**
   * What the pooler does with an unknown startup parameter, for example `options`: it drops the
   * parameter, or refuses the client.
   */
  readonly startup?: "drops" | "refuses";
  /** The most sessions. Default 2. */
  readonly sessions?: number;
  /** Which of the free sessions the next client gets. */
  readonly gives?: "last used" | "first used";
  /**
   * The key that a client gets for its cancel requests. "own": the pooler makes a key for each client,
   * and cancels in the client's current session. "of the first session": each client gets the key of the
   * first session, and PostgreSQL gets this key.
   */
  readonly keys?: "own" | "of the first session";
}

/**
 * A pooler in front of a real PostgreSQL. When another client gets a session, the pooler resets nothing
 * in the session.
 */
export interface Pooler {
  /** All sessions have the login of `serverUrl`, whatever login a client sends. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a pooler that logs in at `serverUrl`. */
export async function startPooler(serverUrl: string, options: PoolerOptions = {}): Promise<Pooler> {
  const pool = new SessionPool(serverUrl, options);
  const first = await pool.openFirst();
  const clients = new Set<Client>();
  const server = net.createServer({ noDelay: true }, (socket) => {
    const client = new Client(socket, { pool, first, options });
    clients.add(client);
    socket.once("close", () => clients.delete(client));
    client.onCancel = (key) => {
      const target = [...clients].find((other) => isSame(other.key, key))?.session?.key;
      pool.cancel(options.keys === "of the first session" ? key : target, socket);
    };
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
  return {
    url: url.href,
    close: async () => {
      for (const client of clients) client.end();
      server.close();
      await once(server, "close");
      await pool.close();
    },
  };
}

const isSame = (one: BackendKey, other: BackendKey): boolean =>
  one.pid === other.pid && one.secret === other.secret;

/** A session in PostgreSQL that clients use in turn. */
class Session {
  readonly parameters = new Map<string, string>();
  key: BackendKey = { pid: 0, secret: 0 };
  /** The state of the session's transaction: I for idle, T for open, E for failed. */
  status = "I";
  client: Client | undefined;
  private readonly driver: pg.Client;

  constructor(connectionString: string) {
    this.driver = new pg.Client({ connectionString });
  }

  /**
   * Opens the session. The driver pg logs in. After the login, this class reads and writes the messages
   * itself.
   */
  async open(onClose: () => void): Promise<void> {
    const { driver } = this;
    driver.on("error", () => undefined);
    driver.connection.on("parameterStatus", (message: Record<string, string>) => {
      this.parameters.set(message["parameterName"] ?? "", message["parameterValue"] ?? "");
    });
    await driver.connect();
    const { processID, secretKey } = driver as unknown as { processID: number; secretKey: number };
    this.key = { pid: processID, secret: secretKey };
    const reader = new MessageReader({ isTyped: true });
    driver.connection.stream.removeAllListeners("data");
    driver.connection.stream.on("data", (bytes: Buffer) => {
      for (const message of reader.read(bytes)) {
        if (typeOf(message) === "Z") this.status = message.subarray(5).toString();
        this.client?.receive(message);
      }
    });
    driver.connection.stream.once("close", () => {
      onClose();
      this.client?.end();
    });
  }

  write(bytes: Buffer): void {
    this.driver.connection.stream.write(bytes);
  }

  async close(): Promise<void> {
    const { stream } = this.driver.connection;
    if (stream.destroyed) return;
    const closed = once(stream, "close");
    stream.destroy();
    await closed;
  }
}

class SessionPool {
  private free: Session[] = [];
  private readonly all = new Set<Session>();
  private readonly waiting: ((session: Session) => void)[] = [];

  constructor(
    private readonly url: string,
    private readonly options: PoolerOptions,
  ) {}

  async openFirst(): Promise<Session> {
    const session = await this.open();
    this.free.push(session);
    return session;
  }

  async take(): Promise<Session> {
    const { gives = "last used", sessions = 2 } = this.options;
    const free = gives === "last used" ? this.free.pop() : this.free.shift();
    if (free) return free;
    if (this.all.size < sessions) return this.open();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /**
   * Gives the session to the next waiting client. Closes a session with an open transaction, as
   * PgBouncer does.
   */
  giveBack(session: Session, isIdle: boolean): void {
    session.client = undefined;
    const next = this.waiting.shift();
    if (isIdle && next) next(session);
    else if (isIdle) this.free.push(session);
    else {
      void session.close();
      if (next) void this.open().then(next, () => undefined);
    }
  }

  /**
   * Sends a cancel request to PostgreSQL. Closes `asking`, the client's connection, after PostgreSQL has
   * read the request.
   */
  cancel(key: BackendKey | undefined, asking: net.Socket): void {
    if (!key) {
      asking.destroy();
      return;
    }
    const { hostname, port } = new URL(this.url);
    const sending = net.connect(Number(port), hostname, () => sending.write(cancelRequest(key)));
    sending.on("error", () => undefined);
    sending.once("close", () => asking.destroy());
  }

  async close(): Promise<void> {
    await Promise.all([...this.all].map((session) => session.close()));
  }

  private async open(): Promise<Session> {
    const session = new Session(this.url);
    this.all.add(session);
    await session.open(() => {
      this.all.delete(session);
      this.free = this.free.filter((one) => one !== session);
    });
    return session;
  }
}

interface ClientParts {
  readonly pool: SessionPool;
  readonly first: Session;
  readonly options: PoolerOptions;
}

// The startup parameters that PgBouncer knows.
const KNOWN = [
  ...["user", "database", "client_encoding", "application_name"],
  ...["DateStyle", "TimeZone", "standard_conforming_strings"],
];

class Client {
  session: Session | undefined;
  key: BackendKey;
  onCancel: (key: BackendKey) => void = () => undefined;
  private readonly reader = new MessageReader({ isTyped: false });
  /**
   * Complete batches that wait for a session. A batch ends with a Query or Sync message, and a session
   * gets only complete batches.
   */
  private batches: Buffer[] = [];
  private batch: Buffer[] = [];
  private unanswered = 0;
  private isStarted = false;
  private isTaking = false;

  constructor(
    private readonly socket: net.Socket,
    private readonly parts: ClientParts,
  ) {
    const { first, options } = parts;
    this.key = options.keys === "of the first session" ? first.key : newKey();
    socket.on("error", () => undefined);
    socket.once("close", () => {
      this.leave();
    });
    socket.on("data", (bytes: Buffer) => {
      for (const message of this.reader.read(bytes)) {
        if (this.isStarted) this.send(message);
        else this.start(message);
      }
    });
  }

  /** Passes a message of the session to the client. */
  receive(message: Buffer): void {
    this.socket.write(message);
    if (typeOf(message) !== "Z" || !this.session) return;
    this.unanswered -= 1;
    const { mode = "transaction" } = this.parts.options;
    if (mode === "statement" && this.session.status !== "I") {
      this.refuse("transaction blocks not allowed in statement pooling mode");
    } else if (mode !== "session" && this.unanswered === 0 && this.session.status === "I") {
      this.giveBack();
    }
  }

  end(): void {
    this.socket.destroy();
  }

  private start(message: Buffer): void {
    const first = readFirstMessage(message);
    if (first.kind === "encryption") this.socket.write("N");
    else if (first.kind === "cancel") this.onCancel(first.key);
    else {
      const unknown = [...first.parameters.keys()].find((name) => !KNOWN.includes(name));
      if (unknown && this.parts.options.startup === "refuses") {
        this.refuse(`unsupported startup parameter: ${unknown}`);
        return;
      }
      this.isStarted = true;
      this.reader.expectTypes();
      this.socket.write(welcome(this.key, this.parts.first.parameters));
    }
  }

  private send(message: Buffer): void {
    const type = typeOf(message);
    if (type === "X") {
      this.socket.end();
      return;
    }
    this.batch.push(message);
    if (type !== "Q" && type !== "S") return;
    this.batches.push(...this.batch);
    this.batch = [];
    this.unanswered += 1;
    if (this.session) this.flush(this.session);
    else void this.takeSession();
  }

  private async takeSession(): Promise<void> {
    if (this.isTaking) return;
    this.isTaking = true;
    const session = await this.parts.pool.take().catch(() => null);
    this.isTaking = false;
    if (!session) {
      this.end();
      return;
    }
    if (this.socket.destroyed) {
      this.parts.pool.giveBack(session, true);
      return;
    }
    this.session = session;
    session.client = this;
    this.flush(session);
  }

  private flush(session: Session): void {
    session.write(Buffer.concat(this.batches));
    this.batches = [];
  }

  private refuse(reason: string): void {
    this.socket.removeAllListeners("data").end(refusal(reason));
    this.leave();
  }

  private leave(): void {
    if (this.session) this.giveBack();
  }

  private giveBack(): void {
    const { session } = this;
    this.session = undefined;
    if (!session) return;
    this.parts.pool.giveBack(session, session.status === "I" && this.unanswered === 0);
  }
}

let clientCount = 0;

/** Returns a new key. Its process id is higher than every process id of PostgreSQL. */
function newKey(): BackendKey {
  clientCount += 1;
  return { pid: 100_000_000 + clientCount, secret: clientCount };
}
