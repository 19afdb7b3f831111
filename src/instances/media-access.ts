import type { Clock } from "../platform/clock.js";
import type { Database } from "../platform/database/transactions/database.js";
import { userStore } from "../platform/users/user.store.js";
import { consentStore } from "./consent/consent.store.js";
import { type Grant, parseGrant } from "./media-grants.js";
import { NarrationVisibility } from "./narration/narration.entity.js";
import { narrationStore } from "./narration/narration.store.js";
import { type Owner, ownerOf, serverScope } from "./owner.js";
import { personalVoiceStore } from "./personal-voice/personal-voice.store.js";
import { isSampleAudible } from "./voice-sample/sample-audio.js";
import { voiceSampleStore } from "./voice-sample/voice-sample.store.js";

/** How long a process believes a look-up. A revoked URL works for this time. */
const KNOWN_MS = 30_000;
const MAX_KNOWN = 10_000;

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

  private async look({ ownerName, narration, sampleId, voiceId }: Grant): Promise<boolean> {
    const { database } = this.use;
    const [user] = await database.read({ viewer: null }, (tx) =>
      userStore.byPublicIds(tx, [ownerName]),
    );
    if (!user) return false;
    if (sampleId !== null) return user.isActive && this.isSampleUsable(ownerOf(user.id), sampleId);
    if (voiceId !== null) return user.isActive && this.isVoiceUsable(ownerOf(user.id), voiceId);
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

  private isVoiceUsable(owner: Owner, rowId: string): Promise<boolean> {
    const { database, clock } = this.use;
    return database.read(serverScope(owner), async (tx) => {
      const voices = await personalVoiceStore.all(tx, owner, clock.now());
      const voice = voices.find((each) => each.rowId === rowId);
      return voice !== undefined && voice.unavailable !== "no_consent";
    });
  }

  private remember(name: string, untilMs: number): void {
    this.known.delete(name);
    this.known.set(name, untilMs);
    const [oldest] = this.known.keys();
    if (this.known.size > MAX_KNOWN && oldest !== undefined) this.known.delete(oldest);
  }
}
