import type { Clock } from "../platform/clock.js";
import type { Database } from "../platform/database/transactions/database.js";
import { requestReads } from "../platform/database/transactions/request-reads.js";
import { WaveCount } from "../platform/database/transactions/wave-count.js";
import type { Loader, Reader } from "../platform/database/reading/loaders.js";
import type { RowCache } from "../platform/database/reading/row-cache.js";
import type { SqlMeter } from "../platform/database/connection/metered-client.js";
import type { Notifier } from "../platform/database/listening/notifier.js";
import { UnauthenticatedError } from "../platform/errors.js";
import type { ProfileService } from "../platform/users/profile.service.js";
import { type UserLoaders, userLoaders } from "../platform/users/user.loaders.js";
import { type UserClaims, userStore } from "../platform/users/user.store.js";
import type { VoiceCatalogue } from "../providers/speech/speech.port.js";
import {
  type ComparedLine,
  type ConsentService,
  type EmotionVoiceService,
  type InstanceLoaders,
  type LegacySounds,
  type ListeningService,
  type MediaAccess,
  type ForkingService,
  type NarrationService,
  type Owner,
  type PersonalVoice,
  type PublishingService,
  type RebasingService,
  type RenderEstimate,
  type RenderingService,
  type ScriptShaping,
  type SegmentSounds,
  type StoryDeletionService,
  type StoryImportService,
  type UploadService,
  type VoiceAdoption,
  type VoicePreviews,
  type VoiceSampleService,
  instanceLoaders,
  ownerOf,
  personalVoiceStore,
} from "../instances/index.js";
import { CostLedger } from "./cost/ledger.js";
import {
  type CatalogueSamples,
  type ReferenceLoaders,
  type StoryService,
  referenceLoaders,
} from "../reference/index.js";

/** A signed URL of a blob, and the time when the URL expires. */
export interface MediaLink {
  readonly url: string;
  readonly expiresAt: Date;
}

/** Signs URLs that give access to blobs for a limited time. */
export interface MediaLinks {
  sign(file: {
    readonly key: string;
    readonly fileName: string;
    readonly contentType: string;
    /** Why the viewer may read the blob: `mediaGrantOf`. null for a shared blob. */
    readonly grant: string | null;
  }): MediaLink;
}

/** Signs URLs that take the file of an upload. */
export interface UploadLinks {
  /** @param upload `ownerName` is the public id of the owner */
  sign(upload: {
    readonly ownerName: string;
    readonly uploadId: string;
    readonly expiresAt: Date;
  }): string;
}

/** The services that resolvers call. The process makes these services once. */
export interface GraphQLServices {
  readonly database: Database;
  /** Rows of reference data that this process keeps. null if the process keeps none. */
  readonly rowCache: RowCache | null;
  readonly profiles: ProfileService;
  readonly stories: StoryService;
  readonly imports: StoryImportService;
  readonly storyDeletion: StoryDeletionService;
  readonly narrations: NarrationService;
  readonly forks: ForkingService;
  readonly scriptShaping: ScriptShaping;
  readonly rebasing: RebasingService;
  readonly publishing: PublishingService;
  readonly consents: Pick<ConsentService, "grant" | "revoke">;
  readonly uploads: UploadService;
  readonly voiceSamples: VoiceSampleService;
  readonly emotionVoices: Pick<
    EmotionVoiceService,
    "train" | "remove" | "trainingNeed" | "hasProvider"
  >;
  readonly adoptions: VoiceAdoption;
  readonly voices: VoiceCatalogue;
  readonly notifier: Notifier;
  readonly rendering: RenderingService;
  readonly sounds: SegmentSounds;
  readonly legacySounds: LegacySounds;
  readonly listening: ListeningService;
  readonly previews: VoicePreviews;
  /** Finds stored samples. Only workers speak new samples. */
  readonly samples: Pick<CatalogueSamples, "find">;
  readonly media: MediaLinks;
  readonly uploadLinks: UploadLinks;
  readonly mediaAccess: MediaAccess;
  readonly clock: Clock;
}

/** The viewer and the loaders of one request, or of one event of a subscription. */
export interface FabulaContext {
  readonly services: GraphQLServices;
  /** The claims of the viewer's token. null if the viewer is anonymous. */
  readonly claims: UserClaims | null;
  /**
   * The key of the cost bucket that pays for the operation. A user has one bucket. Anonymous viewers
   * share the bucket of their network.
   */
  readonly payer: string;
  /** The cost of the operation. */
  readonly cost: CostLedger;
  /** Aborts if the client leaves before the answer is sent. The abort stops reads and speech. */
  readonly leaving: AbortController;
  /** Counts the waves of reads. A request whose number of waves is known reads with fewer round trips. */
  readonly waves: WaveCount;
  /** Counts the SQL statements of the request. null outside development. */
  readonly sqlMeter: SqlMeter | null;
  /** The viewer as an owner of rows. null if the viewer is anonymous. */
  readonly owner: Owner | null;
  readonly users: UserLoaders;
  /** Loaders of reference data and of the viewer's own drafts. */
  readonly reference: ReferenceLoaders;
  /** Loaders of the viewer's own rows. null if the viewer is anonymous. */
  readonly instances: InstanceLoaders | null;
  /**
   * Reads the viewer's personal voices. All calls of one request share one statement, so the number of
   * statements does not depend on the voices that the rows use. Empty if the viewer is anonymous.
   */
  readonly ownVoices: () => Promise<readonly PersonalVoice[]>;
  /** Makes the next `ownVoices` read again. Call this after each mutation. */
  forgetOwnVoices(): void;
  /** Render estimates of the viewer's narrations, by narration id. null if the viewer is anonymous. */
  readonly estimates: Loader<string, RenderEstimate | null> | null;
  /**
   * The lines of the viewer's scripts, each with whether its sound is stale, by narration id. null if the viewer
   * is anonymous.
   */
  readonly comparedLines: Loader<string, readonly ComparedLine[] | null> | null;
  /**
   * Returns the viewer as an owner. Stores the viewer as a user if the viewer is new. Every mutation
   * first calls this method.
   * @throws UnauthenticatedError if the viewer is anonymous
   */
  signIn(): Promise<Owner>;
  /**
   * Makes a new context for this viewer. Each event of a subscription needs a new context, because
   * loaders keep the rows that they have read.
   */
  renew(): FabulaContext;
  /**
   * Makes an unlisted edition readable until the request ends. `tokenHash` is the hash of the
   * edition's share token.
   */
  presentShareToken(tokenHash: string): void;
}

/** Optional facts about a request. */
export interface RequestFacts {
  readonly sqlMeter?: SqlMeter | null;
  /** The network of the client: an IPv4 address, or the /64 of an IPv6 address. */
  readonly network?: string;
  readonly leaving?: AbortController;
}

export function createContext(
  services: GraphQLServices,
  claims: UserClaims | null,
  { sqlMeter = null, network = "unknown", leaving = new AbortController() }: RequestFacts = {},
): FabulaContext {
  const owner = claims ? ownerOf(claims.subject) : null;
  const shareTokenHashes: string[] = [];
  const scope = { viewer: owner?.userId ?? null, shareTokenHashes };
  const waves = new WaveCount();
  const read = requestReads(services.database, scope, leaving.signal, waves);
  let signedIn: Promise<Owner> | undefined;
  let voicesRead: Promise<readonly PersonalVoice[]> | undefined;
  const readVoices = (): Promise<readonly PersonalVoice[]> => {
    if (!owner) return Promise.resolve([]);
    const voices = read((tx) => personalVoiceStore.all(tx, owner, services.clock.now()));
    // A voice of the catalogue does not wait for this read.
    voices.catch(() => undefined);
    return voices;
  };
  const ownVoices = (): Promise<readonly PersonalVoice[]> => (voicesRead ??= readVoices());

  const ensureUser = async (): Promise<Owner> => {
    if (!claims || !owner) {
      throw new UnauthenticatedError(
        "Send a token in the Authorization header to change anything.",
      );
    }
    await services.database.write(
      owner.userId,
      (tx) => userStore.ensure(tx, claims),
      leaving.signal,
    );
    return owner;
  };

  const reference = referenceLoaders(read, services.rowCache);
  const owned = owner
    ? ownedLoaders({ services, read, reference, owner, ownVoices })
    : { instances: null, estimates: null, comparedLines: null };
  return {
    services,
    claims,
    payer: payerOf(claims, network),
    cost: new CostLedger(),
    leaving,
    waves,
    sqlMeter,
    owner,
    users: userLoaders(read),
    reference,
    ...owned,
    ownVoices,
    forgetOwnVoices: () => void (voicesRead = undefined),
    signIn: () => (signedIn ??= ensureUser()),
    renew: () => createContext(services, claims, { network, leaving }),
    presentShareToken: (hash) => void shareTokenHashes.push(hash),
  };
}

interface OwnedReads extends Pick<FabulaContext, "services" | "reference" | "ownVoices"> {
  readonly read: Reader;
  readonly owner: Owner;
}

function ownedLoaders({ services, read, reference, owner, ownVoices }: OwnedReads) {
  const instances = instanceLoaders(read, owner);
  return {
    instances,
    estimates: services.rendering.estimateLoader(read, owner, ownVoices),
    comparedLines: services.sounds.stalenessLoader({ ...instances, reference, ownVoices }),
  };
}

/**
 * Returns the key of the cost bucket that pays. A user has the same bucket on every network.
 * Anonymous viewers share the bucket of their network.
 */
const payerOf = (claims: UserClaims | null, network: string): string =>
  claims ? `user:${claims.subject}` : `network:${network}`;
