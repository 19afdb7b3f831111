import { once } from "node:events";
import net from "node:net";

/**
 * A TCP proxy in front of PostgreSQL. `freeze` makes the open connections look as if the other side had
 * disappeared.
 */
export interface FreezingProxy {
  /** Returns the URL with the proxy's address instead of the server's. */
  through(url: string): string;
  /**
   * Stops forwarding bytes on all open connections, but does not close the connections. New connections
   * work.
   */
  freeze(): void;
  close(): Promise<void>;
}

/** Starts a proxy to the server of `url`. */
export async function freezingProxy(url: string): Promise<FreezingProxy> {
  const { hostname, port } = new URL(url);
  const sockets = new Set<net.Socket>();
  const pairs = new Set<readonly [net.Socket, net.Socket]>();
  const server = net.createServer((near) => {
    const far = net.connect(Number(port), hostname);
    pairs.add([near, far]);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on("error", () => undefined);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: nearPort } = server.address() as net.AddressInfo;
  return {
    through: (target) => {
      const changed = new URL(target);
      changed.hostname = "127.0.0.1";
      changed.port = String(nearPort);
      return changed.href;
    },
    freeze: () => {
      for (const [near, far] of pairs) {
        near.unpipe(far).pause();
        far.unpipe(near).pause();
      }
      pairs.clear();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
