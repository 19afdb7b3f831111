import type { WebSocket } from "ws";

export interface SocketGuardLimits {
  /** Open sockets of one network. */
  readonly sockets: number;
  /** Frames that one network may send in one window. */
  readonly frames: number;
  readonly windowMs: number;
  /** Bytes that wait for a client. */
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
 * Bounds what the sockets of one network can do to the others. A network that sends too many frames
 * is read more slowly, so its own frames wait, and no socket is closed. A client that sends frames
 * and does not read the answers is not read either.
 */
export class SocketGuard {
  private readonly networks = new Map<string, Network>();

  constructor(private readonly limits: SocketGuardLimits = LIMITS) {}

  /** Whether this network may open another socket. */
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

  /** Returns the time until the window ends. */
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
