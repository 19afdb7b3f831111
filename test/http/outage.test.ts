import pg from "pg";
import { toGlobalId } from "../../src/graphql/relay/global-id.js";
import { CREATE_STORY, PROGRESS } from "../api/harness/documents.js";
import { type ApiApp, apiApp } from "../support/api.js";
import { fromSetup } from "../support/test-database.js";
import { silent } from "../support/app.js";
import { textNamed } from "../support/texts.js";

const STORIES = "{ stories { totalCount } }";

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ worker: true });
});
afterAll(() => app.close());

/**
 * Ends the app's connections and makes its database refuse new connections. Runs `work` during this
 * outage.
 */
async function whileAway(work: () => Promise<void>): Promise<void> {
  const { name } = app.testDatabase;
  const elsewhere = new pg.Client({ connectionString: fromSetup("TEST_PG_SUPER_URL") });
  await elsewhere.connect();
  await elsewhere.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await elsewhere.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE datname = $1 AND usename <> current_user`,
    [name],
  );
  try {
    await work();
  } finally {
    await elsewhere.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await elsewhere.end();
  }
}

const health = async (): Promise<number> => {
  const response = await fetch(app.url.replace("/graphql", "/health"));
  await response.arrayBuffer();
  return response.status;
};

test("requests are UNAVAILABLE while the database is down, and succeed when it is back", async () => {
  const input = { title: "T", content: "Words." };
  expect((await app.as("ada").query(CREATE_STORY, { input })).errors).toEqual([]);
  const healthy = await health();

  await whileAway(async () => {
    // Try three times, because the requests fail in two ways. The first requests use connections that
    // have ended. Later requests cannot open new connections.
    for (let round = 0; round < 3; round += 1) {
      const reading = await app.as("ada").query(STORIES);
      const writing = await app.as("ada").query(CREATE_STORY, { input });
      for (const answer of [reading, writing]) {
        expect(answer.code).toBe("UNAVAILABLE");
        expect(answer.errors[0]?.message).toContain("try again");
        expect(answer.body).not.toMatch(/ECONN|fabula_app|terminat|5432/i);
      }
    }
    expect(await health()).toBe(503);
  });

  expect((await app.as("ada").query(STORIES)).data).toEqual({ stories: { totalCount: 0 } });
  expect([healthy, await health()]).toEqual([200, 200]);
  expect(await app.superuser("SELECT FROM reference.stories")).toHaveLength(1);
});

test("jobs and subscriptions continue after the database is back", async () => {
  await whileAway(async () => {
    expect(await health()).toBe(503);
  });
  // The pool notices an ended connection only when a request uses it.
  while ((await health()) !== 200);
  const story = await app.given.story({ text: textNamed("the far shore"), publish: true });
  const storyId = toGlobalId("ReferenceStory", story.id);

  const events = await app.anonymous().follow(PROGRESS, { storyId });

  expect(events.at(-1)?.at("storyAnalysisProgress.status")).toBe("READY");
});

test("a bug is masked, and logged with the error id that the caller receives", async () => {
  const logged: unknown[] = [];
  const broken = await apiApp({
    logger: { ...silent, error: (about: unknown) => void logged.push(about) },
  });
  await broken.superuser("ALTER TABLE reference.stories RENAME COLUMN id TO broken");

  const answer = await broken.as("ada").query("{ stories { edges { node { title } } } }");
  await broken.close();

  const errorId = answer.errors[0]?.extensions["errorId"];
  expect(answer.code).toBe("INTERNAL_SERVER_ERROR");
  expect(answer.body).not.toMatch(/broken|does not exist|reference\.stories/);
  expect(logged).toMatchObject([{ errorId, err: expect.any(Error) }]);
});

test("a request that is too large is refused with the limit", async () => {
  const content = "a".repeat(9_000_001);

  const answer = await app.as("ada").query(CREATE_STORY, { input: { title: "T", content } });

  expect([answer.status, answer.code]).toEqual([413, "BAD_USER_INPUT"]);
  expect(answer.errors[0]?.message).toContain("9000000 bytes");
});

test.each([
  ["invalid JSON", "{"],
  ["no query", "{}"],
  ["an array", "[]"],
  ["an empty body", ""],
])("a request with %s is refused", async (_name, body) => {
  const answer = await app.as("ada").post(body);

  expect(answer.status).toBe(400);
  expect(answer.errors[0]?.message).toBeTruthy();
});
