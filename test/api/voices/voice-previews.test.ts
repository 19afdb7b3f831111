import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { VoiceAge, VoiceGender } from "../../../src/providers/speech/speech.port.js";
import {
  type SpeechServer,
  startSpeechServer,
} from "../../providers/speech/openai/speech-server.js";
import { type ApiApp, apiApp, signed, tokenFor } from "../../support/api.js";
import { gate } from "../../support/blocked.js";

const PREVIEW = `mutation ($voice: ID!) {
  previewVoice(input: { voice: $voice, text: "The bell rang." }) { preview { url } } }`;

let speech: SpeechServer;
let app: ApiApp;
beforeAll(async () => {
  speech = await startSpeechServer();
  const voice = { gender: VoiceGender.Female, ageGroup: VoiceAge.Adult, languages: ["en"] };
  app = await apiApp({
    speech: {
      ...{ id: "paid", baseUrl: speech.baseUrl, apiKey: "secret", model: "tts-1" },
      voices: [{ ...voice, name: "anna", displayName: "Anna" }],
    },
  });
});
afterAll(async () => {
  await app.close();
  await speech.close();
});

test("a client that leaves during its preview ends the request to the provider", async () => {
  const asked = gate<ServerResponse>();
  speech.mishaps.push(asked.open);
  const leaving = new AbortController();
  const variables = { voice: toGlobalId("Voice", "paid:anna") };
  const asking = fetch(app.url, {
    method: "POST",
    body: JSON.stringify({ query: PREVIEW, variables }),
    headers: { "content-type": "application/json", authorization: await signed(tokenFor("ada")) },
    signal: leaving.signal,
  }).catch(() => undefined);
  const unanswered = await asked.opened;

  leaving.abort();

  await once(unanswered, "close");
  await asking;
  expect(speech.requests).toHaveLength(1);
});
