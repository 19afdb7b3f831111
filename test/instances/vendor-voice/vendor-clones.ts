import type { CloningProvider } from "../../../src/providers/speech/cloning.port.js";
import { elevenLabsCloning } from "../../../src/providers/speech/elevenlabs/elevenlabs-cloning.js";
import { ElevenLabsServer } from "../../providers/speech/elevenlabs/elevenlabs-server.js";
import { accountOf } from "../../providers/speech/elevenlabs/target.js";
import { LONG_LINE, recordingOf } from "../../support/spoken-recording.js";
import type { TestApp } from "../../support/app.js";

/** A row of platform.vendor_voices. */
export interface Row {
  readonly label: string;
  readonly user: string;
  readonly model: string | null;
  readonly isWanted: boolean;
  /** How long ago the row was written. */
  readonly hours: number;
}

/** The clones at a local vendor, and the rows of the database that know them. */
export class VendorClones {
  readonly cloning: CloningProvider;

  private constructor(
    readonly server: ElevenLabsServer,
    private readonly app: TestApp,
  ) {
    this.cloning = this.cloningOf("here");
  }

  static async start(app: TestApp): Promise<VendorClones> {
    return new VendorClones(await ElevenLabsServer.start(), app);
  }

  cloningOf(installation: string): CloningProvider {
    const account = accountOf(this.server, { installation, maxAttempts: 1 });
    return elevenLabsCloning(account, () => recordingOf(LONG_LINE));
  }

  /** Makes a clone at the vendor. Returns the vendor's id. */
  async clone(label: string, cloning = this.cloning): Promise<string> {
    const order = {
      ...{ label, ownerName: "ada", displayName: "Ada", language: "en", emotion: "neutral" },
      ...{ samples: [{ blobKey: "a", transcript: null, levelDb: -20 }], neutral: null, others: {} },
    };
    const { model } = await cloning.train(order, new AbortController().signal);
    return model ?? "";
  }

  async addRow(row: Partial<Row> & Pick<Row, "label">): Promise<void> {
    const { label, user = "ada", model = null, isWanted = false, hours = 30 } = row;
    await this.app.superuser(
      `INSERT INTO platform.vendor_voices (label, user_id, provider, model, is_wanted, created_at)
       VALUES ($1, $2, 'elevenlabs', $3, $4, now() - make_interval(hours => $5))`,
      [label, user, model, isWanted, hours],
    );
  }

  /** The labels of the rows, with a `-` before the labels of unwanted clones. */
  async rows(): Promise<string[]> {
    const rows = await this.app.superuser<{ label: string; wanted: boolean }>(
      "SELECT label, is_wanted AS wanted FROM platform.vendor_voices ORDER BY label",
    );
    return rows.map(({ label, wanted }) => (wanted ? label : `-${label}`));
  }

  /** The labels of the clones at the vendor. */
  get labels(): readonly string[] {
    return this.server.clones.map(({ name }) => name);
  }
}
