import type { Database } from "../../../platform/database/transactions/database.js";
import type { Notifier } from "../../../platform/database/listening/notifier.js";
import { NotFoundError, UnavailableError } from "../../../platform/errors.js";
import {
  NO_NARRATION,
  type NarrationEntity,
  isUnderWay,
} from "../../narration/narration.entity.js";
import { narrationStore } from "../../narration/narration.store.js";
import type { Owner } from "../../owner.js";
import type { RenderEntity } from "../rendering.entity.js";
import { RENDER_CHANNEL } from "../render-order.js";
import { renderStore } from "../render.store.js";

/**
 * Waits until a render has ended. Returns the narration. Calls `onProgress` at the start and after each
 * change of the render.
 */
export async function untilRendered(
  use: { readonly database: Database; readonly notifier: Notifier },
  owner: Owner,
  narrationId: string,
  onProgress: (render: RenderEntity) => void,
): Promise<NarrationEntity> {
  const news = use.notifier.listen(RENDER_CHANNEL, narrationId);
  try {
    for (;;) {
      const { narration, render } = await use.database.read(
        { viewer: owner.userId },
        async (tx) => ({
          narration: (await narrationStore.byIds(tx, owner, [narrationId]))[0],
          render: (await renderStore.latest(tx, owner, [narrationId]))[0],
        }),
      );
      if (!narration) throw new NotFoundError(NO_NARRATION);
      if (render) onProgress(render);
      if (!isUnderWay(narration.status)) return narration;
      const { done } = await news.next();
      if (done) throw new UnavailableError("The process stopped before the render was done.");
    }
  } finally {
    await news.return?.();
  }
}
