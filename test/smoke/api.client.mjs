import { createClient } from "graphql-ws";
import { within } from "./server.process.mjs";

const ANSWERS_WITHIN_MS = 15_000;

/**
 * Returns a client of one person, over HTTP and WebSocket. Without a token, the client is
 * anonymous.
 */
export function person(url, token) {
  const headers = token ? { authorization: `Bearer ${token}` } : {};

  const text = async (query, variables = {}) => {
    const reply = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ query, variables }),
      signal: globalThis.AbortSignal.timeout(ANSWERS_WITHIN_MS),
    });
    return reply.text();
  };

  const ask = async (query, variables) => {
    const { data, errors, extensions } = JSON.parse(await text(query, variables));
    if (errors) throw new Error(errors.map(({ message }) => message).join("; "));
    return { ...data, extensions };
  };

  /** Runs a mutation and returns its payload. @throws Error with the user errors */
  const change = async (query, input) => {
    const { result } = await ask(query, { input });
    if (result.userErrors.length > 0) throw new Error(JSON.stringify(result.userErrors));
    return result;
  };

  /** Returns every event of a subscription after it completes. */
  const follow = (query, variables) => {
    const client = createClient({
      url: `${url.replace("http", "ws")}/graphql`,
      connectionParams: headers,
      retryAttempts: 0,
    });
    const events = Array.fromAsync(client.iterate({ query, variables }));
    return within(30_000, events, "the subscription to complete").finally(() => client.dispose());
  };

  return { text, ask, change, follow };
}
