import type { Tx } from "../../../platform/database/transactions/database.js";
import { ConflictError, NotFoundError } from "../../../platform/errors.js";
import { type EditionEntity, editionStore } from "../../../reference/index.js";
import type { Owner } from "../../owner.js";
import { type WholeNarration, isOwn } from "../narration-view.js";
import { nameOf } from "../narration.entity.js";
import { narrationStore } from "../narration.store.js";
import { PublishedNarration } from "../published-narration.js";

/** The narration to copy: by its id, or by the hash of its share link. */
export type ForkSource = { readonly narrationId: string } | { readonly shareTokenHash: string };

const NO_SOURCE = "There is no such narration, or you may not read it.";

/**
 * Returns the narration to copy: the owner's own row, or else an edition. An own row stays as it is until the
 * transaction ends.
 * @throws NotFoundError if the owner may not read the narration
 * @throws ConflictError if the narration waits for its script
 */
export async function findForkable(
  tx: Tx,
  owner: Owner,
  source: ForkSource,
): Promise<WholeNarration> {
  const edition = await findEdition(tx, source);
  const id = "narrationId" in source ? source.narrationId : (edition?.narrationId ?? "0");
  const own = await narrationStore.lock(tx, owner, id);
  const parent = own ?? (edition && new PublishedNarration(edition));
  if (!parent) throw noSource();
  if (parent.segmentCount > 0) return parent;
  throw new ConflictError(
    `${nameOf(parent)} has no script yet; copy it when its story's analysis is ready.`,
    null,
    { inputPath: ["id"] },
  );
}

async function findEdition(tx: Tx, source: ForkSource): Promise<EditionEntity | undefined> {
  const [edition] =
    "narrationId" in source
      ? await editionStore.publicByNarrationIds(tx, [source.narrationId])
      : await editionStore.byShareTokenHashes(tx, [source.shareTokenHash]);
  return edition;
}

/**
 * Returns why a script could not be copied whole.
 * @throws NotFoundError if the edition is gone
 */
export async function explainPartialCopy(
  tx: Tx,
  parent: WholeNarration,
  source: ForkSource,
): Promise<Error> {
  if (isOwn(parent)) return new Error("The script of an own narration was not copied whole.");
  if (!(await findEdition(tx, source))) throw noSource();
  return new ConflictError(
    `${nameOf(parent)} was published again at this moment; send the request again.`,
    null,
    { inputPath: ["id"] },
  );
}

const noSource = () => new NotFoundError(NO_SOURCE, ["id"]);
