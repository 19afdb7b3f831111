import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import { spokenSamples } from "../../reference/catalogue-sample/spoken-samples.js";

const spoken = spokenSamples();
let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ samples: true, logger: spoken.logger });
});
afterEach(() => app.clean());
afterAll(() => app.close());

const SAMPLES = `query ($first: Int!) { voices(first: $first) { edges { node { sampleUrl } } } }`;

test("a sample is null until a worker has made it, for one statement a page", async () => {
  const { length } = app.services.voices.voices;
  const read = (first: number) => app.anonymous().query(SAMPLES, { first });
  const urlsOf = (page: Awaited<ReturnType<typeof read>>) =>
    page.list("voices.edges.*.node.sampleUrl");

  const before = await read(length);
  await app.startWorker();
  await spoken.all(length);
  const one = await read(1);
  const all = await read(length);

  expect(urlsOf(before)).toEqual(Array.from({ length }, () => null));
  for (const url of urlsOf(all) as string[]) {
    const sound = await fetch(new URL(url, app.url));
    expect(sound.headers.get("content-type")).toBe("audio/wav");
    expect((await sound.arrayBuffer()).byteLength).toBeGreaterThan(10_000);
  }
  expect([before, one, all].map(({ sql }) => sql.count)).toEqual([1, 1, 1]);
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
      feature: "GAIN",
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
    { feature: "TEXT", reason: "Signs and emoji in the text are not said." },
  ]);
  expect(refused.errors).toEqual([]);
  expect(refused.at("previewVoice")).toEqual({
    preview: null,
    userErrors: [{ code: "BAD_USER_INPUT", path: ["text"] }],
  });
});
