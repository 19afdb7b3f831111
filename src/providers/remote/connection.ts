import { type LookupAddress, lookup } from "node:dns";
import { once } from "node:events";
import { type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { BlockList, type LookupFunction } from "node:net";
import { ProviderError } from "../../platform/errors.js";

export interface HttpRequest {
  readonly method: "GET" | "POST" | "DELETE";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: { readonly content: string | Uint8Array; readonly contentType: string };
}

/** Returns the URL of a path below an endpoint's URL. Keeps the query, such as the version of an API. */
export function urlBelow(baseUrl: string, path: string): string {
  const url = new URL(baseUrl);
  url.pathname = url.pathname.replace(/\/+$/, "") + path;
  url.hash = "";
  return url.href;
}

export const jsonBody = (value: object): HttpRequest["body"] & object => ({
  content: JSON.stringify(value),
  contentType: "application/json",
});

export interface ConnectionOptions {
  /** The provider's name, used in every error message. */
  readonly name: string;
  /** Timeout for the connection to the server. */
  readonly connectTimeoutMs: number;
  /** True if the host's name may resolve to an address of a private network. */
  readonly allowsPrivateHost: boolean;
  /** The setting that allows such an address, for the error message. */
  readonly privateHostSetting: string;
}

const PRIVATE = new BlockList();
PRIVATE.addSubnet("0.0.0.0", 8, "ipv4");
PRIVATE.addSubnet("10.0.0.0", 8, "ipv4");
PRIVATE.addSubnet("100.64.0.0", 10, "ipv4");
PRIVATE.addSubnet("127.0.0.0", 8, "ipv4");
PRIVATE.addSubnet("169.254.0.0", 16, "ipv4");
PRIVATE.addSubnet("172.16.0.0", 12, "ipv4");
PRIVATE.addSubnet("192.168.0.0", 16, "ipv4");
PRIVATE.addSubnet("::", 127, "ipv6");
PRIVATE.addSubnet("fc00::", 7, "ipv6");
PRIVATE.addSubnet("fe80::", 10, "ipv6");

/**
 * True if an address belongs to this machine, to a private network, or to the internal services of
 * a cloud.
 */
export const isPrivateAddress = ({ address, family }: LookupAddress): boolean =>
  PRIVATE.check(address, family === 6 ? "ipv6" : "ipv4");

/**
 * Sends a request. Returns the reply when its headers have arrived. Does not follow redirects, because a
 * redirect would send the key to another server. A redirect is returned like any other reply. Looks
 * up the host's address once, checks the address and connects to it. With a second lookup for the
 * connection, the name could lead to a private address after the check.
 */
export async function connect(
  options: ConnectionOptions,
  { body, ...asked }: HttpRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const url = new URL(asked.url);
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  const request = send(url, {
    method: asked.method,
    headers: { ...asked.headers, ...(body && { "content-type": body.contentType }) },
    signal,
    ...(options.allowsPrivateHost ? {} : { lookup: publicLookup(options) }),
  });
  const deadline = setTimeout(() => {
    const message = `${options.name} cannot be reached within ${options.connectTimeoutMs} ms.`;
    request.destroy(new ProviderError(message, true));
  }, options.connectTimeoutMs);
  request.on("socket", (socket) => {
    const isReached = () => clearTimeout(deadline);
    // A connection that is used again is already open and emits no event.
    if (socket.connecting)
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", isReached);
    else isReached();
  });
  // An error that comes after the start of the reply also reaches the reader of the reply. This
  // empty listener is needed too, because an error of the request without a listener would end the
  // process.
  request.on("error", () => undefined);
  request.end(body?.content);
  try {
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return response;
  } finally {
    clearTimeout(deadline);
  }
}

/**
 * Returns a function that looks up a host and leaves out private addresses. The lookup fails if no
 * other address is left. Node does not call this function for a URL that contains an address. Such
 * an address is always allowed, because the operator chose it on purpose.
 */
function publicLookup({ name, privateHostSetting }: ConnectionOptions): LookupFunction {
  return (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found: LookupAddress[] | undefined) => {
      const addresses = (found ?? []).filter((address) => !isPrivateAddress(address));
      const [first] = addresses;
      if (error) done(error, "");
      else if (!first) {
        const message = `${name}'s host ${host} is in a private network; set ${privateHostSetting}=true to allow it.`;
        done(new ProviderError(message, false), "");
      } else if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}
