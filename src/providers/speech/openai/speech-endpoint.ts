import type { IncomingMessage } from "node:http";
import { z } from "zod";
import type { Clock } from "../../../platform/clock.js";
import { ProviderError } from "../../../platform/errors.js";
import { type ConnectionOptions, connect } from "./speech-connection.js";

export interface EndpointOptions extends ConnectionOptions {
  /** Timeout for one attempt, including the reply's body. */
  readonly timeoutMs: number;
  readonly maxAttempts: number;
  readonly maxBytes: number;
  readonly clock: Clock;
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 60_000;

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

/**
 * Posts JSON and reads the bytes of the reply with `read`. Tries again after 429, 408 and 5xx, a
 * broken connection and a timeout. Also tries again if `read` throws a retryable ProviderError.
 * @throws the ProviderError of the last attempt
 * @throws the signal's reason if the signal aborts
 */
export async function askEndpoint<T>(
  options: EndpointOptions,
  body: object,
  read: (bytes: Uint8Array) => T,
  signal: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return read(await post(options, body, signal));
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ProviderError)) throw error;
      if (!error.retryable || attempt >= options.maxAttempts) throw error;
      const asked = error instanceof AttemptError ? error.delayMs : null;
      await options.wait(
        Math.min(LONGEST_DELAY_MS, asked ?? FIRST_DELAY_MS * 2 ** (attempt - 1)),
        signal,
      );
    }
  }
}

async function post(
  options: EndpointOptions,
  body: object,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const timeout = AbortSignal.timeout(options.timeoutMs);
  try {
    const response = await connect(options, body, AbortSignal.any([signal, timeout]));
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) throw await refusal(options, body, response);
    refuseOtherTypes(options, response);
    return await readCapped(options, response);
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    const what = timeout.aborted
      ? `did not answer within ${options.timeoutMs} ms`
      : "closed the connection or cannot be reached";
    throw new AttemptError(`${options.name} ${what}.`, true, null, { cause: error });
  }
}

/**
 * Refuses a reply that is text or JSON. In an outage, servers often answer 200 with a web page, so
 * another attempt may succeed.
 * @throws AttemptError, which is retryable
 */
function refuseOtherTypes(options: EndpointOptions, response: IncomingMessage): void {
  const type = response.headers["content-type"] ?? "";
  const [kind, text] = /^(text)|^application\/(json|problem)/i.exec(type) ?? [];
  if (kind === undefined) return;
  response.destroy();
  // Only the kind, because the server chooses the rest of the type.
  const what = text === undefined ? "JSON" : "text";
  throw new AttemptError(`${options.name} answered with ${what} instead of sound.`, true);
}

async function refusal(
  options: EndpointOptions,
  body: object,
  response: IncomingMessage,
): Promise<AttemptError> {
  const { statusCode: status = 0 } = response;
  const isRetryable = status === 429 || status === 408 || status >= 500;
  const sent = JSON.stringify([body, options.headers]);
  const code = codeIn(await readCapped({ ...options, maxBytes: 64_000 }, response), sent);
  const advice = status === 401 || status === 403 ? " Check its key." : "";
  return new AttemptError(
    `${options.name} answered ${status}${code === null ? "" : ` (${code})`}.${advice}`,
    isRetryable,
    retryAfterMs(response.headers["retry-after"], options.clock),
  );
}

const refusalSchema = z.object({
  error: z.object({ code: z.unknown().optional(), type: z.unknown().optional() }),
});

/**
 * Returns the code or the type of the server's error. Does not return the message of the error.
 * Users see the result, and some vendors repeat the API key in their messages. A code that occurs in
 * the request counts as such a repetition.
 */
function codeIn(body: Uint8Array, sent: string): string | null {
  try {
    const { error } = refusalSchema.parse(JSON.parse(new TextDecoder().decode(body)));
    const names = [error.code, error.type].filter((name) => typeof name === "string");
    const isCode = (name: string) =>
      /^[a-z_]{1,40}$/.test(name) && !lettersOf(sent).includes(lettersOf(name));
    return names.find(isCode) ?? null;
  } catch {
    return null;
  }
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
      throw new ProviderError(
        `${options.name} answered with more than ${options.maxBytes} bytes.`,
        false,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
