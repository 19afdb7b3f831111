import {
  ConsentService,
  EmotionVoiceService,
  type EnqueueCleanup,
  ForkingService,
  LegacySounds,
  ListeningService,
  MediaAccess,
  NarrationService,
  ScriptShaping,
  OwnedBlobs,
  PersonalNarrations,
  PublishingService,
  RebasingService,
  RENDER_CHANNEL,
  RENDER_JOB,
  type RenderingDependencies,
  RenderingService,
  ScriptWriter,
  SegmentSounds,
  SpeechDirectory,
  type StorageSettings,
  StoryDeletionService,
  StoryImportService,
  type SweepSoon,
  UploadPurpose,
  UploadService,
  VoiceAdoption,
  VoicePreviews,
  VoiceSampleService,
  consentedSamples,
  consentedVoices,
  emotionVoiceStore,
  queueSamples,
  queueSweeps,
  queueTrainings,
  queueVendorCleanup,
  renderTurn,
  uploadStore,
} from "../instances/index.js";
import type { JobQueue } from "../jobs/queue.port.js";
import { PgBossQueue } from "../jobs/pg-boss.js";
import { systemClock } from "../platform/clock.js";
import type { Notifier } from "../platform/database/listening/notifier.js";
import { PostgresNotifier } from "../platform/database/listening/postgres-notifier.js";
import { Database } from "../platform/database/transactions/database.js";
import { ThreadPools } from "../platform/threads/thread-pools.js";
import type { WorkerPool } from "../platform/threads/worker-pool.js";
import type { CloningProvider, TrainedVoice } from "../providers/speech/cloning.port.js";
import { adaptedVoices } from "../providers/speech/flite/flite.cloning.js";
import { elevenLabs } from "../providers/speech/elevenlabs/elevenlabs.js";
import { ElevenLabsAccount } from "../providers/speech/elevenlabs/elevenlabs-account.js";
import { fliteSpeech } from "../providers/speech/flite/flite.js";
import type { FliteOutput } from "../providers/speech/flite/flite.worker.js";
import { openAiSpeech } from "../providers/speech/openai/openai-speech.js";
import type { ShapingInput, ShapingOutput } from "../providers/speech/remote/shaping.worker.js";
import { VoiceCatalogue } from "../providers/speech/speech.port.js";
import { DiskStorage } from "../providers/storage/disk.js";
import { S3Storage } from "../providers/storage/s3.js";
import type { BlobStorage } from "../providers/storage/storage.port.js";
import type { StorageWrapper } from "../providers/storage/storage-wrapper.port.js";
import {
  type AnalysisService,
  type ImportedStory,
  type StoryDependencies,
  StoryService,
  type TextMeasures,
} from "../reference/index.js";
import type { AppOptions } from "./options.js";

const MEASURER = "reference/story/measure-text.worker.js";
const IMPORTER = "reference/import/import.worker.js";
const FLITE = "providers/speech/flite/flite.worker.js";
const TRAINER = "worker/training.worker.js";
const SHAPER = "providers/speech/remote/shaping.worker.js";

export const storageOf = (settings: StorageSettings): BlobStorage =>
  settings.kind === "disk" ? new DiskStorage(settings) : new S3Storage(settings);

type Platform = ReturnType<typeof createPlatform>;

/** @param wrappers each serves further blobs; the first is the innermost */
export function createPlatform(
  { dataSource, logger, storage, ...options }: AppOptions,
  wrappers: readonly StorageWrapper[] = [],
) {
  const { databaseUrl, directUrl = databaseUrl } = options;
  const workers = options.workers ?? new URL("../", import.meta.url);
  const database = new Database(dataSource, {
    ...{ ...options.databaseLimits, directUrl },
    // `connectDatabase` checks that no pooler shares the sessions of `directUrl`.
    hasOwnSessions: databaseUrl === directUrl,
  });
  return {
    database,
    clock: systemClock,
    quotas: options.quotas,
    languageModel: options.languageModel ?? null,
    notifier: new PostgresNotifier(directUrl, logger),
    queue: new PgBossQueue({ url: directUrl, logger }),
    threads: new ThreadPools(workers, options.workerThreads),
    storage: wrappers.reduce((inner, wrap) => wrap(inner, database), storageOf(storage)),
    elevenLabs: options.elevenLabs ? new ElevenLabsAccount(options.elevenLabs) : null,
  };
}

/** @param threads the pool that speaks */
export function createSpeech(
  options: Pick<AppOptions, "speech" | "storage">,
  platform: Pick<Platform, "threads" | "storage" | "elevenLabs">,
  threads: WorkerPool,
) {
  const flite = fliteSpeech(
    async (input, signal) => (await threads.run(FLITE, "speak", input, signal)) as FliteOutput,
    { readModel: (key) => readBlob(platform.storage, key) },
  );
  const adapted = adaptedVoices({
    train: async (order, signal) => {
      const input = { storage: options.storage, order };
      const { trainings } = platform.threads;
      return (await trainings.run(TRAINER, "trainInThread", input, signal)) as TrainedVoice;
    },
  });
  const shape = async (input: ShapingInput, signal: AbortSignal) =>
    (await threads.run(SHAPER, "shapeSpeech", input, signal)) as ShapingOutput;
  const readSample = (key: string) => readBlob(platform.storage, key);
  const vendor = platform.elevenLabs && elevenLabs(platform.elevenLabs, { shape, readSample });
  const endpoint = options.speech && openAiSpeech({ ...options.speech, shape });
  const providers = [flite, ...(endpoint ? [endpoint] : []), ...(vendor ? [vendor.speech] : [])];
  const cloning: readonly CloningProvider[] = [adapted, ...(vendor ? [vendor.cloning] : [])];
  const voices = new VoiceCatalogue(providers);
  return { providers, voices, speech: new SpeechDirectory(providers), cloning };
}

async function readBlob(storage: BlobStorage, key: string): Promise<Uint8Array> {
  const { stream } = await storage.open(key);
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

export type Parts = Platform & ReturnType<typeof createSpeech> & { readonly scripts: ScriptWriter };

export const createScripts = (
  { notifier }: { readonly notifier: Notifier },
  { voices }: Pick<Parts, "voices">,
): ScriptWriter =>
  new ScriptWriter({
    voices,
    announce: (tx, narrationId) => notifier.notify(tx, RENDER_CHANNEL, narrationId),
  });

export function renderingDependencies({ queue, ...use }: Parts): RenderingDependencies & {
  readonly sweepSoon: SweepSoon;
  readonly enqueueCleanup: EnqueueCleanup;
} {
  return {
    ...use,
    enqueue: (tx, order, size) => queue.enqueue(tx, RENDER_JOB, order, renderTurn(order, size)),
    ...queueSweeps(queue),
    enqueueCleanup: queueVendorCleanup(queue),
  };
}

export const createConsents = (
  use: Pick<RenderingDependencies, "database" | "clock" | "notifier"> & {
    readonly sweepSoon: SweepSoon;
    readonly rendering: RenderingService;
  },
  queue: JobQueue,
): ConsentService =>
  new ConsentService({
    ...use,
    narrations: new PersonalNarrations({ ...use, renders: use.rendering }),
    samples: consentedSamples({ enqueue: queueSamples(queue), notifier: use.notifier }),
    voices: consentedVoices({
      ...{ notifier: use.notifier, enqueue: queueTrainings(queue) },
      enqueueCleanup: queueVendorCleanup(queue),
    }),
    uploads: {
      removeAll: (tx, owner) => uploadStore.removeFor(tx, owner, UploadPurpose.VoiceSample),
    },
  });

export const createStories = (
  { database, clock, threads }: Pick<Parts, "database" | "clock" | "threads">,
  analyses: AnalysisService,
  quotas: StoryDependencies["quotas"],
): StoryService =>
  new StoryService({
    ...{ database, clock, analyses, quotas },
    measureInThread: async (text, signal) =>
      (await threads.imports.run(MEASURER, "measure", { text }, signal)) as TextMeasures,
  });

const createImports = (parts: Parts, stories: StoryService): StoryImportService =>
  new StoryImportService({
    ...renderingDependencies(parts),
    stories,
    blobs: new OwnedBlobs(parts),
    readFile: async (file, signal) =>
      (await parts.threads.imports.run(IMPORTER, "readInThread", file, signal)) as ImportedStory,
  });

export function createInstances(
  parts: Parts,
  { analyses, stories }: { readonly analyses: AnalysisService; readonly stories: StoryService },
  { legacyMediaUrl = null }: Pick<AppOptions, "legacyMediaUrl">,
) {
  const legacySounds = new LegacySounds(legacyMediaUrl);
  const { database, clock, notifier, speech, voices, scripts } = parts;
  const dependencies = renderingDependencies(parts);
  const { sweepSoon } = dependencies;
  const blobs = new OwnedBlobs(parts);
  const rendering = new RenderingService(dependencies);
  return {
    rendering,
    scripts,
    narrations: new NarrationService({
      ...{ database, voices, clock, scripts, sweepSoon, renders: rendering },
      requestAnalysis: async (tx, story) => {
        await analyses.request(tx, story);
      },
    }),
    forks: new ForkingService({ database, clock, voices, scripts }),
    scriptShaping: new ScriptShaping({ database, voices, clock }),
    rebasing: new RebasingService({
      ...{ database, scripts },
      requestAnalysis: (tx, story) => analyses.request(tx, story),
    }),
    publishing: new PublishingService({ database, clock, sound: rendering, sweepSoon }),
    imports: createImports(parts, stories),
    storyDeletion: new StoryDeletionService({
      ...{ database, stories, analyses, sweepSoon, renders: rendering },
    }),
    uploads: new UploadService({ ...dependencies, quotas: parts.quotas, blobs }),
    consents: createConsents({ ...dependencies, rendering }, parts.queue),
    voiceSamples: new VoiceSampleService({
      ...{ database, clock, notifier, sweepSoon, blobs },
      enqueue: queueSamples(parts.queue),
      isTrained: (tx, owner, templateId) => emotionVoiceStore.isTrained(tx, owner, templateId),
    }),
    emotionVoices: new EmotionVoiceService({
      ...{ ...dependencies, blobs, cloning: parts.cloning },
      enqueue: queueTrainings(parts.queue),
    }),
    adoptions: new VoiceAdoption({ database, clock, cloning: parts.cloning }),
    legacySounds,
    listening: new ListeningService({ database, clock }),
    sounds: new SegmentSounds(speech, legacySounds),
    previews: new VoicePreviews(dependencies),
    mediaAccess: new MediaAccess({ database, clock }),
  };
}
