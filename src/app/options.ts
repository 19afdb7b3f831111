import { createHmac } from "node:crypto";
import { join } from "node:path";
import type { DataSource } from "typeorm";
import type { Config, Quotas } from "../config.js";
import { type MediaSigner, createMediaSigner } from "../http/media/signer.js";
import { type UploadSigner, createUploadSigner } from "../http/uploads/upload-signer.js";
import type { StorageSettings } from "../instances/index.js";
import type { OpenDatabase } from "./open-database.js";
import { systemClock } from "../platform/clock.js";
import type { DatabaseLimits } from "../platform/database/transactions/database.js";
import type { Logger } from "../platform/process/logging.js";
import type { ReadinessCheck } from "../platform/process/readiness.js";
import type { ElevenLabsOptions } from "../providers/speech/elevenlabs/elevenlabs-account.js";
import type { LanguageModel } from "../providers/llm/llm.port.js";
import { openAiChat } from "../providers/llm/openai/openai-chat.js";
import { speechEndpoint } from "../providers/speech/openai/endpoint-options.js";
import type { OpenAiSpeechOptions } from "../providers/speech/openai/openai-speech.js";
import type { ModelLimits } from "../reference/index.js";

export interface AppOptions {
  /** A data source with the database role App. createApp initialises the data source. */
  readonly dataSource: DataSource;
  /** The URL of PostgreSQL for transactions. The URL may point to a pooler. */
  readonly databaseUrl: string;
  /**
   * The URL of PostgreSQL for notifications and the job queue, which need sessions of their own.
   * Default: `databaseUrl`.
   */
  readonly directUrl?: string;
  /** The limits for the database statements of requests. */
  readonly databaseLimits?: Partial<DatabaseLimits> | undefined;
  /** The checks that apply to the database. Default: none. */
  readonly checks?: readonly ReadinessCheck[] | undefined;
  readonly logger: Logger;
  /** The folder of the built worker files. Default: the folder of app.js. */
  readonly workers?: URL | undefined;
  readonly workerThreads?: number | undefined;
  /** The memory for rows of reference data that requests need again. Default 0: no such rows are kept. */
  readonly referenceCacheBytes?: number | undefined;
  /**
   * An OpenAI-compatible speech endpoint. The voices of the endpoint are added to the embedded voices.
   */
  readonly speech?: OpenAiSpeechOptions | undefined;
  /** An account at ElevenLabs. Its voices are added to the embedded voices, and it can clone voices. */
  readonly elevenLabs?: ElevenLabsOptions | undefined;
  /** A language model that reads every published text, and how much of the model the texts may use. */
  readonly languageModel?:
    { readonly model: LanguageModel; readonly limits: ModelLimits } | undefined;
  /** True if this process queues the missing samples of the catalogue's voices. Default true. */
  readonly makesSamples?: boolean | undefined;
  /** The storage for sound. */
  readonly storage: StorageSettings;
  /**
   * The address in front of the relative links to sound of the legacy platform. Default: such links
   * lead to no sound.
   */
  readonly legacyMediaUrl?: string | null | undefined;
  readonly mediaSigner: MediaSigner;
  readonly uploadSigner: UploadSigner;
  /** The quotas of users. Commands, workers and benches set no quotas (NO_QUOTAS). */
  readonly quotas: Quotas;
}

/** Returns a process's media settings: the storage, the signers of URLs, and the vendors of speech. */
export async function mediaOf(
  config: Pick<
    Config,
    "s3" | "mediaSecret" | "publicUrl" | "port" | "legacyMediaUrl" | "speech" | "elevenLabs"
  >,
  { developmentSecret, filesDir }: Pick<OpenDatabase, "developmentSecret" | "filesDir">,
): Promise<
  Pick<
    AppOptions,
    "storage" | "legacyMediaUrl" | "mediaSigner" | "uploadSigner" | "speech" | "elevenLabs"
  >
> {
  const { s3, publicUrl, port } = config;
  const baseUrl = publicUrl ?? (port === 0 ? undefined : `http://localhost:${port}`);
  const secret = config.mediaSecret ?? (await developmentSecret());
  return {
    storage: s3
      ? { kind: "s3", ...s3, spoolFolder: join(filesDir, "spool") }
      : { kind: "disk", root: join(filesDir, "blobs") },
    legacyMediaUrl: config.legacyMediaUrl,
    mediaSigner: createMediaSigner({ secret, baseUrl, clock: systemClock }),
    uploadSigner: createUploadSigner({ secret, baseUrl, clock: systemClock }),
    speech: config.speech && speechEndpoint(config.speech),
    elevenLabs: config.elevenLabs && {
      ...config.elevenLabs,
      installation: installationOf(secret),
    },
  };
}

/**
 * Returns a name of this installation, made from its secret. Two installations with an account in common
 * must have different secrets: each deletes the clones that have its own name and no row.
 */
const installationOf = (secret: string): string =>
  createHmac("sha256", secret).update("the name of this installation").digest("hex").slice(0, 16);

/** Returns the language model that reads published texts, if the operator has named one. */
export const languageModelOf = ({
  languageModel,
}: Pick<Config, "languageModel">): AppOptions["languageModel"] => {
  if (!languageModel) return undefined;
  const { tokensPerText, tokensPerDay, ...endpoint } = languageModel;
  return { model: openAiChat(endpoint), limits: { tokensPerText, tokensPerDay } };
};
