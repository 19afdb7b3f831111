import { once } from "node:events";
import { type Socket, connect } from "node:net";
import { createTokenVerifier } from "../../../src/http/tokens.js";
import { type ApiApp, TRUST, apiApp, signed, tokenFor } from "../../support/api.js";
import { postText, requestText, sendRaw } from "../raw.client.js";

const LIMIT = 100_000;

let app: ApiApp;
const verified: (string | undefined)[] = [];
beforeAll(async () => {
  const verify = createTokenVerifier(TRUST);
  app = await apiApp({
    verify: (authorization) => {
      verified.push(authorization);
      return verify(authorization);
    },
  });
});
beforeEach(() => {
  verified.length = 0;
});
afterAll(() => app.close());

const authorized = () => signed(tokenFor("ada"));
const query = (bytes: number): string =>
  `${`{"query":"{ __typename }","variables":{"a":"`.padEnd(bytes - 3, "a")}"}}`;
const headOf = (sizeBytes: number, headers: Record<string, string> = {}): string =>
  postText("", { "content-length": sizeBytes, ...headers });

test.each<[name: string, authorization: () => Promise<string> | undefined, status: number]>([
  ["without a token", () => undefined, 413],
  ["with a token that is not valid", () => Promise.resolve("Bearer a.b.c"), 401],
  ["with a token that has expired", () => signed(tokenFor("ada", 1)), 401],
])("a large body %s is refused before a byte of it arrives", async (_name, token, status) => {
  const authorization = await token();
  const headers = authorization === undefined ? {} : { authorization };

  const large = await sendRaw(app.url, headOf(LIMIT + 1, headers));
  const chunked = await sendRaw(
    app.url,
    requestText("POST /graphql", {
      ...headers,
      "content-type": "application/json",
      "transfer-encoding": "chunked",
    }) + chunkOf(LIMIT + 1),
  );

  expect([large.status, chunked.status]).toEqual([status, status]);
  expect(large.body).toContain('{"errors":[{"message":');
});

const chunkOf = (bytes: number): string => `${bytes.toString(16)}\r\n${"a".repeat(bytes)}\r\n`;

test("a chunked body without a token is refused as soon as it is too large", async () => {
  const socket = connect(Number(new URL(app.url).port), "127.0.0.1");
  await once(socket, "connect");
  const answer = nextText(socket);

  socket.write(
    requestText("POST /graphql", {
      "content-type": "application/json",
      "transfer-encoding": "chunked",
    }),
  );
  for (let sent = 0; sent <= LIMIT; sent += 10_000) socket.write(chunkOf(10_000));

  expect(await answer).toContain("HTTP/1.1 413");
  socket.destroy();
});

async function nextText(socket: Socket): Promise<string> {
  const [bytes] = (await once(socket, "data")) as [Buffer];
  return bytes.toString();
}

test("a client that sends all of a refused body reads the reason", async () => {
  const content = "a".repeat(5_000_000);

  const anonymous = await app.anonymous().query("{ __typename }", { content });
  const streamed = await fetch(app.url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: new Blob([content]).stream(),
    duplex: "half",
  });

  expect([anonymous.status, anonymous.code]).toEqual([413, "BAD_USER_INPUT"]);
  expect(anonymous.errors[0]?.message).toContain(`at most ${LIMIT} bytes. Send a token`);
  expect(streamed.status).toBe(413);
});

test("100 KB need no token, and 9 MB need one", async () => {
  const authorization = await authorized();
  const [small, chunked, large, tooLarge] = await Promise.all([
    sendRaw(app.url, postText(query(LIMIT))),
    sendRaw(
      app.url,
      `${requestText("POST /graphql", {
        "content-type": "application/json",
        "transfer-encoding": "chunked",
      })}${LIMIT.toString(16)}\r\n${query(LIMIT)}\r\n0\r\n\r\n`,
    ),
    sendRaw(app.url, postText(query(9_000_000), { authorization })),
    sendRaw(app.url, headOf(9_000_001, { authorization })),
  ]);

  expect([small.status, chunked.status, large.status, tooLarge.status]).toEqual([
    200, 200, 200, 413,
  ]);
});

test("a token does not make bodies of other paths large", async () => {
  const answer = await sendRaw(
    app.url,
    headOf(LIMIT + 1, { authorization: await authorized() }).replace("/graphql", "/nothing"),
  );

  expect(answer.status).toBe(413);
});

test("a token is verified once for each request", async () => {
  const large = await app.as("ada").query("{ __typename }", { content: "a".repeat(LIMIT) });
  const small = await app.as("ada").query("{ __typename }");
  await app.anonymous().query("{ __typename }");

  expect([large.status, small.status]).toEqual([200, 200]);
  expect(verified).toHaveLength(3);
});
