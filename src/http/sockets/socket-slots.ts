import { RateLimitedError } from "../../platform/errors.js";

/** How many slots of each kind can be taken at the same time. */
export interface SlotLimits {
  readonly perSocket: number;
  /** The limit for all sockets of one user. Callers without a token share the limit of their network. */
  readonly perCaller: number;
}

const SLOT_LIMITS: SlotLimits = { perSocket: 20, perCaller: 50 };

/** Queries and mutations take slots of the kind "operations". */
export type SlotKind = "operations" | "subscriptions";

type Counts = Record<SlotKind, number>;

/** The permission to run one query, mutation or subscription. */
interface Slot {
  readonly socket: object;
  readonly caller: string;
  readonly kind: SlotKind;
  isRunning: boolean;
  isReleased: boolean;
}

/**
 * Limits the operations that run at the same time over WebSocket. Each operation needs a slot. The slot
 * is released when the operation has ended and its answer is sent. If the socket closes earlier, an
 * operation that still runs keeps its slot. Otherwise a client could start more operations over a new
 * socket than the limit allows.
 */
export class SocketSlots {
  private readonly sockets = new WeakMap<object, Set<Slot>>();
  private readonly closed = new WeakSet();
  private readonly callers = new Map<string, Counts>();
  private readonly slots = new WeakMap<object, Slot>();

  constructor(private readonly limits: SlotLimits = SLOT_LIMITS) {}

  /**
   * Takes a slot. Later calls find the slot with any object of `keys`.
   * @throws RateLimitedError if the socket or the caller has no free slot
   */
  takeSlot(
    socket: object,
    { caller, kind }: Pick<Slot, "caller" | "kind">,
    keys: readonly object[],
  ): void {
    const ofSocket = this.sockets.get(socket) ?? new Set();
    const used = [...ofSocket].filter((slot) => slot.kind === kind).length;
    if (used >= this.limits.perSocket) throw full("This connection has", used, kind);
    const counts = this.callers.get(caller) ?? { operations: 0, subscriptions: 0 };
    if (counts[kind] >= this.limits.perCaller) throw full("You have", counts[kind], kind);
    counts[kind] += 1;
    this.callers.set(caller, counts);
    const slot: Slot = { socket, caller, kind, isRunning: true, isReleased: false };
    this.sockets.set(socket, ofSocket.add(slot));
    for (const key of keys) this.slots.set(key, slot);
  }

  /**
   * Runs `work`, the execution of an operation. The slot stays taken after the execution, because the
   * answer is not sent yet. If the socket has closed, the slot is released at the end of the execution.
   */
  async during<K extends object, T>(key: K, work: (key: K) => Promise<T>): Promise<T> {
    try {
      return await work(key);
    } finally {
      const slot = this.slots.get(key);
      if (slot) slot.isRunning = false;
      if (slot && this.closed.has(slot.socket)) this.free(slot);
    }
  }

  /** Releases a slot. Call this method when the answer is sent, or when the operation is refused. */
  release(key: object): void {
    const slot = this.slots.get(key);
    if (slot) this.free(slot);
  }

  /** Releases the slots of a closed socket, except the slots of operations that still run. */
  closeSocket(socket: object): void {
    this.closed.add(socket);
    for (const slot of this.sockets.get(socket) ?? []) if (!slot.isRunning) this.free(slot);
  }

  private free(slot: Slot): void {
    if (slot.isReleased) return;
    slot.isReleased = true;
    this.sockets.get(slot.socket)?.delete(slot);
    const counts = this.callers.get(slot.caller);
    if (!counts) return;
    counts[slot.kind] -= 1;
    if (counts.operations === 0 && counts.subscriptions === 0) this.callers.delete(slot.caller);
  }
}

const full = (who: string, count: number, kind: SlotKind): RateLimitedError =>
  new RateLimitedError(
    `${who} ${count} ${kind} at the same time, which is the limit. Start another when one has ended.`,
    1,
  );
