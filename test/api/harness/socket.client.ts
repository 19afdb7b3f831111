import { once } from "node:events";

export interface SocketMessage {
  readonly type: string;
  readonly id?: string;
  readonly payload?: unknown;
}

/** A WebSocket client that sends any frame and keeps every answer. */
export class SocketClient {
  readonly messages: SocketMessage[] = [];
  private readonly news = new EventTarget();
  /** The code with which the server closed the connection. */
  closeCode: number | null = null;

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener("message", ({ data }) => {
      this.messages.push(JSON.parse(String(data)) as SocketMessage);
      this.news.dispatchEvent(new Event("news"));
    });
    socket.addEventListener("close", ({ code }) => {
      this.closeCode = code;
      this.news.dispatchEvent(new Event("news"));
    });
  }

  /** Opens a connection and waits for the acknowledgement. */
  static async open(url: string, authorization?: string): Promise<SocketClient> {
    const socket = new WebSocket(url.replace(/^http/, "ws"), "graphql-transport-ws");
    const client = new SocketClient(socket);
    await new Promise((opened, refused) => {
      socket.addEventListener("open", opened);
      socket.addEventListener("error", () => {
        refused(new Error("The server refused the connection."));
      });
    });
    client.send({ type: "connection_init", payload: authorization ? { authorization } : {} });
    await client.until((messages) => messages.some(({ type }) => type === "connection_ack"));
    return client;
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  send(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  subscribe(id: string, query: string, variables: object = {}): void {
    this.send({ type: "subscribe", id, payload: { query, variables } });
  }

  complete(id: string): void {
    this.send({ type: "complete", id });
  }

  of(type: string): SocketMessage[] {
    return this.messages.filter((message) => message.type === type);
  }

  /** Waits until the messages fulfil the condition. @throws Error if the connection closes first */
  async until(isMet: (messages: readonly SocketMessage[]) => boolean): Promise<void> {
    while (!isMet(this.messages)) {
      if (this.socket.readyState >= WebSocket.CLOSING) throw new Error("The connection is closed.");
      await once(this.news, "news");
    }
  }

  /** Waits until the server closes the connection. Returns the code. */
  async closed(): Promise<number | null> {
    if (this.closeCode === null) await once(this.socket, "close");
    return this.closeCode;
  }

  async close(): Promise<void> {
    if (this.socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.socket, "close");
    this.socket.close();
    await closed;
  }
}

/** Returns the code of the first error in a message. */
export const codeOf = ({ payload }: SocketMessage): unknown =>
  (payload as { extensions?: { code?: unknown } }[])[0]?.extensions?.code;
