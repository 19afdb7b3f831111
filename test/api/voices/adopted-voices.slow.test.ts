import { VendorVoiceCleanup, VendorVoiceSweep } from "../../../src/instances/index.js";
import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { systemClock } from "../../../src/platform/clock.js";
import { elevenLabsCloning } from "../../../src/providers/speech/elevenlabs/elevenlabs-cloning.js";
import {
  ElevenLabsServer,
  type ServerVoice,
} from "../../providers/speech/elevenlabs/elevenlabs-server.js";
import { accountOf } from "../../providers/speech/elevenlabs/target.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { ADOPT_VOICE } from "../harness/id-places.js";
import {
  CREATE_NARRATION,
  NARRATION_PROGRESS,
  READ_AUDIO,
  RENDER_NARRATION,
} from "../harness/documents.js";
import { recorder } from "../harness/recording.flow.js";

let vendor: ElevenLabsServer;
beforeAll(async () => {
  vendor = await ElevenLabsServer.start();
});
afterEach(() => {
  vendor.reset();
});
afterAll(() => vendor.close());

/** Runs the work with a server and its worker. */
async function withApp(work: (app: ApiApp) => Promise<void>, isConfigured = true): Promise<void> {
  const elevenLabs = { apiKey: "secret", baseUrl: vendor.baseUrl, installation: "here" };
  const app = await apiApp({ worker: true, ...(isConfigured ? { elevenLabs } : {}) });
  try {
    await work(app);
  } finally {
    await app.close();
  }
}

/** A clone of the earlier platform at the vendor, and Ada's neutral voice that speaks with the clone. */
async function givenMigratedVoice({ superuser, given }: ApiApp): Promise<string> {
  const clone: ServerVoice = {
    ...{ voice_id: "Th3Cl0neOfAda", name: "ada_neutral", category: "cloned", labels: {} },
    ...{ description: null, is_owner: true, created_at_unix: 1_600_000_000 },
  };
  vendor.voices.push(clone);
  await given.user("ada");
  await superuser(
    `INSERT INTO instances.user_voices (user_id, voice, provider, kind, display_name, language)
     VALUES ($1, 'elevenlabs:own-1234567890123456789012', 'elevenlabs', 'cloned', 'Ada, before', 'en')`,
    [subjectOf("ada")],
  );
  const [row] = await superuser<{ id: string }>(
    `INSERT INTO instances.user_emotion_voices (user_id, template_id, voice_id, kind, provider,
       provider_voice_id, training_status, state)
     SELECT v.user_id, $1, v.id, 'cloned', v.provider, $2, 'ready', 'awaiting_consent'
     FROM instances.user_voices v RETURNING id`,
    [await given.neutralTemplateId(), clone.voice_id],
  );
  return toGlobalId("UserEmotionVoice", row?.id ?? "");
}

const VOICES = `{ voices(first: 5, filter: { kind: [CLONED] }) { edges { node {
  id displayName isAvailable emotionVoices { state } } } } }`;
const OWN = toGlobalId("Voice", "elevenlabs:own-1234567890123456789012");
const clones = () => vendor.clones.map(({ name }) => name);

/** Renders a narration in Ada's own voice. Returns the last state. */
async function render({ as, given }: ApiApp): Promise<unknown> {
  const story = await given.story({ text: "The bell rang. Nobody came.", analyse: true });
  const input = { storyId: toGlobalId("ReferenceStory", story.id), narratorVoice: OWN };
  const made = await as("ada").query(CREATE_NARRATION, { input });
  const id = made.text("createNarration.narration.id");
  const version = made.number("createNarration.narration.version");
  const estimate = await as("ada").query(READ_AUDIO, { id });
  expect(estimate.at("narration.renderEstimate.unavailableVoices")).toEqual([]);
  await as("ada").query(RENDER_NARRATION, { input: { id, version } });
  const events = await as("ada").follow(NARRATION_PROGRESS, { id });
  return events.at(-1)?.at("narrationProgress.status");
}

const vendorJobs = ({ jobDatabase }: ApiApp) => {
  const readSample = () => Promise.reject(new Error("Nothing is trained."));
  const cloning = [elevenLabsCloning(accountOf(vendor, { installation: "here" }), readSample)];
  const nothing = () => Promise.resolve();
  const use = { database: jobDatabase, clock: systemClock, cloning };
  return {
    sweep: new VendorVoiceSweep({ ...use, enqueue: nothing }),
    cleanup: new VendorVoiceCleanup({
      ...{ ...use, enqueueLater: nothing },
      findWithoutJob: (orders) => Promise.resolve([...orders]),
    }),
  };
};

test("an adopted voice speaks, no sweep deletes its clone, and the end of the consent does", async () => {
  await withApp(async (app) => {
    const id = await givenMigratedVoice(app);
    const ada = recorder(app, "ada");
    const early = await app.as("ada").query(ADOPT_VOICE, { input: { id } });
    await ada.agree();

    const adopted = await app.as("ada").query(ADOPT_VOICE, { input: { id } });
    const voices = await app.as("ada").query(VOICES);

    expect(early.at("adoptEmotionVoice")).toMatchObject({
      ...{ voice: null, emotionVoices: [] },
      userErrors: [{ code: "CONFLICT", message: expect.stringContaining("grantVoiceConsent") }],
    });
    expect(adopted.at("adoptEmotionVoice")).toEqual({
      voice: { id: OWN, displayName: "Ada, before" },
      emotionVoices: [{ id, trainingStatus: "READY" }],
      userErrors: [],
    });
    expect(voices.list("voices.edges.*.node")).toEqual([
      {
        ...{ id: OWN, displayName: "Ada, before", isAvailable: true },
        emotionVoices: [{ state: "USABLE" }],
      },
    ]);
    expect(await render(app)).toBe("READY");
    expect(vendor.asked("POST", "/v1/text-to-speech/Th3Cl0neOfAda").length).toBeGreaterThan(0);
    await vendorJobs(app).sweep.run("elevenlabs");
    expect(clones()).toEqual(["ada_neutral"]);
    await ada.revoke("DELETE");
    const [row] = await app.superuser<{ label: string }>(
      "SELECT label FROM platform.vendor_voices",
    );
    await vendorJobs(app).cleanup.run(row?.label ?? "");
    expect(clones()).toEqual([]);
  });
});

test("a voice whose clone is gone at the vendor is not adopted", async () => {
  await withApp(async (app) => {
    const id = await givenMigratedVoice(app);
    await recorder(app, "ada").agree();
    vendor.reset();

    const refused = await app.as("ada").query(ADOPT_VOICE, { input: { id } });

    expect(refused.at("adoptEmotionVoice")).toMatchObject({
      ...{ voice: null, emotionVoices: [{ id, trainingStatus: "READY" }] },
      userErrors: [{ code: "CONFLICT", message: expect.stringContaining("no longer has") }],
    });
  });
});

test("without the vendor, a voice is adopted and cannot speak until the vendor is configured", async () => {
  await withApp(async (app) => {
    const id = await givenMigratedVoice(app);
    await recorder(app, "ada").agree();

    const adopted = await app.as("ada").query(ADOPT_VOICE, { input: { id } });
    const voices = await app.as("ada").query(VOICES);

    expect(adopted.at("adoptEmotionVoice.userErrors")).toEqual([]);
    expect(voices.list("voices.edges.*.node")).toMatchObject([
      { isAvailable: false, emotionVoices: [{ state: "USABLE" }] },
    ]);
    expect(vendor.requests).toEqual([]);
  }, false);
});
