import { join } from "node:path";
import type { DataSource } from "typeorm";
import type { Config, Quotas } from "../config.js";
import { type MediaSigner, createMediaSigner } from "../http/media/signer.js";
import type { StorageSettings } from "../instances/index.js";
import type { OpenDatabase } from "./open-database.js";
import { systemClock } from "../platform/clock.js";
import type { DatabaseLimits } from "../platform/database/transactions/database.js";
import type { Logger } from "../platform/logging.js";
import { speechEndpoint } from "../providers/speech/openai/endpoint-options.js";
import type { OpenAiSpeechOptions } from "../providers/speech/openai/openai-speech.js";

export interface AppOptions {
  /** A data source that acts as the app's role. createApp initialises it. */
  readonly dataSource: DataSource;
  /** The address of transactions. The way may lead through a pooler. */
  readonly databaseUrl: string;
  /** The address of the sessions of notifications and the job queue. Default: `databaseUrl`. */
  readonly directUrl?: string;
  /** The limits for the database statements of requests. */
  readonly databaseLimits?: Partial<DatabaseLimits> | undefined;
  readonly logger: Logger;
  /** The folder of the built worker files. The default is the folder of this file. */
  readonly workers?: URL | undefined;
  readonly workerThreads?: number | undefined;
  /** An OpenAI-compatible endpoint. Users can choose its voices as well as the embedded ones. */
  readonly speech?: OpenAiSpeechOptions | undefined;
  /** False: this process queues no samples of the catalogue's voices. Default true. */
  readonly makesSamples?: boolean | undefined;
  /** The storage for sound. */
  readonly storage: StorageSettings;
  readonly mediaSigner: MediaSigner;
  /** The quotas of users. Imports and benches have none. */
  readonly quotas: Quotas;
}

/** Returns a process's media settings: the storage, the signer of media URLs, and the speech endpoint. */
export async function mediaOf(
  config: Pick<Config, "s3" | "mediaSecret" | "publicUrl" | "port" | "speech">,
  { developmentSecret, filesDir }: Pick<OpenDatabase, "developmentSecret" | "filesDir">,
): Promise<Pick<AppOptions, "storage" | "mediaSigner" | "speech">> {
  const { s3, publicUrl, port } = config;
  const baseUrl = publicUrl ?? (port === 0 ? undefined : `http://localhost:${port}`);
  const secret = config.mediaSecret ?? (await developmentSecret());
  return {
    storage: s3
      ? { kind: "s3", ...s3, spoolFolder: join(filesDir, "spool") }
      : { kind: "disk", root: join(filesDir, "blobs") },
    mediaSigner: createMediaSigner({ secret, baseUrl, clock: systemClock }),
    speech: config.speech && speechEndpoint(config.speech),
  };
}
