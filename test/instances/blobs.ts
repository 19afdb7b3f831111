import { OwnedBlobs, ownerOf } from "../../src/instances/index.js";
import type { TestApp } from "../support/app.js";
import { untilBlocked } from "../support/blocked.js";

/**
 * Blobs of Ada that another request tries to delete at the moment at which a row takes them over. The
 * deletion waits if the row's transaction has locked the owner.
 */
export class ContestedBlobs extends OwnedBlobs {
  private readonly deletions: Promise<void>[] = [];

  constructor(private readonly app: TestApp) {
    super(app);
  }

  override async requireStored(key: string): Promise<void> {
    await super.requireStored(key);
    const deletion = new OwnedBlobs(this.app).deleteUnused(ownerOf("ada"), [key]);
    this.deletions.push(deletion);
    await Promise.race([deletion, untilBlocked(this.app.testDatabase, 1)]);
  }

  /** Resolves after the deletions. Returns how many there were. */
  async untilDeleted(): Promise<number> {
    await Promise.all(this.deletions);
    return this.deletions.length;
  }
}
