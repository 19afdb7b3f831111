import { NEUTRAL_PROSODY } from "../../audio/delivery/resolved-prosody.js";
import { encodeWav } from "../../audio/signal/wav.js";
import type { JobQueue } from "../../jobs/queue.port.js";
import type { Clock } from "../../platform/clock.js";
import type { Database } from "../../platform/database/transactions/database.js";
import type { Loader } from "../../platform/database/reading/loaders.js";
import {
  type CatalogueVoice,
  type SpeechProvider,
  type SpeechRequest,
  computeFromVoices,
} from "../../providers/speech/speech.port.js";
import type { BlobStorage } from "../../providers/storage/storage.port.js";
import { recipeKeyOf } from "../rendition/recipe.js";
import { renditionOf } from "../rendition/rendition-of.js";
import type { Rendition, RenditionEntity } from "../rendition/rendition.entity.js";
import { renditionStore } from "../rendition/rendition.store.js";
import { CATALOGUE_SAMPLE_JOB } from "./sample-order.js";
import { sampleText } from "./sample-texts.js";

/** How long a voice waits after its provider failed in every try. */
const RETRY_SECONDS = 3600;
/** How long a lost sample of a remote provider stays lost. */
const REMAKE_MS = 24 * 3_600_000;

export interface CatalogueSampleDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly storage: BlobStorage;
  readonly providers: readonly SpeechProvider[];
  readonly queue: JobQueue;
}

/** What a voice of the catalogue says as its sample, and the key of the stored sound. */
interface CatalogueSample {
  readonly provider: SpeechProvider;
  readonly request: SpeechRequest;
  readonly recipeKey: string;
}

/**
 * One sentence in each voice of the catalogue. Only jobs speak the samples. Each sample is a shared
 * rendition, so another engine or sentence makes a new sample.
 */
export class CatalogueSamples {
  /** By voice, in the providers' order of preference. */
  private readonly readSamples: () => ReadonlyMap<string, CatalogueSample>;

  constructor(private readonly use: CatalogueSampleDependencies) {
    const { providers } = use;
    this.readSamples = computeFromVoices(
      providers,
      () =>
        new Map(
          providers.flatMap((provider) =>
            provider.listVoices().map((voice) => [voice.id, sampleOf(provider, voice)] as const),
          ),
        ),
    );
  }

  /** The stored sample of a voice. Null until a worker has made the sample, and for an unknown voice. */
  async find(
    voice: string,
    renditions: Pick<Loader<string, Rendition | null>, "load">,
  ): Promise<Rendition | null> {
    const sample = this.readSamples().get(voice);
    return sample ? renditions.load(sample.recipeKey) : null;
  }

  /**
   * Queues the samples that are missing. Several workers may do this at the same time. Returns how
   * many samples this call queued.
   */
  async queueMissing(): Promise<number> {
    let queued = 0;
    for (const voice of await this.findWithoutJob(await this.findMissing()))
      if (await this.queueVoice(voice)) queued += 1;
    return queued;
  }

  /**
   * The job. Safe to run twice. Returns false if the sample exists, or if this process does not know
   * the voice. @throws every error of the provider and of the storage
   */
  async make(voice: string, signal: AbortSignal): Promise<boolean> {
    const { database, storage } = this.use;
    const sample = this.readSamples().get(voice);
    if (!sample) return false;
    const { provider, request, recipeKey } = sample;
    const known = (await this.readKnown([sample])).get(recipeKey);
    if (!(await this.isMissing(sample, known))) return false;
    const speech = await provider.synthesize(request, signal);
    const blob = await storage.put(encodeWav(speech), { contentType: "audio/wav" });
    await database.write(null, async (tx) => {
      if (known) await renditionStore.remove(tx, [recipeKey]);
      await renditionStore.put(tx, renditionOf(recipeKey, speech, blob));
    });
    return true;
  }

  /** Queues the job of a voice again after its last try failed. */
  makeLater(voice: string): Promise<void> {
    const { database, queue } = this.use;
    const later = { seconds: RETRY_SECONDS, key: voice };
    return database.write(null, (tx) =>
      queue.enqueue(tx, CATALOGUE_SAMPLE_JOB, { voice }, { later }),
    );
  }

  /** One transaction for each voice keeps the order. The lock makes two workers queue a voice once. */
  private queueVoice(voice: string): Promise<boolean> {
    const { database, queue } = this.use;
    return database.write(null, async (tx) => {
      await renditionStore.lockKey(tx, this.readSamples().get(voice)?.recipeKey ?? "");
      if ((await this.findWithoutJob([voice])).length === 0) return false;
      await queue.enqueue(tx, CATALOGUE_SAMPLE_JOB, { voice });
      return true;
    });
  }

  private async findWithoutJob(voices: readonly string[]): Promise<string[]> {
    const orders = voices.map((voice) => ({ voice }));
    const lost = await this.use.queue.findWithoutJob(CATALOGUE_SAMPLE_JOB, orders);
    return lost.map(({ voice }) => voice);
  }

  private async findMissing(): Promise<string[]> {
    const known = await this.readKnown([...this.readSamples().values()]);
    const missing: string[] = [];
    for (const [voice, sample] of this.readSamples()) {
      if (await this.isMissing(sample, known.get(sample.recipeKey))) missing.push(voice);
    }
    return missing;
  }

  private async readKnown(
    samples: readonly CatalogueSample[],
  ): Promise<ReadonlyMap<string, RenditionEntity>> {
    const keys = samples.map(({ recipeKey }) => recipeKey);
    const rows = await this.use.database.read({ viewer: null }, (tx) =>
      renditionStore.byKeys(tx, keys),
    );
    return new Map(rows.map((row) => [row.recipeKey, row]));
  }

  /**
   * True if the sample was never made, or if its sound is lost. Speech of a remote provider may cost
   * money. Two machines with one database, but each with its own files, would otherwise pay in turn
   * for the sound that the other one has.
   */
  private async isMissing(
    { provider }: CatalogueSample,
    known: RenditionEntity | undefined,
  ): Promise<boolean> {
    if (!known) return true;
    const found = await this.use.storage.stat(known.blobKey);
    if (String(found?.sizeBytes) === known.sizeBytes) return false;
    const ageMs = this.use.clock.now().getTime() - known.createdAt.getTime();
    return provider.capabilities().isOffline || ageMs >= REMAKE_MS;
  }
}

/** A voice says its sample in its first language, as neutrally as it can. */
function sampleOf(
  provider: SpeechProvider,
  { id: voice, languages: [language = "en"] }: CatalogueVoice,
): CatalogueSample {
  const { gain: _gain, pauses: _pauses, ...prosody } = NEUTRAL_PROSODY;
  const request = { text: sampleText(language), language, voice, prosody };
  const providerVersion = provider.capabilities().version;
  return {
    provider,
    request,
    recipeKey: recipeKeyOf({ provider: provider.id, providerVersion, request }),
  };
}
