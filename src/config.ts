import { resolve } from "node:path";
import { z } from "zod";
import { type LanguageModelConfig, languageModelOf, llmVariables } from "./config-llm.js";
import {
  ConfigError,
  apiKey,
  flag,
  httpUrl,
  list,
  postgresUrl,
  proxies,
  quota,
} from "./config-values.js";

export { ConfigError } from "./config-values.js";

const environmentSchema = z.object({
  NODE_ENV: z.enum(["development", "production", "test"]).default("development"),
  HOST: z.string().optional(),
  PORT: z.coerce.number("must be a port number").int().min(0).max(65_535).default(4000),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
  DATA_DIR: z.string().default(".fabula"),
  DATABASE_URL: postgresUrl.optional(),
  DIRECT_DATABASE_URL: postgresUrl.optional(),
  MIGRATION_DATABASE_URL: postgresUrl.optional(),
  AUTH_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  AUTH_JWKS_URL: httpUrl.optional(),
  AUTH_ISSUER: z.string().optional(),
  AUTH_AUDIENCE: z.string().optional(),
  CORS_ORIGINS: list.optional(),
  PLAYGROUND: flag.optional(),
  INLINE_WORKER: flag.default(true),
  PUBLIC_URL: httpUrl.optional(),
  LEGACY_MEDIA_URL: httpUrl.optional(),
  MEDIA_SECRET: z.string().min(32, "must have at least 32 characters").optional(),
  S3_ENDPOINT: httpUrl.optional(),
  S3_BUCKET: z.string().optional(),
  S3_REGION: z.string().default("auto"),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  SPEECH_URL: httpUrl.optional(),
  SPEECH_API_KEY: apiKey.optional(),
  SPEECH_MODEL: z.string().optional(),
  SPEECH_VOICES: list.optional(),
  SPEECH_ALLOW_PRIVATE: flag.default(false),
  SPEECH_MICROS_PER_MILLION_CHARS: z.coerce.number("must be a number").int().min(0).optional(),
  ELEVENLABS_API_KEY: apiKey.optional(),
  ELEVENLABS_URL: httpUrl.optional(),
  ELEVENLABS_MODEL: z
    .string()
    .regex(/^[a-z0-9_]{1,60}$/, "must be the id of a model, such as eleven_flash_v2_5")
    .optional(),
  ELEVENLABS_MICROS_PER_MILLION_CHARS: z.coerce.number("must be a number").int().min(0).optional(),
  ...llmVariables,
  TRUST_PROXY: proxies.default(false),
  COST_BUCKET: z.coerce
    .number("must be a number")
    .int()
    .min(20_000, "must be at least 20000")
    .default(40_000),
  COST_PER_SECOND: z.coerce.number("must be a number").int().min(1).default(4_000),
  QUOTA_STORIES_PER_DAY: quota.default(100),
  QUOTA_STORY_BYTES_PER_DAY: quota.default(20_000_000),
  QUOTA_RENDERS_UNDER_WAY: quota.default(50),
  QUOTA_PAID_CHARACTERS_PER_DAY: quota.default(500_000),
  QUOTA_UPLOAD_BYTES_PER_DAY: quota.default(1_000_000_000),
  REFERENCE_CACHE_MB: z.coerce.number("must be a number").int().min(0).max(4_096).default(64),
  WORKER_THREADS: z.coerce.number("must be a number").int().min(1).max(64).optional(),
});

export type TokenTrust =
  | {
      readonly kind: "secret";
      readonly secret: string;
      readonly issuer?: string;
      readonly audience?: string;
    }
  | {
      readonly kind: "jwks";
      readonly url: string;
      readonly issuer: string;
      readonly audience: string;
    }
  /** The server makes a secret once and stores the secret with the data. Refused in production. */
  | { readonly kind: "development" };

export interface Config {
  readonly isProduction: boolean;
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
  /** The folder of all files of this installation. */
  readonly dataDir: string;
  /** The addresses of PostgreSQL. If undefined, the server uses the embedded PostgreSQL. */
  readonly database: DatabaseConfig | undefined;
  readonly auth: TokenTrust;
  /** The allowed browser origins. If undefined, the origins of this machine are allowed. */
  readonly corsOrigins: readonly string[] | undefined;
  /** The trusted proxies: false for none, the number of proxies, or their addresses. */
  readonly trustProxy: false | number | string[];
  /** The cost budget of each user. Clients without a token share one such budget per network. */
  readonly bucketSize: { readonly capacity: number; readonly perSecond: number };
  readonly quotas: Quotas;
  readonly hasPlayground: boolean;
  readonly hasInlineWorker: boolean;
  readonly workerThreads: number | undefined;
  /** The memory for rows of reference data that requests need again. 0 turns the cache off. */
  readonly referenceCacheBytes: number;
  /** Scheme and host of the server as clients see it. If undefined, the server uses its own address. */
  readonly publicUrl: string | undefined;
  /** The address in front of the relative links to sound of the legacy platform. */
  readonly legacyMediaUrl: string | undefined;
  /** The secret that signs media URLs. If undefined, the server uses the development secret. */
  readonly mediaSecret: string | undefined;
  /** An S3-compatible bucket for sound. If undefined, the server stores sound in the data folder. */
  readonly s3: S3Config | undefined;
  /** An OpenAI-compatible endpoint. The voices of the endpoint are added to the embedded voices. */
  readonly speech: SpeechConfig | undefined;
  /** An account at ElevenLabs, which speaks and clones voices. */
  readonly elevenLabs: ElevenLabsConfig | undefined;
  /** An OpenAI-compatible endpoint. The language model of the endpoint reads published texts. */
  readonly languageModel: LanguageModelConfig | undefined;
}

export interface DatabaseConfig {
  /** The URL for transactions. The URL may point to a pooler that shares sessions between clients. */
  readonly url: string;
  /** The URL for everything that needs a session of its own, such as notifications. */
  readonly directUrl: string;
  /** The URL of a login with the right to migrate. Migrations need a session of their own. */
  readonly migrationUrl: string;
}

/** The limits of one user. Infinity means no limit. */
export interface Quotas {
  readonly storiesPerDay: number;
  readonly storyBytesPerDay: number;
  readonly rendersUnderWay: number;
  readonly paidCharactersPerDay: number;
  readonly uploadBytesPerDay: number;
}

export const NO_QUOTAS: Quotas = {
  storiesPerDay: Infinity,
  storyBytesPerDay: Infinity,
  rendersUnderWay: Infinity,
  paidCharactersPerDay: Infinity,
  uploadBytesPerDay: Infinity,
};

/** An endpoint that offers OpenAI's POST /audio/speech. */
export interface SpeechConfig {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  readonly voices: readonly string[];
  /** True if the host's name may resolve to an address of a private network. */
  readonly allowsPrivateHost: boolean;
  readonly microsPerMillionChars?: number;
}

export interface ElevenLabsConfig {
  readonly apiKey: string;
  readonly baseUrl?: string;
  readonly model?: string;
  readonly microsPerMillionChars?: number;
  /** True if the host's name may resolve to an address of a private network. */
  readonly allowsPrivateHost: boolean;
}

export interface S3Config {
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Reads the environment. @throws ConfigError that names the first invalid variable */
export function loadConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const env = environmentIn(environment);
  const isProduction = env.NODE_ENV === "production";
  return {
    isProduction,
    host: env.HOST ?? (isProduction ? "0.0.0.0" : "127.0.0.1"),
    port: env.PORT,
    logLevel: env.LOG_LEVEL,
    dataDir: resolve(env.DATA_DIR),
    database: databaseOf(env),
    auth: trustOf(env, isProduction),
    corsOrigins: env.CORS_ORIGINS ?? (isProduction ? [] : undefined),
    trustProxy: env.TRUST_PROXY,
    bucketSize: { capacity: env.COST_BUCKET, perSecond: env.COST_PER_SECOND },
    quotas: {
      storiesPerDay: env.QUOTA_STORIES_PER_DAY,
      storyBytesPerDay: env.QUOTA_STORY_BYTES_PER_DAY,
      rendersUnderWay: env.QUOTA_RENDERS_UNDER_WAY,
      paidCharactersPerDay: env.QUOTA_PAID_CHARACTERS_PER_DAY,
      uploadBytesPerDay: env.QUOTA_UPLOAD_BYTES_PER_DAY,
    },
    hasPlayground: env.PLAYGROUND ?? !isProduction,
    hasInlineWorker: env.INLINE_WORKER,
    workerThreads: env.WORKER_THREADS,
    referenceCacheBytes: env.REFERENCE_CACHE_MB * 1_000_000,
    publicUrl: env.PUBLIC_URL?.replace(/\/$/, ""),
    legacyMediaUrl: env.LEGACY_MEDIA_URL,
    mediaSecret: mediaSecretOf(env, isProduction),
    s3: s3Of(env),
    speech: speechOf(env),
    elevenLabs: elevenLabsOf(env),
    languageModel: languageModelOf(env),
  };
}

type Environment = z.output<typeof environmentSchema>;

function environmentIn(environment: NodeJS.ProcessEnv): Environment {
  // An empty variable counts as not set, because shells and compose files clear variables this way.
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ""));
  const result = environmentSchema.safeParse(set);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new ConfigError(`${String(issue?.path[0])} ${issue?.message ?? "is not valid"}.`);
  }
  return result.data;
}

function databaseOf(env: Environment): DatabaseConfig | undefined {
  const { DATABASE_URL: url, DIRECT_DATABASE_URL, MIGRATION_DATABASE_URL } = env;
  if (url !== undefined) {
    const directUrl = DIRECT_DATABASE_URL ?? url;
    return { url, directUrl, migrationUrl: MIGRATION_DATABASE_URL ?? directUrl };
  }
  const others = Object.entries({ DIRECT_DATABASE_URL, MIGRATION_DATABASE_URL });
  const [name] = others.find(([, value]) => value !== undefined) ?? [];
  if (name === undefined) return undefined;
  throw new ConfigError(`${name} is set but DATABASE_URL is not; set both.`);
}

function mediaSecretOf(env: Environment, isProduction: boolean): string | undefined {
  const secret = env.MEDIA_SECRET ?? env.AUTH_SECRET;
  if (secret === undefined && isProduction) {
    throw new ConfigError("MEDIA_SECRET must be set in production if AUTH_SECRET is not set.");
  }
  return secret;
}

function speechOf(env: Environment): SpeechConfig | undefined {
  const { SPEECH_URL: baseUrl, SPEECH_API_KEY: apiKey = "", SPEECH_MODEL: model } = env;
  if (baseUrl === undefined) return undefined;
  if (model === undefined) throw new ConfigError("SPEECH_URL is set; set SPEECH_MODEL too.");
  const voices = env.SPEECH_VOICES ?? [];
  if (voices.length === 0) throw new ConfigError("SPEECH_URL is set; set SPEECH_VOICES too.");
  const price = env.SPEECH_MICROS_PER_MILLION_CHARS;
  const cost = price === undefined ? {} : { microsPerMillionChars: price };
  return { baseUrl, apiKey, model, voices, allowsPrivateHost: mayBePrivate(env, baseUrl), ...cost };
}

const mayBePrivate = (env: Environment, baseUrl: string): boolean =>
  env.SPEECH_ALLOW_PRIVATE || new URL(baseUrl).hostname === "localhost";

function elevenLabsOf(env: Environment): ElevenLabsConfig | undefined {
  const { ELEVENLABS_API_KEY: apiKey, ELEVENLABS_URL: baseUrl, ELEVENLABS_MODEL: model } = env;
  const { ELEVENLABS_MICROS_PER_MILLION_CHARS: price } = env;
  if (apiKey === undefined) {
    const others = Object.entries({ ELEVENLABS_URL: baseUrl, ELEVENLABS_MODEL: model });
    const [name] = others.find(([, value]) => value !== undefined) ?? [];
    if (name === undefined) return undefined;
    throw new ConfigError(`${name} is set but ELEVENLABS_API_KEY is not; set both.`);
  }
  return {
    apiKey,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(model === undefined ? {} : { model }),
    ...(price === undefined ? {} : { microsPerMillionChars: price }),
    allowsPrivateHost: baseUrl !== undefined && mayBePrivate(env, baseUrl),
  };
}

function s3Of(env: Environment): S3Config | undefined {
  const {
    S3_ENDPOINT: endpoint,
    S3_BUCKET: bucket,
    S3_REGION: region,
    S3_ACCESS_KEY_ID: accessKeyId,
    S3_SECRET_ACCESS_KEY: secretAccessKey,
  } = env;
  if (endpoint === undefined) return undefined;
  if (bucket === undefined) throw new ConfigError("S3_ENDPOINT is set; set S3_BUCKET too.");
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new ConfigError("S3_ENDPOINT is set; set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY too.");
  }
  return { endpoint, bucket, region, accessKeyId, secretAccessKey };
}

function trustOf(env: Environment, isProduction: boolean): TokenTrust {
  const {
    AUTH_SECRET: secret,
    AUTH_JWKS_URL: url,
    AUTH_ISSUER: issuer,
    AUTH_AUDIENCE: audience,
  } = env;
  if (secret !== undefined && url !== undefined) {
    throw new ConfigError("AUTH_SECRET and AUTH_JWKS_URL are both set; set only one.");
  }
  if (url !== undefined) {
    if (issuer === undefined) throw new ConfigError("AUTH_JWKS_URL is set; set AUTH_ISSUER too.");
    if (audience === undefined)
      throw new ConfigError("AUTH_JWKS_URL is set; set AUTH_AUDIENCE too.");
    return { kind: "jwks", url, issuer, audience };
  }
  if (secret !== undefined) {
    return {
      kind: "secret",
      secret,
      ...(issuer === undefined ? {} : { issuer }),
      ...(audience === undefined ? {} : { audience }),
    };
  }
  if (isProduction) {
    throw new ConfigError("In production, set AUTH_SECRET or AUTH_JWKS_URL.");
  }
  return { kind: "development" };
}

/**
 * Returns those of these options that npm took for itself, because no `--` stood before them. The command would
 * run without them. npm sets a variable for each option that it takes.
 */
export const optionsTakenByNpm = (
  names: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): string[] => names.filter((name) => environment[`npm_config_${name.replaceAll("-", "_")}`]);
