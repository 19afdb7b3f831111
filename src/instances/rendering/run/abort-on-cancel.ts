import type { Database } from "../../../platform/database/database.js";
import type { Notifier } from "../../../platform/database/notifier.js";
import type { Owner } from "../../owner.js";
import { RENDER_CHANNEL, type RenderOrder } from "../render-order.js";
import { renderStore } from "../render.store.js";

/**
 * Aborts `cancel` when a render is over, as by its owner, also while a long segment is spoken or a book
 * is joined and no progress is written. Until the function it returns is called.
 */
export function abortOnCancel(
  { database, notifier }: { readonly database: Database; readonly notifier: Notifier },
  { owner, order }: { readonly owner: Owner; readonly order: RenderOrder },
  cancel: AbortController,
): () => Promise<void> {
  const news = notifier.listen(RENDER_CHANNEL, order.narrationId);
  const heed = async (): Promise<void> => {
    while (!(await news.next()).done) {
      const [render] = await database.read({ viewer: owner.userId }, (tx) =>
        renderStore.latest(tx, owner, [order.narrationId]),
      );
      if (render?.attempt !== order.attempt || render.finishedAt !== null) cancel.abort();
    }
  };
  // A database that is away fails the render itself; the next progress hears of a cancel as well.
  const heeded = heed().catch(() => undefined);
  return async () => {
    await news.return?.();
    await heeded;
  };
}
