import { ElevenLabsServer, PREMADE, type ServerVoice } from "./elevenlabs-server.js";
import { accountOf } from "./target.js";

let server: ElevenLabsServer;
beforeAll(async () => {
  server = await ElevenLabsServer.start();
});
afterAll(() => server.close());
beforeEach(() => {
  server.reset();
});

const { signal } = new AbortController();

const voiceLike = (voice: Partial<ServerVoice>): ServerVoice => ({
  ...{ voice_id: "AAAAAAAAAAAAAAAAAAAA", name: "A voice", category: "premade", labels: {} },
  ...{ description: null, is_owner: false, created_at_unix: 1 },
  ...voice,
});

test("the catalogue has the vendor's voices with their gender and age", async () => {
  const account = accountOf(server);

  expect(account.listVoices()).toEqual([]);
  await account.refresh(signal);

  const voices = account.listVoices();
  expect(
    voices.map(({ displayName, gender, ageGroup }) => [displayName, gender, ageGroup]),
  ).toEqual([
    ["Sarah", "female", "young"],
    ["George", "male", "adult"],
    ["Bill", "male", "elder"],
    ["River", "neutral", "adult"],
  ]);
  expect(voices[0]).toMatchObject({
    id: `elevenlabs:${PREMADE[0]?.voice_id}`,
    provider: "elevenlabs",
  });
  expect(voices[0]?.languages).toEqual(expect.arrayContaining(["en", "de", "fil"]));
});

test("clones of persons are not in the catalogue, voices of the library and designed voices are", async () => {
  server.voices.push(
    voiceLike({ voice_id: "clone", category: "cloned", is_owner: true }),
    voiceLike({ voice_id: "professional", category: "professional", is_owner: true }),
    voiceLike({ voice_id: "library", category: "professional" }),
    voiceLike({ voice_id: "designed", category: "generated", is_owner: true }),
    voiceLike({ voice_id: "not/an/id" }),
  );
  const account = accountOf(server);

  await account.refresh(signal);

  const ids = account.listVoices().map(({ id }) => id);
  expect(ids.slice(PREMADE.length)).toEqual(["elevenlabs:library", "elevenlabs:designed"]);
});

test("all pages of a long list are read", async () => {
  for (let count = 0; count < 230; count++)
    server.voices.push(voiceLike({ voice_id: `voice${count}` }));
  const account = accountOf(server);

  await account.refresh(signal);

  expect(account.listVoices()).toHaveLength(PREMADE.length + 230);
  expect(server.asked("GET", "/v2/voices")).toHaveLength(3);
});

test("the list stays the same object until a voice changes, and stays if the vendor is down", async () => {
  const account = accountOf(server, { maxAttempts: 1 });
  await account.refresh(signal);
  const before = account.listVoices();

  await account.refresh(signal);
  expect(account.listVoices()).toBe(before);

  server.mishap("GET /v2/voices", (response) => response.destroy());
  await expect(account.refresh(signal)).rejects.toMatchObject({ retryable: true });
  expect(account.listVoices()).toBe(before);

  server.voices.push(voiceLike({}));
  await account.refresh(signal);
  expect(account.listVoices()).toHaveLength(before.length + 1);
});

test("names without printable characters and very long names are replaced", async () => {
  server.voices.push(
    voiceLike({ voice_id: "nameless", name: "\u0000\u202e" }),
    voiceLike({ voice_id: "long", name: "an".repeat(100) }),
  );
  const account = accountOf(server);

  await account.refresh(signal);

  const names = account.listVoices().map(({ displayName }) => displayName);
  expect(names.slice(PREMADE.length)).toEqual(["nameless", "an".repeat(30)]);
});

test("the vendor describes the languages of a new model", async () => {
  const account = accountOf(server, { model: "eleven_new" });

  await account.refresh(signal);

  expect(account.languages).toEqual(["en"]);
});

test("a model that does not exist is named with the models that do", async () => {
  const account = accountOf(server, { model: "eleven_old" });

  await expect(account.refresh(signal)).rejects.toMatchObject({
    retryable: false,
    message:
      "ElevenLabs has no model eleven_old that speaks; set ELEVENLABS_MODEL to one of eleven_multilingual_v2, eleven_new.",
  });
});
