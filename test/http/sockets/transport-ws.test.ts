import { once } from "node:events";
import { type ApiApp, apiApp, signed, tokenFor } from "../../support/api.js";

// The rules of the protocol graphql-transport-ws, with the codes that graphql-ws names.
let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterAll(() => app.close());

interface Message {
  readonly type: string;
  readonly id?: string;
  readonly payload?: Readonly<Record<string, unknown>> | readonly Record<string, unknown>[];
}

const PROTOCOL = "graphql-transport-ws";

/** A connection that sends any frame. */
class Connection {
  readonly received: Message[] = [];
  private readonly news = new EventTarget();
  private readonly end: Promise<number>;

  constructor(readonly socket: WebSocket) {
    socket.addEventListener("message", ({ data }) => {
      this.received.push(JSON.parse(String(data)) as Message);
      this.news.dispatchEvent(new Event("message"));
    });
    this.end = once(socket, "close").then(([event]) => (event as CloseEvent).code);
  }

  static async open(protocol: string | string[] = PROTOCOL): Promise<Connection> {
    const socket = new WebSocket(app.url.replace(/^http/, "ws"), protocol);
    const connection = new Connection(socket);
    await once(socket, "open");
    return connection;
  }

  static async ready(payload?: object): Promise<Connection> {
    const connection = await Connection.open();
    connection.send({ type: "connection_init", ...(payload && { payload }) });
    await connection.next("connection_ack");
    return connection;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  subscribe(id: string, query: string, variables?: object): void {
    this.send({ type: "subscribe", id, payload: { query, ...(variables && { variables }) } });
  }

  /** Waits for the nth message of a type. */
  async next(type: string, nth = 1): Promise<Message> {
    for (;;) {
      const found = this.received.filter((message) => message.type === type)[nth - 1];
      if (found) return found;
      await once(this.news, "message");
    }
  }

  closed(): Promise<number> {
    return this.end;
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.end;
  }
}

const FOLLOW = "subscription { viewerNarrationProgress { id } }";
const bearer = async (): Promise<object> => ({ authorization: await signed(tokenFor("ada")) });

describe("a connection is closed", () => {
  test.each([
    ["that is no JSON", "{"],
    ["that is a number", "7"],
    ["of an unknown type", { type: "hello" }],
    ["without a type", { id: "1" }],
    ["to subscribe without an id", { type: "subscribe", payload: { query: "{ __typename }" } }],
    ["to subscribe without a query", { type: "subscribe", id: "1", payload: {} }],
    ["with an empty id", { type: "subscribe", id: "", payload: { query: "{ __typename }" } }],
    [
      "with variables that are a list",
      { type: "subscribe", id: "1", payload: { query: "{ __typename }", variables: [1] } },
    ],
    ["with a payload of connection_init that is a text", { type: "connection_init", payload: "a" }],
  ])("with 4400 after a message %s", async (_name, message) => {
    const connection = await Connection.open();
    connection.send(message);

    expect(await connection.closed()).toBe(4400);
  });

  test("with 4401 if it subscribes before the acknowledgement", async () => {
    const connection = await Connection.open();
    connection.subscribe("1", "{ __typename }");

    expect(await connection.closed()).toBe(4401);
  });

  test.each(["Bearer no.such.token", "Basic YWRhOmFkYQ==", { token: "x" }, 7])(
    "with 4403 if its authorization is %j",
    async (authorization) => {
      const connection = await Connection.open();
      connection.send({ type: "connection_init", payload: { authorization } });

      expect(await connection.closed()).toBe(4403);
    },
  );

  test("with 4406 without the protocol", async () => {
    const connection = await Connection.open([]);

    expect(await connection.closed()).toBe(4406);
  });

  test("with 4409 if an id is used twice at once", async () => {
    const connection = await Connection.ready(await bearer());
    connection.subscribe("1", FOLLOW);
    connection.subscribe("1", FOLLOW);

    expect(await connection.closed()).toBe(4409);
  });

  test("with 4429 if it introduces itself twice", async () => {
    const connection = await Connection.open();
    connection.send({ type: "connection_init" });
    connection.send({ type: "connection_init" });

    expect(await connection.closed()).toBe(4429);
  });

  test("with 1001 if the server stops", async () => {
    const stopping = await apiApp();
    const socket = new WebSocket(stopping.url.replace(/^http/, "ws"), PROTOCOL);
    const connection = new Connection(socket);
    await once(socket, "open");
    connection.send({ type: "connection_init" });
    await connection.next("connection_ack");

    const [code] = await Promise.all([connection.closed(), stopping.close()]);

    expect(code).toBe(1001);
  });
});

describe("an open connection", () => {
  test("selects the protocol and acknowledges without a payload", async () => {
    const connection = await Connection.ready();

    expect(connection.socket.protocol).toBe(PROTOCOL);
    await connection.close();
  });

  test("answers a ping with a pong, before and after the acknowledgement", async () => {
    const connection = await Connection.open();
    connection.send({ type: "ping" });
    await connection.next("pong");
    connection.send({ type: "pong" });
    connection.send({ type: "connection_init" });
    await connection.next("connection_ack");

    expect(connection.socket.readyState).toBe(WebSocket.OPEN);
    await connection.close();
  });

  test("answers a query with next and complete, and takes the id again", async () => {
    const connection = await Connection.ready();
    connection.subscribe("1", "{ __typename }");
    await connection.next("complete");
    const types = connection.received.map(({ type }) => type);
    connection.subscribe("1", "{ again: __typename }");
    await connection.next("complete", 2);

    expect(types).toEqual(["connection_ack", "next", "complete"]);
    await connection.close();
  });

  test.each([
    ["a syntax error", "{"],
    ["an unknown field", "{ nothing }"],
  ])("answers %s with error, and nothing after", async (_name, query) => {
    const connection = await Connection.ready();
    connection.subscribe("1", query);
    const error = await connection.next("error");
    connection.send({ type: "ping" });
    await connection.next("pong");

    expect(error).toMatchObject({ id: "1", payload: [{ message: expect.any(String) as string }] });
    expect(connection.received.map(({ type }) => type)).toEqual([
      "connection_ack",
      "error",
      "pong",
    ]);
    await connection.close();
  });

  test("sends nothing more for an operation that the client completes", async () => {
    const connection = await Connection.ready(await bearer());
    connection.subscribe("1", FOLLOW);
    connection.send({ type: "complete", id: "1" });
    connection.send({ type: "complete", id: "unknown" });
    connection.subscribe("2", "{ __typename }");
    await connection.next("complete");

    expect(connection.received.map(({ id }) => id)).toEqual([undefined, "2", "2"]);
    await connection.close();
  });
});

const QUERY =
  'query ($first: Int!, $by: StoryByInput! = { slug: "a" }) { stories(first: $first) { totalCount } story(by: $by) { id } }';

test.each([
  [{}],
  [{ first: null }],
  [{ first: "two" }],
  [{ first: 1.5 }],
  [{ first: 2 ** 40 }],
  [{ first: { a: 1 } }],
  [{ first: [] }],
  [{ first: 1, by: { id: "a", slug: "b" } }],
  [{ first: 1, by: {} }],
  [{ first: 1, by: { nothing: "a" } }],
  [{ first: 1, by: "text" }],
  [{ first: 1_000, by: { slug: "a" } }],
])("HTTP and WebSocket refuse the variables %j alike", async (variables) => {
  const { json } = await app.anonymous().query(QUERY, variables);
  const connection = await Connection.ready();
  connection.subscribe("1", QUERY, variables);
  const { payload } = await connection.next("next");

  expect(json.errors).not.toHaveLength(0);
  expect((payload as { errors: unknown }).errors).toEqual(json.errors);
  await connection.close();
});
