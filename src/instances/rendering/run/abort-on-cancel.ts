import type { Database } from "../../../platform/database/transactions/database.js";
import type { Notifier } from "../../../platform/database/listening/notifier.js";
import type { Owner } from "../../owner.js";
import { RENDER_CHANNEL, type RenderOrder } from "../render-order.js";
import { renderStore } from "../render.store.js";

/**
 * Listens for the end of an attempt. Calls `cancel.abort()` if the attempt has ended, for example
 * because the owner cancelled the render. ProgressWriter notices the end only when it writes progress.
 * This function is also needed, because ProgressWriter writes nothing while a long segment is spoken or
 * a book is joined. Call the returned function to stop listening.
 */
export function abortOnCancel(
  { database, notifier }: { readonly database: Database; readonly notifier: Notifier },
  { owner, order }: { readonly owner: Owner; readonly order: RenderOrder },
  cancel: AbortController,
): () => Promise<void> {
  const news = notifier.listen(RENDER_CHANNEL, order.narrationId);
  const watch = async (): Promise<void> => {
    while (!(await news.next()).done) {
      const [render] = await database.read({ viewer: owner.userId }, (tx) =>
        renderStore.latest(tx, owner, [order.narrationId]),
      );
      if (render?.attempt !== order.attempt || render.finishedAt !== null) cancel.abort();
    }
  };
  // Ignore errors. If the database cannot be reached, the render itself fails, too. If only this
  // listener fails, the next write of progress notices a cancel.
  const watching = watch().catch(() => undefined);
  return async () => {
    await news.return?.();
    await watching;
  };
}
