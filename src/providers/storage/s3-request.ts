import { setTimeout as delay } from "node:timers/promises";
import { AwsV4Signer } from "aws4fetch";
import { ProviderError } from "../../platform/errors.js";

const MAX_TRIES = 4;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 10_000;
/** The slowest accepted upload is 256 kB per second. A slower upload ends with a timeout. */
const SLOWEST_BYTES_PER_MS = 256;
const TIMED_OUT = new Error("timed out");
const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

export interface S3Account {
  /** Scheme and host of any S3-compatible service. The bucket is the first part of the path. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /**
   * Timeout until the answer begins. Default 30 s. An upload gets more time, depending on its size.
   */
  readonly timeoutMs?: number | undefined;
  /** Waits between tries. A test passes a function that does not wait. */
  readonly wait?: ((ms: number) => Promise<unknown>) | undefined;
}

export interface S3Request {
  readonly method: "GET" | "HEAD" | "PUT" | "DELETE";
  /** The object's key in the bucket. Empty for the bucket itself. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly upload?: { readonly body: Blob; readonly sha256: string };
}

/** The result of one try: an answer, or the error that prevented an answer. */
type Outcome =
  | { readonly response: Response; readonly error?: never }
  | { readonly response?: never; readonly error: unknown };

/**
 * Sends signed requests to an S3 server. Tries again after 429, 5xx, a lost connection and a
 * timeout. Does not follow redirects, because a redirect would send the signature to another host.
 * @returns any other answer, also one with an error status; its body is not read yet
 * @throws ProviderError after the last try, or for a redirect
 */
export class S3Client {
  constructor(private readonly account: S3Account) {}

  async send(request: S3Request): Promise<Response> {
    const { wait = delay } = this.account;
    for (let attempt = 1; ; attempt += 1) {
      const outcome = await this.attempt(request);
      const { response } = outcome;
      if (response && !isPassing(response.status)) return refuseRedirect(response, request);
      await response?.body?.cancel();
      if (attempt === MAX_TRIES) throw describeGiveUp(outcome, request);
      await wait(waitAfter(response, attempt));
    }
  }

  private async attempt(request: S3Request): Promise<Outcome> {
    const { timeoutMs = 30_000 } = this.account;
    const sizeBytes = request.upload?.body.size ?? 0;
    const stop = new AbortController();
    // The timeout covers only the time until the answer begins, because the reader of a long blob
    // may read slowly.
    const timer = setTimeout(
      () => stop.abort(TIMED_OUT),
      timeoutMs + sizeBytes / SLOWEST_BYTES_PER_MS,
    );
    try {
      const { url, headers } = await this.signed(request);
      const response = await fetch(url, {
        method: request.method,
        headers,
        body: request.upload?.body ?? null,
        redirect: "manual",
        signal: stop.signal,
      });
      return { response };
    } catch (error) {
      return { error };
    } finally {
      clearTimeout(timer);
    }
  }

  private signed({ method, key, query, headers, upload }: S3Request) {
    const { endpoint, bucket, region, accessKeyId, secretAccessKey, sessionToken } = this.account;
    const path = key ? `${bucket}/${key}` : bucket;
    const url = new URL(`${endpoint.replace(/\/+$/, "")}/${path}`);
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
    return new AwsV4Signer({
      method,
      url: url.href,
      headers: { ...headers, "x-amz-content-sha256": upload?.sha256 ?? EMPTY_SHA256 },
      service: "s3",
      region,
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    }).sign();
  }
}

/**
 * Returns an error that states the refused request, the status and what the operator should check.
 */
export async function describeRefusal(
  response: Response,
  request: S3Request,
): Promise<ProviderError> {
  await response.body?.cancel();
  const advice =
    response.status === 401 || response.status === 403
      ? "check its credentials and their permissions."
      : "check its endpoint, region and bucket.";
  return new ProviderError(
    `The S3 storage answered ${response.status} to ${named(request)}; ${advice}`,
    false,
  );
}

const isPassing = (status: number): boolean => status === 429 || status >= 500;

const named = ({ method, key }: S3Request): string => `${method} ${key || "of the bucket"}`;

async function refuseRedirect(response: Response, request: S3Request): Promise<Response> {
  const isRedirect = response.status === 0 || (response.status > 300 && response.status < 400);
  if (isRedirect && response.status !== 304) throw await describeRefusal(response, request);
  return response;
}

function describeGiveUp({ response, error }: Outcome, request: S3Request): ProviderError {
  const what = response ? `answered ${response.status}` : `failed (${reasonOf(error)})`;
  return new ProviderError(
    `The S3 storage ${what} to ${named(request)} ${MAX_TRIES} times; try again later.`,
    true,
    { cause: error },
  );
}

/**
 * Returns the code of the error's cause, because fetch itself says only "fetch failed". Without a cause,
 * returns the code of the error. Never returns the error's message, because the message may contain the
 * signed URL.
 */
function reasonOf(error: unknown): string {
  if (error === TIMED_OUT) return TIMED_OUT.message;
  if (typeof error !== "object" || error === null) return "unknown";
  if ("cause" in error && error.cause !== undefined) return reasonOf(error.cause);
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : "unknown";
}

function waitAfter(response: Response | undefined, attempt: number): number {
  const backoffMs = FIRST_WAIT_MS * 2 ** (attempt - 1);
  // Retry-After may also be a date. A date counts as 0 here, so the wait is `backoffMs`.
  const askedMs = Number(response?.headers.get("retry-after") ?? 0) * 1000 || 0;
  return Math.min(LONGEST_WAIT_MS, Math.max(backoffMs, askedMs));
}
