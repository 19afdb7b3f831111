import type { Clock } from "../platform/clock.js";
import type { Database } from "../platform/database/transactions/database.js";
import { userStore } from "../platform/users/user.store.js";
import { consentStore } from "./consent/consent.store.js";
import { NarrationVisibility } from "./narration/narration.entity.js";
import type { NarrationView } from "./narration/narration-view.js";
import { narrationStore } from "./narration/narration.store.js";
import { type Owner, ownerOf, serverScope } from "./owner.js";
import { isSampleAudible } from "./voice-sample/sample-audio.js";
import type { VoiceSampleEntity } from "./voice-sample/voice-sample.entity.js";
import { voiceSampleStore } from "./voice-sample/voice-sample.store.js";

/** How long a process believes a look-up. A revoked URL works for this time. */
const KNOWN_MS = 30_000;
const MAX_KNOWN = 10_000;

const OWNED_BLOB = /^owned\/([0-9a-f-]{36})\/[0-9a-f]{64}$/;
const GRANT = /^(?:own|sample\.(\d{1,19})|narration\.(\d{1,19})\.(\d{1,10}))$/;

/** The grant of a preview's blob. Its URL works while its owner may sign in. */
export const PREVIEW_GRANT = "own";

/**
 * Returns the reason why a viewer may read a blob, to sign with the blob's URL. A grant ends when the
 * narration is unpublished or deleted. The owner and all other viewers have the same grant, so they get
 * the same URL. A shared blob has no owner and no grant: null. The grant reveals no users.id.
 */
export function mediaGrantOf(
  { narrationId, unpublishedCount }: Pick<NarrationView, "narrationId" | "unpublishedCount">,
  blobKey: string,
): string | null {
  return OWNED_BLOB.test(blobKey) ? `narration.${narrationId}.${unpublishedCount}` : null;
}

/**
 * Returns the grant of a voice sample's recording. The grant ends when the sample is deleted, and when
 * the consent ends.
 */
export const sampleGrantOf = ({ id }: Pick<VoiceSampleEntity, "id">): string => `sample.${id}`;

/**
 * A parsed grant. `narration` and `sampleId` are null for other sound of the owner, such as a preview.
 */
interface Grant {
  readonly ownerName: string;
  readonly narration: { readonly id: string; readonly unpublishedCount: number } | null;
  readonly sampleId: string | null;
}

/** Decides whether a signed URL of an owner's blob still works. */
export class MediaAccess {
  /** The time until which each grant is known to hold. */
  private readonly known = new Map<string, number>();

  constructor(private readonly use: { readonly database: Database; readonly clock: Clock }) {}

  /**
   * Returns true if the grant still holds. The private sound of a deactivated owner is unreadable. The
   * published sound stays readable until the owner is erased.
   * @throws UnavailableError or OverloadedError
   */
  async isGranted(blobKey: string, grant: string): Promise<boolean> {
    const parsed = parseGrant(blobKey, grant);
    if (!parsed) return false;
    const nowMs = this.use.clock.now().getTime();
    const name = `${parsed.ownerName} ${grant}`;
    if ((this.known.get(name) ?? 0) > nowMs) return true;
    const holds = await this.look(parsed);
    if (holds) this.remember(name, nowMs + KNOWN_MS);
    else this.known.delete(name);
    return holds;
  }

  private async look({ ownerName, narration, sampleId }: Grant): Promise<boolean> {
    const { database } = this.use;
    const [user] = await database.read({ viewer: null }, (tx) =>
      userStore.byPublicIds(tx, [ownerName]),
    );
    if (!user) return false;
    if (sampleId !== null) return user.isActive && this.isSampleUsable(ownerOf(user.id), sampleId);
    if (!narration) return user.isActive;
    // Row-level security shows a narration only to its owner.
    const owner = ownerOf(user.id);
    const [found] = await database.read(serverScope(owner), (tx) =>
      narrationStore.byIds(tx, owner, [narration.id]),
    );
    if (found?.unpublishedCount !== narration.unpublishedCount) return false;
    return user.isActive || found.visibility !== NarrationVisibility.Private;
  }

  private isSampleUsable(owner: Owner, id: string): Promise<boolean> {
    const { database, clock } = this.use;
    return database.read(serverScope(owner), async (tx) => {
      const [sample] = await voiceSampleStore.byIds(tx, owner, [id]);
      const consent = await consentStore.live(tx, owner);
      return sample !== undefined && isSampleAudible(sample, consent, clock.now());
    });
  }

  private remember(name: string, untilMs: number): void {
    this.known.delete(name);
    this.known.set(name, untilMs);
    const [oldest] = this.known.keys();
    if (this.known.size > MAX_KNOWN && oldest !== undefined) this.known.delete(oldest);
  }
}

function parseGrant(blobKey: string, grant: string): Grant | null {
  const [, ownerName] = OWNED_BLOB.exec(blobKey) ?? [];
  const parts = GRANT.exec(grant);
  if (ownerName === undefined || !parts) return null;
  const [, sampleId = null, id, count] = parts;
  return {
    ...{ ownerName, sampleId },
    narration: id === undefined ? null : { id, unpublishedCount: Number(count) },
  };
}
