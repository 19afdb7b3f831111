import { once } from "node:events";
import { type Socket, connect } from "node:net";
import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import { signed, subjectOf, tokenFor } from "../../support/api.js";
import { testApp } from "../../support/app.js";
import { barrierAt } from "../../support/barrier.js";
import { cloneDatabase } from "../../support/test-database.js";
import { longText } from "../../support/texts.js";
import { CREATE_NARRATION, PROGRESS, RENDER_NARRATION } from "../harness/documents.js";
import { endProcesses, fabulaProcess } from "../harness/fabula.process.js";
import { GraphqlClient } from "../harness/graphql.client.js";

/** OPERATIONS.md promises that all processes have ended after this time. */
const ALL_DOWN_MS = 10_000;

afterAll(endProcesses);

/** Opens a connection, sends the beginning of a request, and then sends nothing more. */
async function halfRequest(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.on("error", () => undefined);
  await once(socket, "connect");
  socket.write("POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{");
  return socket;
}

test("SIGTERM ends a server with slow clients and running jobs in ten seconds", async () => {
  const database = await cloneDatabase();
  const app = await testApp({ database });
  const author = subjectOf("ada");
  const story = await app.given.story({ author, text: longText(40), publish: true });
  await app.analyse(story);
  await app.close();
  const server = await fabulaProcess("main", database);
  const authorization = () => signed(tokenFor("ada"));
  const ada = new GraphqlClient({ url: server.url, authorization });
  const barrier = await barrierAt(database, "reference.renditions");
  const storyId = toGlobalId("ReferenceStory", story.id);
  const made = await ada.query(CREATE_NARRATION, { input: { storyId, title: "Mine" } });
  const narration = {
    id: made.text("createNarration.narration.id"),
    version: made.number("createNarration.narration.version"),
  };
  await ada.query(RENDER_NARRATION, { input: narration });
  await barrier.reached();
  const slow = await Promise.all([halfRequest(server.url), halfRequest(server.url)]);
  const following = ada.follow(PROGRESS, { storyId }).catch(() => undefined);
  const startedAt = performance.now();

  const code = await server.stop();

  expect(code).toBe(0);
  expect(performance.now() - startedAt).toBeLessThan(ALL_DOWN_MS);
  for (const socket of slow) socket.destroy();
  await following;
  await barrier.open();
  const [job] = await database.superuser(
    "SELECT state FROM jobs.job WHERE name = 'render-narration'",
  );
  expect(job).toEqual({ state: "retry" });
  await database.drop();
});
