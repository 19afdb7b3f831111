import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { UnsecuredJWT } from "jose";
import { UPGRADE_HEADERS, requestText, sendRaw } from "../../http/raw.client.js";
import {
  CREATE_NARRATION,
  CREATE_STORY,
  EDIT_SEGMENTS,
  PUBLISH_STORY,
} from "../harness/documents.js";
import { endProcesses } from "../harness/fabula.process.js";
import { failingStatements } from "./failing-statements.js";
import { type LoggedServer, loggedServer } from "./logged-server.js";

afterAll(endProcesses);

const FORMS = [{ NODE_ENV: "development" }, { NODE_ENV: "production" }];

/** Sends a GET or POST whose answer does not matter. */
async function send({ url, origin }: LoggedServer, path: string, init: RequestInit = {}) {
  const answer = await fetch(path === "" ? url : origin + path, init);
  await answer.text();
}

/** Returns headers with canaries. A proxy's headers may contain a user's address. */
const oddHeaders = ({ canaries }: LoggedServer): Record<string, string> =>
  Object.fromEntries(
    ["cookie", "user-agent", "referer", "x-request-id", "traceparent", "x-forwarded-for"].map(
      (name) => [name, canaries.of(`header ${name}`)],
    ),
  );

const storyInput = ({ canaries: { of } }: LoggedServer) => ({
  title: `A “title” ” ${of("story title")}`,
  content: `“${of("story text")},” said Marta.\n\nShe went home. ${of("end of a story text")}`,
  summary: of("summary"),
  tags: [of("tag")],
  coverImageUrl: `https://${of("cover")}.test/`,
});

/** Runs the usual mutations, all inputs of which are canaries. Returns false if one of them failed. */
async function mutate(server: LoggedServer): Promise<boolean> {
  const { of } = server.canaries;
  const client = await server.client();
  const made = await client.query(CREATE_STORY, { input: storyInput(server) });
  const story = made.at("createStory.story") as { id: string; version: number } | null;
  if (!story) return false;
  const { id, version } = story;
  await client.query(PUBLISH_STORY, { input: { id, version } });
  const narration = await client.query(CREATE_NARRATION, {
    input: {
      storyId: id,
      title: `A ” ${of("narration title")}`,
      idempotencyKey: of("idempotency key"),
    },
  });
  const mine = narration.at("createNarration.narration") as { id: string; version: number } | null;
  if (!mine) return false;
  const edits = [{ index: 0, text: of("segment text") }];
  await client.query(EDIT_SEGMENTS, { input: { id: mine.id, version: mine.version, edits } });
  return true;
}

const plainId = (raw: string): string => Buffer.from(`ReferenceStory:${raw}`).toString("base64url");

async function sendBadGraphql(server: LoggedServer): Promise<void> {
  const { of } = server.canaries;
  const client = await server.client();
  const bad = (what: string): unknown[] => [
    of(what),
    { [of(`${what}, name`)]: of(`${what}, value`) },
    { ...storyInput(server), title: of(`${what}, long`).repeat(200) },
    { ...storyInput(server), content: `${of(`${what}, NUL`)}\u0000` },
    { ...storyInput(server), language: `fr-${of(`${what}, language`).slice(0, 8)}` },
    { ...storyInput(server), title: { [of(what)]: of(what) } },
    { ...storyInput(server), ageRating: of(`${what}, age`) },
  ];
  for (const input of bad("wrong variable")) await client.query(CREATE_STORY, { input });
  for (const id of [of("id"), plainId(of("global id"))])
    await client.query(`query ($id: ID!) { node(id: $id) { id } story(by: { id: $id }) { id } }`, {
      id,
    });
  const name = of("operation name");
  const queries = [
    { query: `query ${name} { ${of("field")}(${of("argument")}: "${of("value")}") }` },
    { query: `query ${name} { __typename ${of("syntax")}(`, operationName: name },
    { query: `query ${name} { __typename }`, operationName: of("unknown operation") },
    { query: "{ __typename }", extensions: { [of("extension")]: of("extension") } },
    { query: { [of("query object")]: 1 }, variables: of("variables text") },
  ];
  for (const body of queries) await client.post(JSON.stringify(body), oddHeaders(server));
  await client.post(`{"query": "${of("broken body")}`);
  await client.post(of("text body"), { "content-type": `text/${of("content type")}` });
}

async function sendUrls(server: LoggedServer): Promise<void> {
  const { of } = server.canaries;
  const headers = { ...oddHeaders(server), "apollo-require-preflight": "true" };
  const query = `query ${of("query in a URL")} { viewer { id } ${of("field in a URL")} }`;
  const variables = [`{"a": "${of("variables in a URL")}"}`, `{"${of("broken variables")}`];
  for (const text of variables) {
    const search = new URLSearchParams({ query, variables: text, [of("parameter")]: "1" });
    await send(server, `/graphql?${search.toString()}`, { headers });
  }
  const signature = new URLSearchParams({
    name: of("media name"),
    type: "audio/mpeg",
    expires: "99999999999",
    signature: of("media signature"),
  });
  const paths = [
    `/media/${of("media path")}?${signature.toString()}`,
    `/media/shared/${"a".repeat(64)}?${signature.toString()}`,
    `/media/%zz${of("bad path")}`,
    `/playground?query=${of("playground query")}`,
    `/playground/assets/${of("asset hash")}/${of("asset")}`,
    `/${of("path")}?${of("search")}`,
  ];
  for (const path of paths) await send(server, path, { headers });
}

/** Declares a file of this size. Returns the path that takes the file. */
async function declareFile(server: LoggedServer, sizeBytes: number, contentType: string) {
  const { note } = server.canaries;
  const client = await server.client();
  const made = await client.query(
    "mutation ($input: CreateUploadInput!) { createUpload(input: $input) { upload { url } userErrors { code } } }",
    { input: { purpose: "VOICE_SAMPLE", sizeBytes, contentType } },
  );
  const declared = made.at("createUpload.upload") as { url: string } | null;
  if (!declared) return null;
  const url = new URL(declared.url, server.origin);
  const signature = note("upload signature", url.searchParams.get("signature") ?? "");
  return { path: note("upload URL", url.pathname + url.search), search: url.search, signature };
}

async function sendFile(server: LoggedServer, path: string, type: string, body: string) {
  const headers = { ...oddHeaders(server), "content-type": type };
  const answer = await fetch(server.origin + path, { method: "PUT", headers, body });
  await answer.text();
  return answer.status;
}

/** Sends good and bad files to good and bad URLs. Returns the statuses of the answers. */
async function sendFiles(server: LoggedServer): Promise<number[]> {
  const { of } = server.canaries;
  const bytes = of("bytes of a file");
  await declareFile(server, bytes.length, of("content type of an upload"));
  const type = `audio/wav; a=${of("parameter of an upload")}`;
  const upload = await declareFile(server, bytes.length, type);
  if (!upload) return [];
  const { path, search, signature } = upload;
  const sent: [path: string, type: string, body: string][] = [
    [`${path}${of("forged upload")}`, "audio/wav", bytes],
    [`/uploads/${of("upload owner")}/${of("upload id")}${search}`, "audio/wav", bytes],
    [path, `audio/${of("other type")}`, bytes],
    [path, "audio/wav", bytes.slice(1)],
    [path, "audio/wav", `${bytes}a`],
    [path, type, bytes],
    [path, "audio/wav", bytes],
    [`/uploads/${signature}`, "audio/wav", bytes],
  ];
  const statuses: number[] = [];
  for (const each of sent) statuses.push(await sendFile(server, ...each));
  return statuses;
}

async function sendTokens(server: LoggedServer): Promise<void> {
  const { of, note } = server.canaries;
  const valid = await server.token();
  const sub = of("subject of an unsigned token");
  const authorizations = [
    valid,
    await server.token({ exp: 1_000_000_000 }),
    await server.token({ iss: of("issuer") }),
    await server.token({ sub: `${of("subject with NUL")}\u0000` }),
    `${valid}${of("signature").slice(0, 18)}`,
    `Bearer ${new UnsecuredJWT({ sub }).encode()}`,
    `Bearer ${of("token")}`,
    `Bearer ${of("part")}.${of("part")}.${of("part")}`,
    `Basic ${note("basic", Buffer.from(`user:${of("password")}`).toString("base64"))}`,
    of("scheme"),
  ];
  const body = JSON.stringify({ query: "{ viewer { id } }" });
  for (const authorization of authorizations) {
    const headers = { "content-type": "application/json", authorization };
    await send(server, "", { method: "POST", headers, body });
    await talk(server, [
      JSON.stringify({ type: "connection_init", payload: { authorization } }),
      JSON.stringify({ type: "subscribe", id: "1", payload: { query: "{ viewer { id } }" } }),
    ]);
  }
}

/** Sends frames over a WebSocket. Waits until the server answers a ping, or closes the socket. */
async function talk({ url }: LoggedServer, frames: readonly (string | Uint8Array)[]) {
  const socket = new WebSocket(url.replace(/^http/, "ws"), "graphql-transport-ws");
  const closed = once(socket, "close");
  await once(socket, "open");
  const ponged = new Promise<void>((resolve) => {
    socket.addEventListener("message", ({ data }) => {
      if (String(data).includes('"pong"')) resolve();
    });
  });
  for (const frame of frames) socket.send(frame);
  socket.send(JSON.stringify({ type: "ping" }));
  await Promise.race([ponged, closed]);
  socket.close(4000, "canary of a close");
  await closed;
}

/** Sends text as it is. Leaves when the answer begins, because the connection may stay open. */
async function poke({ url }: LoggedServer, text: string): Promise<void> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(Buffer.from(text, "latin1"));
  await once(socket, "data");
  socket.destroy();
}

async function sendFrames(server: LoggedServer): Promise<void> {
  const { of } = server.canaries;
  const init = JSON.stringify({
    type: "connection_init",
    payload: { [of("connection parameter")]: of("connection value"), authorization: null },
  });
  const subscribe = (payload: object) =>
    JSON.stringify({ type: "subscribe", id: of("operation id"), payload });
  const payloads = [
    { query: `subscription ${of("name")} { ${of("subscribed field")} }` },
    { query: of("subscribed syntax"), variables: { [of("variable")]: of("value") } },
    {
      query: `subscription ($id: ID!) { storyAnalysisProgress(storyId: $id) { status } }`,
      variables: { id: of("subscribed id") },
    },
    { query: `mutation ($i: CreateStoryInput!) { createStory(input: $i) { story { id } } }` },
  ];
  for (const payload of payloads) await talk(server, [init, subscribe(payload)]);
  await talk(server, [init, init, of("frame")]);
  await talk(server, [JSON.stringify({ type: of("message type"), payload: of("payload") })]);
  await talk(server, [init, subscribe({ query: of("long query").repeat(5_000) })]);
  await talk(server, [new Uint8Array(Buffer.from(of("bytes")))]);
  const upgrade = (more: object) => requestText("GET /graphql", { ...UPGRADE_HEADERS, ...more });
  await sendRaw(server.url, upgrade({ "sec-websocket-key": of("handshake") }));
  await sendRaw(server.url, upgrade({ "sec-websocket-version": of("version") }));
  await poke(server, upgrade({ origin: `https://${of("origin")}.test` }));
  // A frame without a mask breaks the protocol.
  await poke(server, `${upgrade({})}\u0081\u0018${of("unmasked frame")}`);
  await server.says(/A WebSocket ended because of an invalid frame/);
}

async function sendBrokenHttp(server: LoggedServer): Promise<void> {
  const { of } = server.canaries;
  const requests = [
    `${of("method")} / HTTP/1.1\r\n\r\n`,
    `GET /${of("path")} HTTP/9.9\r\n\r\n`,
    requestText("GET /", { [of("header name")]: of("header").repeat(2_000) }),
    requestText(`GET /${of("host path")}`, { host: of("host") }),
    requestText("POST /graphql", { "content-length": of("length") }),
    requestText("POST /graphql", { "content-encoding": of("encoding"), "content-length": 1 }, "x"),
  ];
  for (const request of requests) await sendRaw(server.url, request);
}

const STATES = ["XX000", "P0001", "23514", "23505", "22P02", "57014", "40001", "53100", "42501"];
/** The bugs among the states. A server logs the other failures without their state. */
const BUGS = ["XX000", "P0001", "23514", "53100", "42501"];

test.each(FORMS)("no input of a request reaches the log of a server with %j", async (form) => {
  const server = await loggedServer({ ...form, LOG_LEVEL: "debug" });
  const statements = await failingStatements(server.database);

  expect(await mutate(server)).toBe(true);
  await server.says(/Finished the job of analysis/);
  await sendBadGraphql(server);
  await sendUrls(server);
  expect(await sendFiles(server)).toEqual([403, 403, 415, 400, 413, 204, 409, 404]);
  await sendTokens(server);
  await sendFrames(server);
  await sendBrokenHttp(server);
  const client = await server.client();
  const story = await client.query(CREATE_STORY, { input: storyInput(server) });
  const storyId = story.text("createStory.story.id");
  await client.query(PUBLISH_STORY, { input: { id: storyId, version: 1 } });
  const bytes = server.canaries.of("bytes of a failing file");
  server.canaries.note("hash of a file", createHash("sha256").update(bytes).digest("hex"));
  const upload = await declareFile(server, bytes.length, "audio/wav");
  for (const state of STATES) {
    await statements.failWith(state);
    expect(await declareFile(server, 1, "audio/wav")).toBeNull();
    expect(await sendFile(server, upload?.path ?? "", "audio/wav", bytes)).toBeGreaterThan(399);
    expect(await mutate(server)).toBe(false);
    await client.query(CREATE_STORY, { input: storyInput(server) });
    const title = server.canaries.of(`narration title, ${state}`);
    await client.query(CREATE_NARRATION, { input: { storyId, title } });
  }
  await statements.failWith(null);

  const leaks = await server.leaks();
  expect(leaks).toEqual([]);
  // The failures did reach the log.
  for (const state of BUGS) expect(server.output()).toContain(state);
  expect(server.output()).toContain("A request failed because a service does not answer");
});
