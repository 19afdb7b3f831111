import type { Tx } from "../../../platform/database/transactions/database.js";
import type { NarrationEntity } from "../../narration/narration.entity.js";
import { narrationStore } from "../../narration/narration.store.js";
import type { Owner } from "../../owner.js";
import type { RenderOrder } from "../render-order.js";
import { renderStore } from "../render.store.js";
import type { RenderEntity } from "../rendering.entity.js";

/**
 * Locks the narration and reads the render of the order. Returns null if the render has ended or if a
 * later attempt began.
 */
export async function lockCurrentRender(
  tx: Tx,
  owner: Owner,
  { narrationId, attempt }: RenderOrder,
): Promise<{ readonly narration: NarrationEntity; readonly render: RenderEntity } | null> {
  const narration = await narrationStore.lock(tx, owner, narrationId);
  const [render] = await renderStore.latest(tx, owner, [narrationId]);
  const isCurrent = render?.attempt === attempt && render.finishedAt === null;
  return narration && isCurrent ? { narration, render } : null;
}
