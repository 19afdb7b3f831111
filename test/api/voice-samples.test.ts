import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp } from "../support/api.js";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp();
});
afterEach(() => app.clean());
afterAll(() => app.close());

const SAMPLES = `query ($first: Int!) { voices(first: $first) { edges { node { sampleUrl } } } }`;

test("the samples of a page of voices cost one statement, and each sample can be downloaded", async () => {
  await app.anonymous().query(SAMPLES, { first: 3 });

  const one = await app.anonymous().query(SAMPLES, { first: 1 });
  const three = await app.anonymous().query(SAMPLES, { first: 3 });

  const urls = three.list("voices.edges.*.node.sampleUrl") as string[];
  expect(urls).toHaveLength(3);
  for (const url of urls) expect((await fetch(new URL(url, app.url))).status).toBe(200);
  expect(three.sql.count).toBe(1);
  expect(one.sql.count).toBe(1);
});

test("a preview reports a gain that its peaks reduced", async () => {
  const document = `mutation ($input: PreviewVoiceInput!) { previewVoice(input: $input) {
    preview { degraded { feature reason } } } }`;
  const preview = (gain: number) =>
    app.as("ada").query(document, {
      input: {
        voice: toGlobalId("Voice", "flite:slt"),
        text: "Come here!",
        modification: { gain },
      },
    });

  const shouted = await preview(12);
  const spoken = await preview(3);

  expect(shouted.at("previewVoice.preview.degraded")).toEqual([
    {
      feature: "gain",
      reason: expect.stringMatching(/^The gain is \d+\.\d dB instead of 12\.0 dB/),
    },
  ]);
  expect(spoken.at("previewVoice.preview.degraded")).toEqual([]);
});

test("a preview reports text that the voice skipped, and refuses text that the voice cannot read", async () => {
  const document = `mutation ($input: PreviewVoiceInput!) { previewVoice(input: $input) {
    preview { url durationMs degraded { feature reason } } userErrors { code path } } }`;
  const preview = (text: string) =>
    app.as("ada").query(document, { input: { voice: toGlobalId("Voice", "flite:slt"), text } });

  const degraded = await preview("So good 😀.");
  const refused = await preview("привет мир");

  expect(degraded.at("previewVoice.preview.degraded")).toEqual([
    { feature: "text", reason: "Signs and emoji in the text are not said." },
  ]);
  expect(refused.errors).toEqual([]);
  expect(refused.at("previewVoice")).toEqual({
    preview: null,
    userErrors: [{ code: "BAD_USER_INPUT", path: ["text"] }],
  });
});
