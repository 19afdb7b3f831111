import { followVoices } from "../../src/app/vendor-voices.js";
import type { Logger } from "../../src/platform/process/logging.js";
import { ElevenLabsServer, PREMADE } from "../providers/speech/elevenlabs/elevenlabs-server.js";
import { accountOf } from "../providers/speech/elevenlabs/target.js";
import { silent, testApp } from "../support/app.js";

let server: ElevenLabsServer;
beforeAll(async () => {
  server = await ElevenLabsServer.start();
});
afterAll(() => server.close());
beforeEach(() => {
  server.reset();
});

const LIST = "GET /v2/voices";

/** Returns a logger, the lines that it got, and a promise of each next line. */
function listeningLogger(): { readonly logger: Logger; readonly next: () => Promise<string> } {
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  const log = (facts: object | string, message = ""): void => {
    const line = typeof facts === "string" ? facts : message;
    const listener = waiting.shift();
    if (listener) listener(line);
    else lines.push(line);
  };
  const next = (): Promise<string> => {
    const line = lines.shift();
    if (line !== undefined) return Promise.resolve(line);
    return new Promise((resolve) => waiting.push(resolve));
  };
  return { logger: { ...silent, info: log, warn: log }, next };
}

test("a process starts without a vendor that is down, and gets the vendor's voices later", async () => {
  const { logger, next } = listeningLogger();
  const account = accountOf(server, { maxAttempts: 1 });
  server.mishap(LIST, (response) => response.destroy());

  const following = await followVoices(account, logger, 1);

  expect(await next()).toContain("Could not read the voices of ElevenLabs");
  expect(await next()).toBe("Read the voices of ElevenLabs");
  expect(account.listVoices()).toHaveLength(PREMADE.length);
  await following.stop();
});

test("the catalogue of the app has the voices of the account", async () => {
  const app = await testApp({
    elevenLabs: { apiKey: "secret", baseUrl: server.baseUrl, installation: "here" },
  });

  const { voices } = app.services.voices;
  expect(voices[0]?.provider).toBe("flite");
  expect(voices.slice(-PREMADE.length).map(({ displayName }) => displayName)).toEqual(
    PREMADE.map(({ name }) => name),
  );
  expect(app.services.voices.find(`elevenlabs:${PREMADE[0]?.voice_id}`)).not.toBeNull();
  await app.close();
});

test("the app starts with a wrong key", async () => {
  const app = await testApp({
    elevenLabs: { apiKey: "wrong", baseUrl: server.baseUrl, installation: "here" },
  });

  expect(app.services.voices.voices.every(({ provider }) => provider === "flite")).toBe(true);
  await app.close();
});

test("the upkeep queues one deletion for each unwanted clone", async () => {
  const app = await testApp({
    elevenLabs: { apiKey: "secret", baseUrl: server.baseUrl, installation: "here" },
  });
  await app.superuser(
    `INSERT INTO platform.vendor_voices (label, user_id, provider, is_wanted)
     VALUES ('fabula-1', 'ada', 'elevenlabs', false), ('fabula-2', 'ada', 'elevenlabs', false)`,
  );

  for (let round = 0; round < 2; round++) await app.requeueLost();

  const jobs = await app.superuser<{ label: string }>(
    "SELECT data ->> 'label' AS label FROM jobs.job WHERE name = 'delete-vendor-voice' ORDER BY label",
  );
  await app.close();

  expect(jobs).toEqual([{ label: "fabula-1" }, { label: "fabula-2" }]);
});
