import type { Clock } from "../platform/clock.js";
import type { Database } from "../platform/database/database.js";
import type { Loader, Reader } from "../platform/database/loaders.js";
import type { SqlMeter } from "../platform/database/metered-client.js";
import type { Notifier } from "../platform/database/notifier.js";
import { UnauthenticatedError } from "../platform/errors.js";
import { type UserLoaders, userLoaders } from "../platform/users/user.loaders.js";
import { type UserClaims, userStore } from "../platform/users/user.store.js";
import type { VoiceCatalogue } from "../providers/speech/speech.port.js";
import {
  type InstanceLoaders,
  type NarrationService,
  type Owner,
  type PublishingService,
  type RenderEstimate,
  type RenderingService,
  type SegmentSounds,
  type VoicePreviews,
  instanceLoaders,
  ownerOf,
} from "../instances/index.js";
import { type ReferenceLoaders, type StoryService, referenceLoaders } from "../reference/index.js";

/** A signed URL of a blob, and when it ends. */
export interface MediaLink {
  readonly url: string;
  readonly expiresAt: Date;
}

/** Makes blobs reachable for a while. */
export interface MediaLinks {
  sign(file: {
    readonly key: string;
    readonly fileName: string;
    readonly contentType: string;
  }): MediaLink;
}

/** What the resolvers call; made once for the process. */
export interface GraphQLServices {
  readonly database: Database;
  readonly stories: StoryService;
  readonly narrations: NarrationService;
  readonly publishing: PublishingService;
  readonly voices: VoiceCatalogue;
  readonly notifier: Notifier;
  readonly rendering: RenderingService;
  readonly sounds: SegmentSounds;
  readonly previews: VoicePreviews;
  readonly media: MediaLinks;
  readonly clock: Clock;
}

/** One request, or one event of a subscription: who asks, and look-ups that live as long as it does. */
export interface FabulaContext {
  readonly services: GraphQLServices;
  /** What the token says; null when anonymous. */
  readonly claims: UserClaims | null;
  /** Counts the request's statements; only in development. */
  readonly sqlMeter: SqlMeter | null;
  /** Who asks; null when anonymous. */
  readonly owner: Owner | null;
  readonly users: UserLoaders;
  /** Shared data, with the viewer's own drafts. */
  readonly reference: ReferenceLoaders;
  /** The viewer's own rows; there are none without an owner. */
  readonly instances: InstanceLoaders | null;
  /** What rendering the viewer's narrations would take, by their ids. */
  readonly estimates: Loader<string, RenderEstimate | null> | null;
  /** The owner, made a user on first sight. Every mutation starts here. @throws UnauthenticatedError */
  signIn(): Promise<Owner>;
  /** Opens the one unlisted edition whose link was presented, for the rest of this request. */
  presentShareToken(tokenHash: string): void;
}

export function createContext(
  services: GraphQLServices,
  claims: UserClaims | null,
  sqlMeter: SqlMeter | null = null,
): FabulaContext {
  const owner = claims ? ownerOf(claims.subject) : null;
  const shareTokenHashes: string[] = [];
  const read: Reader = (work) =>
    services.database.read({ viewer: owner?.userId ?? null, shareTokenHashes }, work);
  let signedIn: Promise<Owner> | undefined;

  const ensureUser = async (): Promise<Owner> => {
    if (!claims || !owner) {
      throw new UnauthenticatedError(
        "Send a token in the Authorization header to change anything.",
      );
    }
    await services.database.write(owner.userId, (tx) => userStore.ensure(tx, claims));
    return owner;
  };

  return {
    services,
    claims,
    sqlMeter,
    owner,
    users: userLoaders(read),
    reference: referenceLoaders(read),
    instances: owner ? instanceLoaders(read, owner) : null,
    estimates: owner ? services.rendering.estimateLoader(read, owner) : null,
    signIn: () => (signedIn ??= ensureUser()),
    presentShareToken: (hash) => void shareTokenHashes.push(hash),
  };
}
