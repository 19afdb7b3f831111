import { type LookupAddress, lookup } from "node:dns";
import { once } from "node:events";
import { type IncomingMessage, request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { BlockList, type LookupFunction } from "node:net";
import { ProviderError } from "../../../platform/errors.js";

export interface ConnectionOptions {
  /** Named in every message. */
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Until the server is reached. */
  readonly connectTimeoutMs: number;
  /** Whether the host's name may lead into a private network. */
  readonly allowsPrivateHost: boolean;
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

/** Whether an address leads to this machine, its network, or a cloud's own services. */
export const isPrivateAddress = ({ address, family }: LookupAddress): boolean =>
  PRIVATE.check(address, family === 6 ? "ipv6" : "ipv4");

/**
 * Posts JSON and returns the reply once its head is there. Redirects are replies like others, for
 * following one would carry the key away. A host is looked up once, and what is looked up is what is
 * connected to, so that a name cannot lead elsewhere in between.
 */
export async function connect(
  options: ConnectionOptions,
  body: object,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const url = new URL(options.url);
  const post = url.protocol === "https:" ? httpsRequest : httpRequest;
  const request = post(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...options.headers },
    signal,
    ...(options.allowsPrivateHost ? {} : { lookup: publicLookup(options.name) }),
  });
  const deadline = setTimeout(() => {
    const message = `${options.name} cannot be reached within ${options.connectTimeoutMs} ms.`;
    request.destroy(new ProviderError(message, true));
  }, options.connectTimeoutMs);
  request.on("socket", (socket) => {
    const isReached = () => clearTimeout(deadline);
    // A kept connection is there already.
    if (socket.connecting)
      socket.once(url.protocol === "https:" ? "secureConnect" : "connect", isReached);
    else isReached();
  });
  // One that comes after the reply has begun is the reply's as well; here nobody listens any more.
  request.on("error", () => undefined);
  request.end(JSON.stringify(body));
  try {
    const [response] = (await once(request, "response")) as [IncomingMessage];
    return response;
  } finally {
    clearTimeout(deadline);
  }
}

/** Not asked for an address that stands in the URL: whoever configured it means it. */
function publicLookup(name: string): LookupFunction {
  return (host, options, done) => {
    lookup(host, { ...options, all: true }, (error, found: LookupAddress[] | undefined) => {
      const addresses = (found ?? []).filter((address) => !isPrivateAddress(address));
      const [first] = addresses;
      if (error) done(error, "");
      else if (!first) {
        const message = `${name}'s host ${host} leads into a private network; set SPEECH_ALLOW_PRIVATE if it should.`;
        done(new ProviderError(message, false), "");
      } else if (options.all) done(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}
