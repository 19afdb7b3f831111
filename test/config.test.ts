import { ConfigError, loadConfig } from "../src/config.js";

describe("TRUST_PROXY", () => {
  test.each<[value: string | undefined, trusted: unknown]>([
    [undefined, false],
    ["", false],
    ["false", false],
    ["true", 1],
    ["2", 2],
    ["10.0.0.0/8, 192.0.2.1,fd00::/8", ["10.0.0.0/8", "192.0.2.1", "fd00::/8"]],
    ["loopback", ["loopback"]],
  ])("%j trusts %j", (TRUST_PROXY, trusted) => {
    expect(loadConfig({ TRUST_PROXY }).trustProxy).toEqual(trusted);
  });

  test.each(["yes", "10.0.0.0/8,somewhere", "-1", ","])("%j does not start the server", (value) => {
    expect(() => loadConfig({ TRUST_PROXY: value })).toThrow(ConfigError);
    expect(() => loadConfig({ TRUST_PROXY: value })).toThrow(/^TRUST_PROXY must be false, true/);
  });
});

test("a caller may spend 40,000 at once and 4,000 a second", () => {
  expect(loadConfig({}).bucketSize).toEqual({ capacity: 40_000, perSecond: 4_000 });
});

test("the server does not start if COST_BUCKET could not pay for one operation", () => {
  expect(() => loadConfig({ COST_BUCKET: "19999" })).toThrow("COST_BUCKET must be at least 20000");
});

describe("a quota", () => {
  test("is a number above 0, or unlimited", () => {
    const environment = { QUOTA_STORIES_PER_DAY: "3", QUOTA_RENDERS_UNDER_WAY: "unlimited" };

    expect(loadConfig(environment).quotas).toEqual({
      storiesPerDay: 3,
      storyBytesPerDay: 20_000_000,
      rendersUnderWay: Infinity,
      paidCharactersPerDay: 500_000,
      uploadBytesPerDay: 1_000_000_000,
    });
  });

  test.each(["0", "-1", "1.5", "many"])("is not %j", (QUOTA_PAID_CHARACTERS_PER_DAY) => {
    expect(() => loadConfig({ QUOTA_PAID_CHARACTERS_PER_DAY })).toThrow(
      "QUOTA_PAID_CHARACTERS_PER_DAY must be a whole number above 0, or unlimited.",
    );
  });
});

describe("the addresses of PostgreSQL", () => {
  const pooled = "postgres://app@pooler/fabula";
  const direct = "postgres://app@primary/fabula";
  const owner = "postgres://owner@primary/fabula";

  test.each<[environment: NodeJS.ProcessEnv, directUrl: string, migrationUrl: string]>([
    [{}, pooled, pooled],
    [{ DIRECT_DATABASE_URL: direct }, direct, direct],
    [{ MIGRATION_DATABASE_URL: owner }, pooled, owner],
    [{ DIRECT_DATABASE_URL: direct, MIGRATION_DATABASE_URL: owner }, direct, owner],
  ])("beside DATABASE_URL, with %j", (others, directUrl, migrationUrl) => {
    const { database } = loadConfig({ DATABASE_URL: pooled, ...others });

    expect(database).toEqual({ url: pooled, directUrl, migrationUrl });
  });

  test.each(["/canary", "12/canary", "12?canary", "12#canary", "p@rt/canary"])(
    "with the password %s are refused, because the address is ambiguous",
    (password) => {
      const DATABASE_URL = `postgres://app:${password}@primary/fabula`;

      expect(() => loadConfig({ DATABASE_URL })).toThrow(/^DATABASE_URL has an @ after the host;/);
      const whole = DATABASE_URL.replace(password, encodeURIComponent(password));
      expect(loadConfig({ DATABASE_URL: whole }).database?.url).toBe(whole);
    },
  );

  test("with a password that is not percent encoding is refused without the password", () => {
    const DATABASE_URL = "postgres://app:%zzcanary@primary/fabula";

    expect(() => loadConfig({ DATABASE_URL })).toThrow(
      "DATABASE_URL has a % that encodes nothing; write % in its password as %25",
    );
  });

  test.each(["DIRECT_DATABASE_URL", "MIGRATION_DATABASE_URL"])("%s needs DATABASE_URL", (name) => {
    expect(() => loadConfig({ [name]: direct })).toThrow(
      `${name} is set but DATABASE_URL is not; set both.`,
    );
  });
});

const CANARY = "canary7f3k";

test.each<[environment: NodeJS.ProcessEnv]>([
  [{ NODE_ENV: CANARY }],
  [{ PORT: CANARY }],
  [{ PORT: "70000.77" }],
  [{ LOG_LEVEL: CANARY }],
  [{ LOG_LEVEL: "trace" }],
  [{ DATABASE_URL: CANARY }],
  [{ DATABASE_URL: `mysql://app:${CANARY}@primary/fabula` }],
  [{ DATABASE_URL: `postgres://app:/${CANARY}@primary/fabula` }],
  [{ DIRECT_DATABASE_URL: `postgres://app:${CANARY}@primary/fabula` }],
  [{ AUTH_SECRET: CANARY }],
  [{ AUTH_SECRET: CANARY.repeat(4), AUTH_JWKS_URL: `https://${CANARY}` }],
  [{ AUTH_JWKS_URL: CANARY }],
  [{ AUTH_JWKS_URL: `https://${CANARY}`, AUTH_ISSUER: CANARY }],
  [{ MEDIA_SECRET: CANARY }],
  [{ PLAYGROUND: CANARY }],
  [{ PUBLIC_URL: CANARY }],
  [{ LEGACY_MEDIA_URL: CANARY }],
  [{ S3_ENDPOINT: CANARY }],
  [{ S3_ENDPOINT: `https://${CANARY}`, S3_BUCKET: CANARY, S3_SECRET_ACCESS_KEY: CANARY }],
  [{ SPEECH_URL: `//:${CANARY}` }],
  [{ SPEECH_URL: `https://${CANARY}`, SPEECH_API_KEY: CANARY }],
  [{ ELEVENLABS_URL: CANARY, ELEVENLABS_API_KEY: CANARY }],
  [{ ELEVENLABS_URL: `https://${CANARY}` }],
  [{ ELEVENLABS_MODEL: CANARY }],
  [{ ELEVENLABS_MODEL: `${CANARY}!`, ELEVENLABS_API_KEY: CANARY }],
  [{ ELEVENLABS_MICROS_PER_MILLION_CHARS: CANARY, ELEVENLABS_API_KEY: CANARY }],
  [{ LLM_URL: CANARY }],
  [{ LLM_URL: `https://${CANARY}`, LLM_API_KEY: CANARY }],
  [{ LLM_MODEL: CANARY }],
  [{ LLM_API_KEY: CANARY }],
  [{ LLM_URL: "https://llm.test", LLM_MODEL: "m", LLM_API_KEY: `${CANARY}\n` }],
  [{ SPEECH_URL: "https://llm.test", SPEECH_API_KEY: `${CANARY}\u2013` }],
  [{ ELEVENLABS_API_KEY: `${CANARY} ${CANARY}` }],
  [{ LLM_ALLOW_PRIVATE: CANARY }],
  [{ LLM_CONTEXT_TOKENS: CANARY }],
  [{ LLM_MICROS_PER_MILLION_TOKENS: CANARY }],
  [{ LLM_MAX_TOKENS_PER_TEXT: CANARY }],
  [{ LLM_TIMEOUT_SECONDS: CANARY }],
  [{ LLM_CONCURRENCY: CANARY }],
  [{ TRUST_PROXY: CANARY }],
  [{ QUOTA_STORIES_PER_DAY: CANARY }],
  [{ WORKER_THREADS: CANARY }],
])("a refusal of %j does not contain the value", (environment) => {
  expect(() => loadConfig(environment)).toThrow(ConfigError);
  expect(() => loadConfig(environment)).not.toThrow(/canary|trace|70000/);
});

test("an account at ElevenLabs needs only its key, and its host must be public unless allowed", () => {
  const key = { ELEVENLABS_API_KEY: "key" };
  const local = { ...key, ELEVENLABS_URL: "http://localhost:1" };

  expect(loadConfig({}).elevenLabs).toBeUndefined();
  expect(loadConfig(key).elevenLabs).toEqual({ apiKey: "key", allowsPrivateHost: false });
  expect(loadConfig(local).elevenLabs).toMatchObject({ allowsPrivateHost: true });
  expect(
    loadConfig({ ...key, ELEVENLABS_URL: "https://eu.test", ELEVENLABS_MODEL: "eleven_flash_v2" })
      .elevenLabs,
  ).toEqual({
    ...{ apiKey: "key", baseUrl: "https://eu.test", model: "eleven_flash_v2" },
    allowsPrivateHost: false,
  });
});

describe("a language model", () => {
  const model = { LLM_URL: "https://llm.test/v1", LLM_MODEL: "qwen3" };

  test("needs a URL and a name", () => {
    expect(loadConfig({}).languageModel).toBeUndefined();
    expect(loadConfig(model).languageModel).toEqual({
      ...{ baseUrl: "https://llm.test/v1", model: "qwen3", apiKey: "" },
      ...{ contextTokens: 8_192, timeoutMs: 300_000, maxConcurrent: 2, allowsPrivateHost: false },
      ...{ tokensPerText: 2_000_000, tokensPerDay: 10_000_000 },
    });
  });

  test("has the settings of its variables", () => {
    const environment = {
      ...{ ...model, LLM_API_KEY: "key", LLM_ALLOW_PRIVATE: "true", LLM_CONTEXT_TOKENS: "32768" },
      ...{ LLM_TIMEOUT_SECONDS: "60", LLM_CONCURRENCY: "4", LLM_MAX_TOKENS_PER_TEXT: "5000" },
      LLM_MAX_TOKENS_PER_DAY: "unlimited",
    };

    expect(loadConfig(environment).languageModel).toMatchObject({
      ...{ apiKey: "key", allowsPrivateHost: true, contextTokens: 32_768, timeoutMs: 60_000 },
      ...{ maxConcurrent: 4, tokensPerText: 5_000, tokensPerDay: Infinity },
    });
  });

  test("on this machine may have a private address", () => {
    const local = { ...model, LLM_URL: "http://localhost:11434/v1" };

    expect(loadConfig(local).languageModel).toMatchObject({ allowsPrivateHost: true });
  });

  test.each([
    ["150000,600000", 150_000, 600_000],
    ["150000, 600000", 150_000, 600_000],
    ["20000", 20_000, 20_000],
    ["0", 0, 0],
  ])("has the price %j", (LLM_MICROS_PER_MILLION_TOKENS, input, output) => {
    expect(loadConfig({ ...model, LLM_MICROS_PER_MILLION_TOKENS }).languageModel?.price).toEqual({
      inputMicrosPerMillion: input,
      outputMicrosPerMillion: output,
      currency: "USD",
    });
  });

  test.each<[environment: NodeJS.ProcessEnv, message: string]>([
    [{ LLM_URL: "https://llm.test/v1" }, "LLM_URL is set; set LLM_MODEL too."],
    [{ LLM_MODEL: "qwen3" }, "LLM_MODEL is set but LLM_URL is not; set both."],
    [{ LLM_API_KEY: "key" }, "LLM_API_KEY is set but LLM_URL is not; set both."],
    [{ LLM_CONTEXT_TOKENS: "100" }, "LLM_CONTEXT_TOKENS must be a whole number from 2000"],
    [{ LLM_CONCURRENCY: "0" }, "LLM_CONCURRENCY must be a whole number from 1 to 64."],
    [{ LLM_TIMEOUT_SECONDS: "1.5" }, "LLM_TIMEOUT_SECONDS must be a whole number from 1 to 3600."],
    [{ LLM_MICROS_PER_MILLION_TOKENS: "1,2,3" }, "must be one or two whole numbers"],
    [{ LLM_MAX_TOKENS_PER_DAY: "0" }, "must be a whole number above 0, or unlimited."],
  ])("is not set up by %j", (environment, message) => {
    expect(() => loadConfig(environment)).toThrow(message);
  });
});
