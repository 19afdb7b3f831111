import type { WebSocket } from "ws";
import type { Database } from "../../platform/database/transactions/database.js";
import type { Logger } from "../../platform/process/logging.js";
import { type Repetition, repeat } from "../../platform/process/repeat.js";
import { userStore } from "../../platform/users/user.store.js";
import { closeSocket } from "./socket.handler.js";

/** How long an open socket may outlive the account of its user. */
const CHECK_EVERY_MS = 5_000;
const FORBIDDEN = 4403;

export interface AccountWatchOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** The time between two checks. The default is 5 s. */
  readonly everyMs?: number | undefined;
}

/**
 * Closes the sockets of deactivated and erased users. A subscription without an event reads nothing, so no
 * other check would notice. One statement checks all users of this process.
 */
export class AccountWatch {
  private readonly sockets = new Map<string, Set<WebSocket>>();
  private readonly checks: Repetition;

  constructor(private readonly options: AccountWatchOptions) {
    const { everyMs = CHECK_EVERY_MS } = options;
    this.checks = repeat(() => this.check(), { everyMs, onError: this.warn });
  }

  /** Watches a socket until the socket closes. */
  add(userId: string, socket: WebSocket): void {
    this.sockets.set(userId, (this.sockets.get(userId) ?? new Set()).add(socket));
    socket.once("close", () => {
      this.remove(userId, socket);
    });
  }

  /** Checks this user at once, because an operation of the user was refused. */
  suspect(userId: string): void {
    this.check([userId]).catch(this.warn);
  }

  async stop(): Promise<void> {
    await this.checks.stop();
  }

  private remove(userId: string, socket: WebSocket): void {
    const open = this.sockets.get(userId);
    open?.delete(socket);
    if (open?.size === 0) this.sockets.delete(userId);
  }

  private async check(userIds: readonly string[] = [...this.sockets.keys()]): Promise<void> {
    if (userIds.length === 0) return;
    const barred = await this.options.database.read({ viewer: null }, (tx) =>
      userStore.barredAmong(tx, userIds),
    );
    for (const userId of barred) {
      for (const socket of this.sockets.get(userId) ?? [])
        closeSocket(socket, FORBIDDEN, "This account is no longer active.");
    }
  }

  private readonly warn = (error: unknown): void => {
    this.options.logger.warn(
      { err: error },
      "Cannot check whether the users of open sockets are active",
    );
  };
}
