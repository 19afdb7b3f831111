import { once } from "node:events";
import { connect } from "node:net";

export interface RawAnswer {
  readonly status: number;
  /** The bytes of the whole answer, with its head. */
  readonly sizeBytes: number;
  /** The head in lower case. */
  readonly head: string;
  readonly body: string;
}

/** Sends text as the only request of a connection, and reads until the server closes the connection. */
export async function sendRaw(url: string, text: string): Promise<RawAnswer> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  const chunks: Buffer[] = [];
  socket.on("data", (chunk) => chunks.push(chunk));
  socket.on("error", () => undefined);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  await once(socket, "connect");
  socket.write(text);
  await closed;
  const answer = Buffer.concat(chunks).toString();
  const [head = "", ...rest] = answer.split("\r\n\r\n");
  return {
    status: Number(head.split(" ")[1]),
    sizeBytes: Buffer.byteLength(answer),
    head: head.toLowerCase(),
    body: rest.join("\r\n\r\n"),
  };
}

/**
 * Returns the text of a request. The request asks the server to close the connection after the answer,
 * unless `headers` replaces this header.
 */
export const requestText = (
  line: string,
  headers: Readonly<Record<string, string | number>> = {},
  body = "",
): string =>
  [
    `${line} HTTP/1.1`,
    ...Object.entries({ host: "localhost", connection: "close", ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
    "",
    body,
  ].join("\r\n");

/** Returns the text of a POST to /graphql. */
export const postText = (
  body: string,
  headers: Readonly<Record<string, string | number>> = {},
): string =>
  requestText(
    "POST /graphql",
    { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...headers },
    body,
  );

export const UPGRADE_HEADERS = {
  connection: "Upgrade",
  upgrade: "websocket",
  "sec-websocket-version": 13,
  "sec-websocket-key": Buffer.from("sixteen letters!").toString("base64"),
  "sec-websocket-protocol": "graphql-transport-ws",
} as const;
