import { createClient } from "graphql-ws";
import { Answer, type AnsweredError } from "./answer.js";

/**
 * Thrown if a subscription ended before it completed, because of GraphQL errors or because the socket
 * closed.
 */
export class SubscriptionEnded extends Error {
  constructor(
    readonly errors: readonly AnsweredError[],
    readonly closeCode: number | null,
    reason: string,
  ) {
    super(reason);
  }
}

export interface ClientOptions {
  /** The URL of /graphql. */
  readonly url: string;
  readonly authorization?: () => Promise<string | undefined>;
  /** Receives the text of every response and event. */
  readonly record?: (text: string) => void;
}

/** A client of one person. Sends queries over HTTP and subscriptions over WebSocket. */
export class GraphqlClient {
  constructor(private readonly options: ClientOptions) {}

  async query(query: string, variables: object = {}): Promise<Answer> {
    return this.post(JSON.stringify({ query, variables }));
  }

  /** Sends an unchanged body. */
  async post(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const authorization = await this.options.authorization?.();
    const response = await fetch(this.options.url, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        ...(authorization === undefined ? {} : { authorization }),
        ...headers,
      },
    });
    const text = await response.text();
    this.options.record?.(text);
    return new Answer(response.status, text, response.headers);
  }

  /** Yields events until the subscription completes. @throws SubscriptionEnded */
  async *subscribe(
    query: string,
    variables: Record<string, unknown> = {},
  ): AsyncGenerator<Answer, void> {
    const authorization = await this.options.authorization?.();
    const client = createClient({
      url: this.options.url.replace(/^http/, "ws"),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: authorization === undefined ? {} : { authorization },
    });
    try {
      for await (const result of client.iterate({ query, variables })) {
        const text = JSON.stringify(result);
        this.options.record?.(text);
        yield new Answer(200, text);
      }
    } catch (error) {
      this.options.record?.(JSON.stringify(error));
      throw endOf(error);
    } finally {
      await client.dispose();
    }
  }

  /** Returns every event of a subscription after it completes. @throws SubscriptionEnded */
  async follow(query: string, variables: Record<string, unknown> = {}): Promise<Answer[]> {
    const events: Answer[] = [];
    for await (const event of this.subscribe(query, variables)) events.push(event);
    return events;
  }

  /**
   * Returns the reason why a subscription was refused or cut off. @throws Error if the subscription
   * completed
   */
  async refusal(
    query: string,
    variables: Record<string, unknown> = {},
  ): Promise<SubscriptionEnded> {
    const events = await this.follow(query, variables).catch((error: unknown) => error);
    if (events instanceof SubscriptionEnded) return events;
    throw new Error(`The subscription was not refused: ${JSON.stringify(events)}`);
  }
}

function endOf(error: unknown): unknown {
  if (Array.isArray(error)) {
    const errors = error as AnsweredError[];
    return new SubscriptionEnded(errors, null, errors[0]?.message ?? "");
  }
  const { code, reason } = error as { readonly code?: unknown; readonly reason?: unknown };
  return typeof code === "number" ? new SubscriptionEnded([], code, String(reason)) : error;
}
