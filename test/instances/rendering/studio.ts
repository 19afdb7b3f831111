import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type NarrationEntity,
  type RenderQuotas,
  RenderRun,
  RenderingService,
  SpeechDirectory,
  ThreadedJoiner,
  ownerOf,
} from "../../../src/instances/index.js";
import type { JoinSteps } from "../../../src/instances/rendering/join/join-steps.js";
import type { RenderRunDependencies } from "../../../src/instances/rendering/run/render-run.js";
import type { RenderOrder } from "../../../src/instances/rendering/render-order.js";
import type { SoundJoiner } from "../../../src/instances/rendering/join/sound-joiner.js";
import { NO_QUOTAS } from "../../../src/config.js";
import { type Clock, systemClock } from "../../../src/platform/clock.js";
import { fliteSpeech } from "../../../src/providers/speech/flite/flite.js";
import { speak } from "../../../src/providers/speech/flite/flite.worker.js";
import type {
  Speech,
  SpeechProvider,
  SpeechRequest,
} from "../../../src/providers/speech/speech.port.js";
import { DiskStorage } from "../../../src/providers/storage/disk.js";
import type { OpenFile } from "../../../src/providers/storage/spool.js";
import type { BlobStorage } from "../../../src/providers/storage/storage.port.js";
import { encodeNarration, planNarration } from "../../../src/worker/join.worker.js";
import type { TestApp } from "../../support/app.js";

/** A function that runs before every call to synthesize, for example to wait, count or throw. */
export type BeforeSpeaking = (request: SpeechRequest, signal: AbortSignal) => Promise<void> | void;

export interface StudioOptions {
  readonly clock?: Clock;
  readonly quotas?: Partial<RenderQuotas>;
  /** True if the engine counts as a provider that costs money. */
  readonly isPaid?: boolean;
  /** The number of segments that are synthesised at the same time. */
  readonly concurrency?: number;
  /** Opens the files of the storage. A test can simulate a full disk with this function. */
  readonly openFile?: OpenFile;
  /**
   * True if the studio joins and encodes real sound, which is the slowest step. If false, every file is
   * empty.
   */
  readonly joins?: boolean;
}

/**
 * Tests with a studio need no trained model, because they are not about the sound of a personal voice. A
 * catalogue voice speaks instead.
 */
const inCatalogueVoice = ({ personal, ...request }: SpeechRequest): SpeechRequest =>
  personal ? { ...request, voice: "flite:slt" } : request;

/** The empty blob, used for every file. */
const file = {
  key: "shared/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  sizeBytes: 0,
};
const UNHEARD = { sampleRate: 16_000, sampleCount: 16_000 };
const STEPS: JoinSteps = { plan: planNarration, encode: encodeNarration, threads: 2 };
/** Steps that make no sound. They report one second for each segment. */
const UNHEARD_STEPS: JoinSteps = {
  plan: async ({ chapters, segments }) => ({
    plan: { ...UNHEARD, leadInMs: 0, targetLufs: -19, ceilingDbtp: -2.5, parts: [] },
    facts: {
      ...UNHEARD,
      title: "",
      chapters: chapters.map(({ title, segment }) => ({
        title,
        startMs: segment * 1000,
        endMs: 0,
      })),
    },
    files: { captions: file, timings: file },
    durationMs: 1000,
    placed: segments.map((_, index) => ({ startMs: index * 1000, missedGainDb: 0 })),
  }),
  encode: async () => ({ files: { mp3: file, opus: file, wav: file }, loudnessLufs: -19 }),
  threads: 1,
};

/**
 * Renders with the embedded engine, but only when a test asks for a render. Records every text that is
 * spoken.
 */
export class Studio {
  /** The texts that were synthesised, in order. */
  readonly said: string[] = [];
  beforeSpeaking: BeforeSpeaking = () => undefined;
  beforeJoining: (signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  readonly rendering: RenderingService;
  readonly renders: RenderRun;
  readonly storage: BlobStorage;
  readonly orders: RenderOrder[] = [];

  private constructor(
    private readonly app: TestApp,
    private readonly root: string,
    private readonly options: StudioOptions,
  ) {
    const { clock = systemClock, concurrency = 1, joins = false } = options;
    const {
      jobDatabase: database,
      services: { notifier },
    } = app;
    const speech = new SpeechDirectory([this.countingSpeech()]);
    const settings = { kind: "disk", root } as const;
    const { openFile } = options;
    this.storage = new DiskStorage({ root, ...(openFile ? { openFile } : {}) });
    const enqueue: RenderRunDependencies["enqueue"] = async (_tx, order) =>
      void this.orders.push(order);
    const sweepLater = () => Promise.resolve();
    const dependencies = {
      ...{ database, notifier, clock, speech, enqueue, sweepLater, storage: this.storage },
      quotas: { ...NO_QUOTAS, ...options.quotas },
    };
    this.rendering = new RenderingService(dependencies);
    const threaded = new ThreadedJoiner(settings, joins ? STEPS : UNHEARD_STEPS);
    const joiner: SoundJoiner = {
      join: async (plan, renditions, signal) => {
        await this.beforeJoining(signal);
        return threaded.join(plan, renditions, signal);
      },
    };
    this.renders = new RenderRun({
      ...dependencies,
      ...{ rendering: this.rendering, joiner, concurrency },
    });
  }

  static async open(app: TestApp, options: StudioOptions = {}): Promise<Studio> {
    const studio = new Studio(app, await mkdtemp(join(tmpdir(), "fabula-studio-")), options);
    await studio.storage.put(new Uint8Array(), { contentType: "audio/wav" });
    return studio;
  }

  /** Returns a second studio with the same rows and files, like another process. */
  restarted(): Studio {
    return new Studio(this.app, this.root, this.options);
  }

  async close(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }

  /** Requests a render of the current narration, as its owner. */
  async request(narration: NarrationEntity): Promise<RenderOrder> {
    const now = await this.app.given.reread(narration);
    await this.rendering.request(ownerOf(narration.userId), now);
    const order = this.orders.at(-1);
    if (!order) throw new Error("Nothing was put on the queue.");
    return order;
  }

  /** Requests a render and runs it. Returns the narration afterwards. */
  async render(narration: NarrationEntity): Promise<NarrationEntity> {
    await this.renders.run(await this.request(narration));
    return this.app.given.reread(narration);
  }

  /** Returns the texts spoken since the last call. */
  newlySaid(): readonly string[] {
    return this.said.splice(0);
  }

  /** Returns the path of a blob on the disk. */
  fileOf(blobKey: string): string {
    return join(this.root, blobKey.replace(/^shared\/(..)/, "shared/$1/$1"));
  }

  async text(blobKey: string): Promise<string> {
    const { stream } = await this.storage.open(blobKey);
    return Buffer.concat(await stream.toArray()).toString("utf8");
  }

  private countingSpeech(): SpeechProvider {
    const flite = fliteSpeech((input) => speak(input));
    return {
      ...flite,
      capabilities: () => ({ ...flite.capabilities(), isPaid: this.options.isPaid === true }),
      synthesize: async (request, signal): Promise<Speech> => {
        await this.beforeSpeaking(request, signal);
        this.said.push(request.text);
        return flite.synthesize(inCatalogueVoice(request), signal);
      },
    };
  }
}
