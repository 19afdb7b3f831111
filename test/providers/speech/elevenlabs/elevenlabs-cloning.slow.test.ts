import { InvalidInputError, ProviderError } from "../../../../src/platform/errors.js";
import { encodeWav } from "../../../../src/audio/signal/wav.js";
import type {
  CloningProvider,
  TrainedVoice,
  TrainingOrder,
} from "../../../../src/providers/speech/cloning.port.js";
import type { ElevenLabsOptions } from "../../../../src/providers/speech/elevenlabs/elevenlabs-account.js";
import { elevenLabsCloning } from "../../../../src/providers/speech/elevenlabs/elevenlabs-cloning.js";
import { LONG_LINE, SHORT_LINE, recordingOf } from "../../../support/spoken-recording.js";
import { ElevenLabsServer, type Mishap, type ServerVoice } from "./elevenlabs-server.js";
import type { Form } from "./form-reader.js";
import { refuse, refuseAs } from "./speaker.js";
import { accountOf } from "./target.js";

let server: ElevenLabsServer;
beforeAll(async () => {
  server = await ElevenLabsServer.start();
});
afterAll(() => server.close());
beforeEach(() => {
  server.reset();
});

const ADD = "POST /v1/voices/add";
const { signal } = new AbortController();
const RECORDINGS: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  long: () => recordingOf(LONG_LINE),
  short: () => recordingOf(SHORT_LINE),
  tiny: () => Promise.resolve(tone(0.4)),
  hours: () => Promise.resolve(tone(200)),
};

const tone = (seconds: number): Uint8Array =>
  encodeWav({
    pcm: Float32Array.from({ length: seconds * 16_000 }, (_, at) => 0.3 * Math.sin(at / 20)),
    sampleRate: 16_000,
  });

const provider = (options: Partial<ElevenLabsOptions> = {}): CloningProvider =>
  elevenLabsCloning(accountOf(server, options), (key) => {
    const read = RECORDINGS[key];
    return read ? read() : Promise.reject(new Error(`The test has no recording ${key}.`));
  });

const orderOf = (label: string, keys: readonly string[] = ["long"]): TrainingOrder => ({
  ...{ label, ownerName: "ada", displayName: "Ada", language: "en", emotion: "neutral" },
  samples: keys.map((blobKey) => ({ blobKey, transcript: null, levelDb: -20 })),
  ...{ neutral: null, others: {} },
});

const train = (
  label: string,
  keys?: readonly string[],
  options?: Partial<ElevenLabsOptions>,
): Promise<TrainedVoice> => provider(options).train(orderOf(label, keys), signal);

const failure = (...asked: Parameters<typeof train>): Promise<unknown> =>
  train(...asked).then(
    () => null,
    (error: unknown) => error,
  );

const labelled = (changes: Partial<ServerVoice>): ServerVoice => ({
  ...{ voice_id: "another", name: "fabula-1", category: "cloned", description: null },
  ...{ labels: {}, is_owner: true, created_at_unix: 1 },
  ...changes,
});

test("a clone gets its label, its language, and each recording once", async () => {
  const { metrics } = await train("fabula-1", ["long", "short", "long"]);

  const [clone] = server.clones;
  const [request] = server.asked("POST", "/v1/voices/add");
  const { fields, files } = request?.body as Form;
  expect(clone).toMatchObject({
    ...{ name: "fabula-1", description: "Made by Fabula here as fabula-1." },
    labels: { language: "en" },
  });
  expect(files).toHaveLength(2);
  expect([...fields.values()].join(" ")).not.toContain("Ada");
  expect(metrics).toEqual({ recordings: 2, recordedSeconds: expect.any(Number) });
});

test("no more than three minutes are sent, in files of at most a minute and a half", async () => {
  const { metrics } = await train("fabula-1", ["hours", "long", "short"]);

  expect(metrics["recordings"]).toBe(3);
  expect(metrics["recordedSeconds"]).toBeLessThan(180);
  const [request] = server.asked("POST", "/v1/voices/add");
  const sizes = (request?.body as Form).files.map(({ length }) => length);
  expect(sizes[0]).toBe(44 + 90 * 16_000 * 2);
});

/** The vendor makes the clone, but its answer does not arrive. */
const answerLost: Mishap = async (response, work) => {
  await work();
  response.destroy();
};

test("a clone whose answer was lost is found by its label, and not made again", async () => {
  server.mishap(ADD, answerLost);

  const { model } = await train("fabula-1");

  expect(server.clones.map(({ voice_id: id }) => id)).toEqual([model]);
  expect(server.asked("POST", "/v1/voices/add")).toHaveLength(1);
});

test("a training that was killed after the vendor's answer finds its clone", async () => {
  server.mishap(ADD, answerLost);
  await failure("fabula-1", undefined, { maxAttempts: 1 });
  const [made] = server.clones;

  const { model } = await train("fabula-1", undefined, { maxAttempts: 1 });

  expect(model).toBe(made?.voice_id);
  expect(server.clones).toHaveLength(1);
});

test("of two clones with one label, the older clone stays", async () => {
  server.mishap(ADD, async (_response, work) => {
    server.voices.push(labelled({ created_at_unix: 5 }));
    (await work())();
  });

  const { model } = await train("fabula-1");

  expect(model).toBe("another");
  expect(server.clones.map(({ voice_id: id }) => id)).toEqual(["another"]);
});

test("a clone that a person renamed at the vendor is found by its description", async () => {
  server.voices.push(
    labelled({ name: "My voice", description: "Made by Fabula here as fabula-1." }),
    labelled({ voice_id: "longer", name: "fabula-12" }),
  );

  expect(await train("fabula-1")).toMatchObject({ model: "another" });
  await provider().remove({ label: "fabula-1", model: null }, signal);

  expect(server.clones.map(({ name }) => name)).toEqual(["fabula-12"]);
});

test("after limits and outages, the training tries again", async () => {
  server.mishap(ADD, refuseAs(429, "system_busy"), refuseAs(503, "unavailable"));

  expect(await train("fabula-1")).toMatchObject({ model: expect.any(String) });
});

test("a clone whose speaker must be verified is deleted, and the failure says so", async () => {
  server.limits.requiresVerification = true;

  const error = await failure("fabula-1");

  expect(error).toBeInstanceOf(ProviderError);
  expect(error).toMatchObject({
    retryable: false,
    message: expect.stringMatching(/wants a proof of who speaks.*train the voice with another/),
  });
  expect(server.clones).toEqual([]);
});

test.each<[string, Mishap | null, readonly string[], string]>([
  [
    "the recordings are too short",
    null,
    ["tiny"],
    "The recordings have 0.4 s of sound, and ElevenLabs needs at least 1 s; record more sentences.",
  ],
  [
    "the vendor refuses the recordings",
    refuseAs(400, "voice_too_noisy"),
    ["long"],
    "ElevenLabs refused the recordings (voice_too_noisy); record the sentences again, one voice alone and without noise.",
  ],
  [
    "the vendor refuses the recordings without a reason",
    refuse(422, [{ loc: ["body", "files"] }]),
    ["long"],
    "ElevenLabs refused the recordings; record the sentences again, one voice alone and without noise.",
  ],
])("%s: the failure is the owner's, and says what to do", async (_, mishap, keys, message) => {
  if (mishap) server.mishap(ADD, mishap);

  const error = await failure("fabula-1", keys);

  expect(error).toBeInstanceOf(InvalidInputError);
  expect(error).toMatchObject({ message });
  expect(server.clones).toEqual([]);
});

test.each<[string, string, boolean]>([
  ["voice_limit_reached", "keeps no more voices for this account; delete voices", false],
  ["can_not_use_instant_voice_cloning", "does not allow this with the account's plan", false],
  ["voice_add_edit_limit_reached", "takes no more changes of voices this month", false],
  ["quota_exceeded", "has no characters left for this account", false],
  ["invalid_api_key", "refused the key; check ELEVENLABS_API_KEY", false],
  ["too_many_concurrent_requests", "takes no more requests at the moment", true],
])("%s: the failure says what to do", async (code, words, retryable) => {
  server.mishap(ADD, refuseAs(400, code));

  const error = await failure("fabula-1", undefined, { maxAttempts: 1 });

  expect(error).toBeInstanceOf(ProviderError);
  expect(error).toMatchObject({ retryable, message: expect.stringContaining(words) });
});

test("a full account refuses a new clone in the same words", async () => {
  server.limits.voices = 0;

  expect(await failure("fabula-1")).toMatchObject({
    message: expect.stringContaining("keeps no more voices"),
  });
});

test.each<[string, Mishap]>([
  ["slow", () => undefined],
  ["down", (response) => response.destroy()],
  ["broken", refuseAs(500, "oops")],
])("a vendor that is %s fails with a retryable error", async (_, mishap) => {
  server.mishap(ADD, mishap);
  const options = { maxAttempts: 1, cloningTimeoutMs: 300 };

  const error = await failure("fabula-1", undefined, options);

  expect(error).toBeInstanceOf(ProviderError);
  expect(error).toMatchObject({ retryable: true });
});

test("the vendor's answer to a removal tells a lost clone from a failure", async () => {
  const removal = (mishap: Mishap): Promise<void> => {
    server.mishap("DELETE", mishap);
    return provider({ maxAttempts: 1 }).remove({ label: "fabula-1", model: "gone" }, signal);
  };

  await expect(removal(refuseAs(400, "voice_does_not_exist"))).resolves.toBeUndefined();
  await expect(removal(refuseAs(404, "not_found"))).rejects.toThrow("ElevenLabs answered 404");
  await expect(removal((response) => response.destroy())).rejects.toMatchObject({
    retryable: true,
  });
});

test("only the labels of this installation are listed", async () => {
  await train("fabula-1");
  await train("fabula-2", undefined, { installation: "elsewhere" });
  server.voices.push(labelled({ name: "My own voice" }));

  expect(await provider().listLabels?.(signal)).toEqual(["fabula-1"]);
});
