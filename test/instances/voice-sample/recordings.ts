import type { PreparedRecording } from "../../../src/audio/recordings/recording.js";
import {
  CONSENT_STATEMENT,
  OwnedBlobs,
  SampleProcessing,
  VoiceSubject,
  instanceLoaders,
  ownerOf,
} from "../../../src/instances/index.js";
import type { SampleProcessingDependencies } from "../../../src/instances/voice-sample/sample-processing.js";
import { readQuality } from "../../../src/instances/voice-sample/sample-quality.js";
import { collect } from "../../support/collect.js";
import type { TestApp } from "../../support/app.js";

export const ada = ownerOf("ada");
const MEASURES = {
  ...{ speechSeconds: 9, snrDb: 40, clippedShare: 0, voicedShare: 0.7, levelDb: -22 },
};
const ORIGINAL = new TextEncoder().encode("The file as Ada sent it.");
const MASTER = new TextEncoder().encode("The normalised recording.");
const CONTENT_TYPE = "audio/wav";

export type Prepare = (signal: AbortSignal) => Promise<PreparedRecording>;

async function* streamOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Ada's recordings, and a decoder that the test controls. */
export class Recordings {
  private constructor(
    private readonly app: TestApp,
    readonly publicId: string,
  ) {}

  /** Returns the recordings of Ada, who agreed to the use of her voice. */
  static async begin(app: TestApp): Promise<Recordings> {
    const { publicId } = await app.given.user("ada");
    const recordings = new Recordings(app, publicId);
    await recordings.agree();
    return recordings;
  }

  agree() {
    return this.app.services.consents.grant(ada, {
      statementVersion: CONSENT_STATEMENT.version,
      subject: VoiceSubject.Self,
    });
  }

  /** Sends a file. Returns the id of its upload. */
  async upload(): Promise<string> {
    const { uploads } = this.app.services;
    const sizeBytes = ORIGINAL.length;
    const purpose = "voice_sample";
    const { id } = await uploads.create(ada, { purpose, contentType: CONTENT_TYPE, sizeBytes });
    const body = streamOf(ORIGINAL);
    await uploads.receive(this.publicId, id, { contentType: CONTENT_TYPE, body });
    return id;
  }

  /** Adds a voice sample as a person does, without the server's HTTP. Returns its id. */
  async add(template?: number): Promise<string> {
    const uploadId = await this.upload();
    const templateId = template ?? (await this.app.given.neutralTemplateId());
    return (await this.app.services.voiceSamples.add(ada, { templateId, uploadId })).id;
  }

  /** Stores the normalised recording, like the thread that decodes. */
  async decode(measures: Partial<typeof MEASURES> = {}) {
    const { key } = await this.app.storage.put(MASTER, {
      ...{ contentType: CONTENT_TYPE, owner: this.publicId },
    });
    return {
      kind: "decoded" as const,
      ...{ masterKey: key, durationMs: 9_500 },
      measures: { ...MEASURES, ...measures },
    };
  }

  /** Returns the job on the database of jobs. */
  processing(
    prepare: Prepare = () => this.decode(),
    use: Partial<SampleProcessingDependencies> = {},
  ): SampleProcessing {
    const { services, storage, jobDatabase: database } = this.app;
    const { clock, notifier } = services;
    return new SampleProcessing({
      ...{ database, clock, notifier, sweepSoon: () => Promise.resolve() },
      blobs: new OwnedBlobs({ database, storage }),
      prepare: (_recording, signal) => prepare(signal),
      ...use,
    });
  }

  async entity(id: string) {
    const read = instanceLoaders((work) => this.app.database.read({ viewer: "ada" }, work), ada);
    return read.voiceSamples.byId.load(id);
  }

  async read(id: string) {
    const sample = await this.entity(id);
    return sample && { status: sample.processingStatus, state: sample.state };
  }

  /** Returns the codes of the faults of a recording. */
  async issues(id: string): Promise<string[]> {
    const quality = readQuality((await this.entity(id))?.quality ?? null);
    return quality?.issues.map(({ code }) => code) ?? [];
  }

  async blobs(): Promise<number> {
    return (await collect(this.app.storage.list(this.publicId))).length;
  }
}

/** Returns the payload of the job for a recording of Ada. */
export const orderOf = (sampleId: string) => ({ userId: "ada", sampleId });
