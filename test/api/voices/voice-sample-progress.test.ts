import { fromGlobalId, toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { ownerOf, untilProcessed } from "../../../src/instances/index.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import type { Answer } from "../harness/answer.js";
import { SubscriptionEnded } from "../harness/graphql.client.js";
import { neutral, recorder } from "../harness/recording.flow.js";

// No worker runs, so each recording waits for its processing.
let app: ApiApp;
let ada: ReturnType<typeof recorder>;
beforeAll(async () => {
  app = await apiApp();
  ada = recorder(app, "ada");
});
beforeEach(() => ada.agree());
afterEach(() => app.clean());
afterAll(() => app.close());

const PROGRESS = `subscription ($id: ID!) { voiceSampleProgress(id: $id) { sampleStatus state } }`;
const FILE = new TextEncoder().encode("The file as Ada sent it.");

async function addSample(transcript?: string) {
  const input = { templateId: await neutral(app), uploadId: await ada.upload(FILE), transcript };
  const { voiceSample } = await ada.add(input);
  if (!voiceSample) throw new Error("No voice sample was added.");
  return voiceSample;
}

/** Follows a voice sample and waits for its first state. */
async function following(id: string) {
  const events = app.as("ada").subscribe(PROGRESS, { id });
  const next = async () => (await events.next()).value?.at("voiceSampleProgress");
  expect(await next()).toEqual({ sampleStatus: "PROCESSING", state: "USABLE" });
  return { events, next };
}

/** Waits for the end of a subscription, and returns the errors that ended the subscription. */
const endOf = async (events: AsyncGenerator<Answer, void>): Promise<readonly object[]> => {
  const end = await events.next().catch((error: unknown) => error);
  return end instanceof SubscriptionEnded ? end.errors.map(({ extensions }) => extensions) : [];
};

const remove = async ({ id }: { readonly id: string }) => {
  await ada.remove(id);
};
const revokeAndDelete = async () => {
  await ada.revoke("DELETE");
};

test.each([
  ["a deleted voice sample", remove],
  ["a voice sample that a revocation deletes", revokeAndDelete],
])("each follower of %s hears of the deletion", async (_name, change) => {
  const sample = await addSample();
  const followers = await Promise.all([following(sample.id), following(sample.id)]);

  await change(sample);

  for (const { events } of followers) {
    expect(await endOf(events)).toMatchObject([{ code: "NOT_FOUND" }]);
  }
});

test("a follower hears that the consent ended, and that a new consent came", async () => {
  const { id } = await addSample();
  const { events, next } = await following(id);

  await ada.revoke("KEEP");
  const suspended = await next();
  await ada.agree();
  const resumed = await next();
  await ada.remove(id);

  expect(suspended).toEqual({ sampleStatus: "PROCESSING", state: "SUSPENDED" });
  expect(resumed).toEqual({ sampleStatus: "PROCESSING", state: "USABLE" });
  expect(await endOf(events)).toMatchObject([{ code: "NOT_FOUND" }]);
});

test("a wait for a recording ends when the consent ends", async () => {
  const { id } = await addSample();
  const sampleId = fromGlobalId(id, "UserVoiceSample", []);
  const owner = ownerOf(subjectOf("ada"));

  // The expectation begins before the revocation, because the wait may end during the revocation.
  const refused = expect(untilProcessed(app.services, owner, sampleId)).rejects.toThrow(
    "The consent ended before the recording was measured",
  );
  await ada.revoke("KEEP");

  await refused;
});

test("the lines of a transcript become one line", async () => {
  const { transcript } = await addSample(" One line.\r\nAnd\tanother\u2028one,  cafe\u0301. ");

  expect(transcript).toBe("One line. And another one, café.");
});

test("a template without a voice is refused with its name", async () => {
  const [row] = await app.superuser<{ id: number }>(
    `INSERT INTO reference.voice_modulation_templates
       (modulation_type, modulation_key, display_name, description, sample_text)
     VALUES ('modulation', 'calm', 'Calm', 'Of a test.', 'Oh!') RETURNING id`,
  );

  const { userErrors } = await ada.add({
    templateId: toGlobalId("VoiceModulationTemplate", row?.id ?? 0),
    uploadId: await ada.upload(FILE),
  });

  expect(userErrors).toMatchObject([
    { message: expect.stringMatching(/^No voice is trained for Calm/), path: ["templateId"] },
  ]);
});
