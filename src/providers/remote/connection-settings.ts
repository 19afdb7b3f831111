import { setTimeout as sleep } from "node:timers/promises";
import { type Clock, systemClock } from "../../platform/clock.js";
import type { EndpointOptions } from "./endpoint.js";

/** How an adapter uses the connection to its endpoint. Each adapter names the defaults that are its own. */
export interface ConnectionSettings {
  /** Timeout for one attempt, including the whole reply. */
  readonly timeoutMs?: number;
  /** Timeout for the connection to the server. Default 10 s. */
  readonly connectTimeoutMs?: number;
  /**
   * True if the host's name may resolve to an address of a private network. Default false. A URL
   * that contains an address instead of a name is always allowed.
   */
  readonly allowsPrivateHost?: boolean;
  /** The maximum number of requests at the same time. */
  readonly maxConcurrent?: number;
  /** The maximum number of attempts for one request. Default 4. */
  readonly maxAttempts?: number;
  /** The largest reply. */
  readonly maxBytes?: number;
  readonly clock?: Clock;
  /** Waits between attempts. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

type Connection = Pick<
  EndpointOptions,
  | "timeoutMs"
  | "connectTimeoutMs"
  | "allowsPrivateHost"
  | "maxAttempts"
  | "maxBytes"
  | "clock"
  | "wait"
>;

/** Returns the settings, with the defaults of the adapter and of all adapters. */
export const connectionOf = (
  settings: ConnectionSettings,
  defaults: { readonly timeoutMs: number; readonly maxBytes: number },
): Connection => ({
  timeoutMs: settings.timeoutMs ?? defaults.timeoutMs,
  connectTimeoutMs: settings.connectTimeoutMs ?? 10_000,
  allowsPrivateHost: settings.allowsPrivateHost ?? false,
  maxAttempts: settings.maxAttempts ?? 4,
  maxBytes: settings.maxBytes ?? defaults.maxBytes,
  clock: settings.clock ?? systemClock,
  wait: settings.wait ?? ((ms, signal) => sleep(ms, undefined, { signal })),
});
