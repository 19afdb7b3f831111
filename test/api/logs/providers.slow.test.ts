import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { createMediaSigner } from "../../../src/http/media/signer.js";
import { systemClock } from "../../../src/platform/clock.js";
import {
  CREATE_NARRATION,
  CREATE_STORY,
  PUBLISH_STORY,
  RENDER_NARRATION,
} from "../harness/documents.js";
import { endProcesses } from "../harness/fabula.process.js";
import type { GraphqlClient } from "../harness/graphql.client.js";
import { Canaries } from "./canaries.js";
import { type EchoServer, REFUSED_TEXTS, echoServer } from "./echo-server.js";
import { type LoggedServer, MEDIA_SECRET, loggedServer } from "./logged-server.js";

const PREVIEW = `mutation ($input: PreviewVoiceInput!) {
  previewVoice(input: $input) { preview { durationMs } userErrors { code message } }
}`;

let echo: EchoServer;
beforeAll(async () => {
  echo = await echoServer();
});
afterAll(async () => {
  endProcesses();
  await echo.close();
});

const voice = (name: string): string => toGlobalId("Voice", name);

/** Renders a new narration. The server logs how the render ends. */
async function render(
  { canaries: { of }, says }: LoggedServer,
  client: GraphqlClient,
  narratorVoice: string,
): Promise<void> {
  const content = `She refused ${of("spoken text")}.`;
  const made = await client.query(CREATE_STORY, { input: { title: of("title"), content } });
  const { id, version } = made.at("createStory.story") as { id: string; version: number };
  await client.query(PUBLISH_STORY, { input: { id, version } });
  const title = `${of("narration title")} ” ${of("end of a title")}`;
  const narration = await client.query(CREATE_NARRATION, {
    input: { storyId: id, title, narratorVoice: voice(narratorVoice) },
  });
  await says(/Finished the job of analysis/);
  const mine = narration.text("createNarration.narration.id");
  const at = await client.query(VERSION, { id: mine });
  const input = { id: mine, version: at.number("node.version") };
  const answer = await client.query(RENDER_NARRATION, { input });
  expect(answer.at("renderNarration.userErrors")).toEqual([]);
}

const VERSION = `query ($id: ID!) { node(id: $id) { id ... on UserStoryNarration { version } } }`;

async function readMedia({ origin }: LoggedServer): Promise<void> {
  const signer = createMediaSigner({ secret: MEDIA_SECRET, clock: systemClock });
  const reads = ["0", "8", "c"].map(async (letter) => {
    const key = `shared/${letter.repeat(64)}`;
    const { url } = signer.sign({ key, fileName: "a.mp3", contentType: "audio/mpeg" });
    const answer = await fetch(origin + url);
    expect(answer.status).toBe(503);
    await answer.text();
  });
  await Promise.all(reads);
}

test.each(["development", "production"])(
  "no key and no text reaches the log of a server in %s whose providers repeat both",
  async (NODE_ENV) => {
    const canaries = new Canaries();
    const { of } = canaries;
    const server = await loggedServer(
      {
        NODE_ENV,
        SPEECH_URL: `${echo.url}/v1`,
        SPEECH_API_KEY: of("SPEECH_API_KEY"),
        SPEECH_MODEL: "tts-1",
        SPEECH_VOICES: "alloy",
        S3_ENDPOINT: echo.url,
        S3_BUCKET: "sound",
        S3_ACCESS_KEY_ID: of("S3_ACCESS_KEY_ID"),
        S3_SECRET_ACCESS_KEY: of("S3_SECRET_ACCESS_KEY"),
      },
      canaries,
    );
    const client = await server.client();

    await Promise.all([
      ...REFUSED_TEXTS.map((word) =>
        client.query(PREVIEW, {
          input: { voice: voice("openai:alloy"), text: `${word} ${of(`text, ${word}`)}` },
        }),
      ),
      readMedia(server),
      render(server, client, "openai:alloy"),
    ]);
    await server.says(/Render of narration \d+ ended with status failed: .*openai answered 400/);

    const leaks = await server.leaks();
    expect(leaks).toEqual([]);
    for (const status of [400, 401, 500, 302])
      expect(server.output()).toContain(`openai answered ${status}`);
    expect(server.output()).toContain("a header that is not one of a sound");
    expect(server.output()).toContain("bytes of sound, before its sound ends");
    expect(server.output()).toContain("The S3 storage answered 403 to HEAD");
  },
);
