import { Client } from "pg";
import { serverUrl } from "./urls.js";
import type { State } from "./state.js";

export type Answer =
  | { readonly kind: "ready"; readonly dataDirectory: string }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "not yet"; readonly reason: string };

const ANSWER_WITHIN_MS = 10_000;

/** Asks the server on the stored port which data directory it uses. */
export async function probeServer(state: State): Promise<Answer> {
  const client = new Client({
    connectionString: serverUrl(state, "postgres"),
    application_name: "fabula-launcher",
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
  });
  // A server that shuts down ends the connection at any time, also between two calls.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>("SHOW data_directory");
    return { kind: "ready", dataDirectory: rows[0]?.data_directory ?? "" };
  } catch (error) {
    const { code = "", message } = error as Error & { code?: string };
    // SQLSTATE class 28: the server refuses our user or password, so the server is not our server.
    return { kind: code.startsWith("28") ? "refused" : "not yet", reason: message };
  } finally {
    await client.end().catch(() => undefined);
  }
}
