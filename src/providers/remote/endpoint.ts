import type { IncomingMessage } from "node:http";
import type { Clock } from "../../platform/clock.js";
import { FabulaError, ProviderError } from "../../platform/errors.js";
import { type ConnectionOptions, type HttpRequest, connect } from "./connection.js";

export interface EndpointOptions extends ConnectionOptions, RetryOptions {
  /** Timeout for one attempt, including the reply's body. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly clock: Clock;
  /** The content of a good reply. */
  readonly replies: "sound" | "JSON";
  /** Explains a reply with an error status. */
  readonly explain: (refusal: Refusal) => Explanation;
}

export interface RetryOptions {
  readonly maxAttempts: number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** A reply with an error status. */
export interface Refusal {
  readonly status: number;
  /** The body as the server sent it. The server may have sent anything. */
  readonly body: Uint8Array;
  /** The text that the request contained, with its headers. */
  readonly sent: string;
}

export interface Explanation {
  /** What happened and what to do, written for people. */
  readonly message: string;
  readonly retryable: boolean;
  /** The error to throw. Default: a ProviderError. */
  readonly error?: FabulaError;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 60_000;
const MOST_REFUSAL_BYTES = 64_000;

/**
 * A failed attempt. `delayMs` is the wait that the server asked for, or null if the server asked
 * for no wait.
 */
class AttemptError extends ProviderError {
  constructor(
    message: string,
    retryable: boolean,
    readonly delayMs: number | null = null,
    options?: { cause?: unknown },
  ) {
    super(message, retryable, options);
  }
}

/** The reply is longer than the endpoint's limit. */
export class OversizedReplyError extends ProviderError {}

/**
 * Sends a request and reads the bytes of the reply with `read`. Tries again after 429, 408 and 5xx, a
 * broken connection and a timeout. Also tries again if `read` throws a retryable ProviderError.
 * @throws the ProviderError of the last attempt
 * @throws the signal's reason if the signal aborts
 */
export const askEndpoint = <T>(
  options: EndpointOptions,
  request: HttpRequest,
  read: (bytes: Uint8Array) => T,
  signal: AbortSignal,
): Promise<T> =>
  withRetries(options, async () => read(await send(options, request, signal)), signal);

/**
 * Calls `attempt`, again after each retryable ProviderError. Waits as long as the server asked for.
 * @throws the error of the last attempt
 * @throws the signal's reason if the signal aborts
 */
export async function withRetries<T>(
  { maxAttempts, wait }: RetryOptions,
  attempt: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ProviderError)) throw error;
      if (!error.retryable || count >= maxAttempts) throw error;
      const asked = error instanceof AttemptError ? error.delayMs : null;
      const delayMs = asked ?? FIRST_DELAY_MS * 2 ** (count - 1);
      await wait(Math.min(LONGEST_DELAY_MS, delayMs), signal);
    }
  }
}

async function send(
  options: EndpointOptions,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  try {
    const response = await connect(options, request, AbortSignal.any([signal, timeout]));
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) throw await refusal(options, request, response);
    refuseOtherTypes(options, response);
    return await readCapped(options, response);
  } catch (error) {
    if (error instanceof FabulaError) throw error;
    const what = timeout.aborted
      ? `did not answer within ${options.timeoutMs} ms`
      : "closed the connection or cannot be reached";
    throw new AttemptError(`${options.name} ${what}.`, true, null, { cause: error });
  }
}

/**
 * Refuses a reply of another kind than the expected one. In an outage, servers often answer 200 with a
 * web page, so another attempt may succeed.
 * @throws AttemptError, which is retryable
 */
function refuseOtherTypes({ name, replies }: EndpointOptions, response: IncomingMessage): void {
  const type = response.headers["content-type"] ?? "";
  const [kind, text] = /^(text)|^application\/(json|problem)/i.exec(type) ?? [];
  if (kind === undefined) return;
  // Only the kind, because the server chooses the rest of the type.
  const what = text === undefined ? "JSON" : "text";
  if (what === replies) return;
  response.destroy();
  throw new AttemptError(`${name} answered with ${what} instead of ${replies}.`, true);
}

async function refusal(
  options: EndpointOptions,
  { url, headers, body }: HttpRequest,
  response: IncomingMessage,
): Promise<FabulaError> {
  const { statusCode: status = 0 } = response;
  const content = typeof body?.content === "string" ? body.content : "";
  const { message, retryable, error } = options.explain({
    status,
    body: await readStart(response, MOST_REFUSAL_BYTES),
    sent: JSON.stringify([url, headers, content]),
  });
  if (error) return error;
  const delayMs = retryAfterMs(response.headers["retry-after"], options.clock);
  return new AttemptError(message, retryable, delayMs);
}

/** True if the server may answer the same request later. */
export const mayPass = (status: number): boolean =>
  status === 429 || status === 408 || status >= 500;

/**
 * Returns the first of the server's names for an error that users may see. Some vendors repeat the API
 * key in their errors, so the name must be a code, and must not occur in the request.
 */
export function safeCode(names: readonly unknown[], sent: string): string | null {
  const isCode = (name: unknown): name is string =>
    typeof name === "string" &&
    /^[a-z_]{1,40}$/.test(name) &&
    !lettersOf(sent).includes(lettersOf(name));
  return names.find(isCode) ?? null;
}

const lettersOf = (text: string): string => text.toLowerCase().replace(/[^a-z]/g, "");

/**
 * Returns the wait that a Retry-After header asks for, ms. The header contains seconds or an HTTP
 * date (RFC 9110, 10.2.3). Returns null without such a header.
 */
function retryAfterMs(header: string | undefined, clock: Clock): number | null {
  if (!header) return null;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - clock.now().getTime());
}

/** Reads at most so much of a body. The end of a long error is of no use, for example of a proxy's page. */
async function readStart(response: IncomingMessage, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response) {
    if (!(chunk instanceof Uint8Array)) continue;
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

async function readCapped(
  options: EndpointOptions,
  response: IncomingMessage,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response) {
    if (!(chunk instanceof Uint8Array)) continue;
    size += chunk.length;
    if (size > options.maxBytes) {
      throw new OversizedReplyError(
        `${options.name} answered with more than ${options.maxBytes} bytes.`,
        false,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
