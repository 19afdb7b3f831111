/** Messages of PostgreSQL's protocol: https://www.postgresql.org/docs/current/protocol-message-formats.html */

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;

export interface BackendKey {
  readonly pid: number;
  readonly secret: number;
}

/** The first message of a client. */
export type FirstMessage =
  | { readonly kind: "encryption" }
  | { readonly kind: "cancel"; readonly key: BackendKey }
  | { readonly kind: "startup"; readonly parameters: ReadonlyMap<string, string> };

export function readFirstMessage(message: Buffer): FirstMessage {
  const code = message.readInt32BE(4);
  if (code === SSL_REQUEST || code === GSS_REQUEST) return { kind: "encryption" };
  if (code === CANCEL_REQUEST) {
    return {
      kind: "cancel",
      key: { pid: message.readInt32BE(8), secret: message.readInt32BE(12) },
    };
  }
  const words = message.subarray(8).toString("utf8").split("\0");
  const parameters = new Map<string, string>();
  for (let at = 0; words[at]; at += 2) parameters.set(words[at] ?? "", words[at + 1] ?? "");
  return { kind: "startup", parameters };
}

/**
 * Cuts a stream of bytes into messages. A client's messages have no type until its startup message, and
 * a type afterwards.
 */
export class MessageReader {
  private rest = Buffer.alloc(0);
  private isTyped: boolean;

  constructor({ isTyped }: { readonly isTyped: boolean }) {
    this.isTyped = isTyped;
  }

  /** From now on, reads messages with a type. Call this method after the startup message of a client. */
  expectTypes(): void {
    this.isTyped = true;
  }

  *read(bytes: Buffer): Generator<Buffer> {
    this.rest = Buffer.concat([this.rest, bytes]);
    for (;;) {
      const lengthAt = this.isTyped ? 1 : 0;
      if (this.rest.length < lengthAt + 4) return;
      const end = lengthAt + this.rest.readInt32BE(lengthAt);
      if (this.rest.length < end) return;
      const message = this.rest.subarray(0, end);
      this.rest = this.rest.subarray(end);
      yield message;
    }
  }
}

export const typeOf = (message: Buffer): string => String.fromCharCode(message[0] ?? 0);

function messageOf(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  const head = Buffer.alloc(5, type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const text = (...words: readonly string[]): Buffer => Buffer.from(`${words.join("\0")}\0`);

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => bytes.writeInt32BE(value, index * 4));
  return bytes;
}

/** Returns the messages that a server sends after a successful login. */
export const welcome = (key: BackendKey, parameters: ReadonlyMap<string, string>): Buffer =>
  Buffer.concat([
    messageOf("R", numbers(0)),
    ...[...parameters].map(([name, value]) => messageOf("S", text(name, value))),
    messageOf("K", numbers(key.pid, key.secret)),
    messageOf("Z", Buffer.from("I")),
  ]);

/** Returns the error that PgBouncer sends before it closes a connection. */
export const refusal = (message: string): Buffer =>
  messageOf("E", text("SFATAL", "VFATAL", "C08P01", `M${message}`, ""));

export const cancelRequest = ({ pid, secret }: BackendKey): Buffer =>
  numbers(16, CANCEL_REQUEST, pid, secret);
