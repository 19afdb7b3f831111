import { once } from "node:events";
import { type Socket, connect } from "node:net";
import { type ApiApp, apiApp, signed, tokenFor } from "../../support/api.js";
import { UPGRADE_HEADERS, postText, requestText } from "../raw.client.js";

const DEADLINES = {
  headersMs: 300,
  bodyMs: 400,
  leastBytesPerSecond: 50_000,
  stalledMs: 400,
  pongMs: 300,
  checkEveryMs: 50,
};
/**
 * The server must close a connection within this time. This time is far above every deadline, and far
 * below the time that a slow client would take.
 */
const SOON_MS = 20_000;

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ deadlines: DEADLINES });
});
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(() => app.close());

interface SlowClient {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  /** Everything that the server has sent. */
  text: string;
}

/** Opens a connection and sends the beginning of a request. */
async function slowClient(text: string): Promise<SlowClient> {
  const socket = connect(Number(new URL(app.url).port), "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => undefined);
  const client: SlowClient = { socket, closed: closeOf(socket), text: "" };
  socket.on("data", (bytes: Buffer) => {
    client.text += bytes.toString("latin1");
  });
  await once(socket, "connect");
  socket.write(text);
  return client;
}

/** Resolves when the connection is closed, also after an error. `once` would reject after an error. */
const closeOf = (socket: Socket): Promise<void> =>
  new Promise((closed) => {
    socket.once("close", () => {
      closed();
    });
  });

const ask = async (): Promise<number> => (await app.anonymous().query("{ __typename }")).status;

const CHUNKED = requestText("POST /graphql", {
  connection: "keep-alive",
  "content-type": "application/json",
  "transfer-encoding": "chunked",
});
const KINDS: readonly [name: string, begin: string, drip: string][] = [
  ["that sends nothing", "", ""],
  ["that sends its head slowly", "POST /graphql HTTP/1.1\r\n", "a: b\r\n"],
  ["that sends its body slowly", postText("", { "content-length": 90_000 }), " "],
  ["that sends its chunks slowly", CHUNKED, "1\r\n \r\n"],
  ["that sends a refused body slowly", postText("", { "content-length": 900_000 }), " "],
  [
    "that sends its body slowly to a path that is not there",
    postText("", { "content-length": 9 }).replace("/graphql", "/x"),
    "",
  ],
];

test.each(KINDS)("50 clients %s are cut, and another is answered", async (_name, begin, drip) => {
  const clients = await Promise.all(Array.from({ length: 50 }, () => slowClient(begin)));
  const startedAt = performance.now();
  const open = new Set(clients);
  for (const client of clients) void client.closed.then(() => open.delete(client));

  let answered = 0;
  while (open.size > 0 && performance.now() - startedAt < SOON_MS) {
    expect(await ask()).toBe(200);
    answered += 1;
    for (const { socket } of open) if (socket.writable) socket.write(drip);
  }

  expect(open.size).toBe(0);
  expect(answered).toBeGreaterThan(0);
});

test("a client is told why its body was cut", async () => {
  const client = await slowClient(postText("", { "content-length": 1_000 }));

  await client.closed;

  expect(client.text).toContain("HTTP/1.1 408");
  expect(client.text).toContain("did not arrive in time");
  expect(client.text.toLowerCase()).toContain("cache-control: no-store");
});

test("a large body with a token may take longer if it arrives steadily", async () => {
  const size = 3_000_000;
  const body = `${`{"query":"{ __typename }","variables":{"a":"`.padEnd(size - 3, "a")}"}}`;
  const authorization = await signed(tokenFor("ada"));
  const client = await slowClient(postText("", { authorization, "content-length": size }));
  const startedAt = performance.now();

  let sent = 0;
  while (performance.now() - startedAt < 3 * DEADLINES.bodyMs) {
    client.socket.write(body.slice(sent, sent + 1_500));
    sent = Math.min(sent + 1_500, size);
    if (sent < 150_000) {
      client.socket.write(body.slice(sent, 150_000));
      sent = 150_000;
    }
    await ask();
  }
  client.socket.write(body.slice(sent));
  await client.closed;

  expect(client.text).toContain("HTTP/1.1 200");
});

test("a large body with a token that stops arriving is cut", async () => {
  const authorization = await signed(tokenFor("ada"));
  const client = await slowClient(postText("", { authorization, "content-length": 3_000_000 }));
  // The server has received the head, because it has answered this later request.
  await ask();
  client.socket.write(" ".repeat(120_000));

  await client.closed;

  expect(client.text).toContain("HTTP/1.1 408");
});

describe("a listener", () => {
  const SIZE = 48_000_000;
  let path: string;
  beforeAll(async () => {
    const { key } = await app.storage.put(new Uint8Array(SIZE), { contentType: "audio/wav" });
    const file = { key, fileName: "long.wav", contentType: "audio/wav" };
    const { pathname, search } = new URL(app.mediaSigner.sign(file).url, app.url);
    path = pathname + search;
  });

  test("who reads slowly hears all, however long it takes", async () => {
    const client = connect(Number(new URL(app.url).port), "127.0.0.1");
    sockets.push(client);
    await once(client, "connect");
    client.write(requestText(`GET ${path}`));
    let read = 0;
    const ended = once(client, "end");
    const startedAt = performance.now();

    client.pause();
    while (!client.readableEnded) {
      const bytes = client.read() as Buffer | null;
      read += bytes?.length ?? 0;
      if (performance.now() - startedAt < 4 * DEADLINES.stalledMs) await ask();
      else if (!bytes) await Promise.race([once(client, "readable"), ended]);
    }

    expect(read).toBeGreaterThan(SIZE);
  });

  test("who reads nothing is cut", async () => {
    const cut = new Promise<void>((resolve) => {
      app.server.once("connection", (socket: Socket) => {
        socket.once("close", () => {
          resolve();
        });
      });
    });
    const client = connect(Number(new URL(app.url).port), "127.0.0.1");
    sockets.push(client);
    client.on("error", () => undefined);
    client.pause();
    await once(client, "connect");
    client.write(requestText(`GET ${path}`));

    await cut;
  });
});

test("a socket that answers no ping is cut, and one that answers stays", async () => {
  const client = new WebSocket(app.url.replace(/^http/, "ws"), "graphql-transport-ws");
  await once(client, "open");
  client.send(JSON.stringify({ type: "connection_init" }));
  await once(client, "message");

  const silent = await slowClient(requestText("GET /graphql", UPGRADE_HEADERS));
  await silent.closed;
  const secondSilent = await slowClient(requestText("GET /graphql", UPGRADE_HEADERS));
  await secondSilent.closed;

  expect(silent.text).toContain("101 Switching Protocols");
  expect(client.readyState).toBe(WebSocket.OPEN);
  const closed = once(client, "close");
  client.close();
  await closed;
});
