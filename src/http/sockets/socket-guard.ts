import type { WebSocket } from "ws";

export interface SocketGuardLimits {
  /** The maximum number of open sockets of one network. */
  readonly sockets: number;
  /** The maximum number of frames that the server reads from one network within `windowMs`. */
  readonly frames: number;
  readonly windowMs: number;
  /** With more unsent bytes of answers than this, the server stops reading the client's socket. */
  readonly bufferedBytes: number;
}

const LIMITS: SocketGuardLimits = {
  sockets: 100,
  frames: 2_000,
  windowMs: 1_000,
  bufferedBytes: 4_000_000,
};

interface Network {
  sockets: number;
  frames: number;
  windowEndsAtMs: number;
}

/**
 * Protects the server from the sockets of one network. If a network sends too many frames, the server
 * reads the network's sockets more slowly, but closes no socket. If a client sends frames but does not
 * read the answers, the server stops reading the socket of this client.
 */
export class SocketGuard {
  private readonly networks = new Map<string, Network>();

  constructor(private readonly limits: SocketGuardLimits = LIMITS) {}

  /** Returns true if this network may open another socket. */
  hasRoom(network: string): boolean {
    return (this.networks.get(network)?.sockets ?? 0) < this.limits.sockets;
  }

  /** Watches a socket from its opening to its end. */
  watch(socket: WebSocket, network: string): void {
    const use = this.networks.get(network) ?? { sockets: 0, frames: 0, windowEndsAtMs: 0 };
    use.sockets += 1;
    this.networks.set(network, use);
    let timer: NodeJS.Timeout | undefined;
    const resume = (): void => {
      timer = undefined;
      if (socket.bufferedAmount > this.limits.bufferedBytes) hold(this.limits.windowMs);
      else socket.resume();
    };
    const hold = (ms: number): void => {
      socket.pause();
      timer ??= setTimeout(resume, ms).unref();
    };
    socket.on("message", () => {
      const leftMs = this.countFrame(use);
      if (use.frames > this.limits.frames) hold(leftMs);
      else if (socket.bufferedAmount > this.limits.bufferedBytes) hold(this.limits.windowMs);
    });
    socket.once("close", () => {
      clearTimeout(timer);
      use.sockets -= 1;
      if (use.sockets === 0) this.networks.delete(network);
    });
  }

  /** Counts a frame of the current time window. Returns the milliseconds until the window ends. */
  private countFrame(use: Network): number {
    const nowMs = performance.now();
    if (nowMs >= use.windowEndsAtMs) {
      use.frames = 0;
      use.windowEndsAtMs = nowMs + this.limits.windowMs;
    }
    use.frames += 1;
    return use.windowEndsAtMs - nowMs;
  }
}
