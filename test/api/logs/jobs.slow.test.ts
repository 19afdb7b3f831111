import { CREATE_STORY, PUBLISH_STORY } from "../harness/documents.js";
import { endProcesses } from "../harness/fabula.process.js";
import { failingStatements } from "./failing-statements.js";
import { loggedServer } from "./logged-server.js";

afterAll(endProcesses);

test.each(["development", "production"])(
  "no payload and no text of a failing job reaches the log in %s",
  async (NODE_ENV) => {
    const server = await loggedServer({ NODE_ENV });
    const { of } = server.canaries;
    const statements = await failingStatements(server.database);
    const client = await server.client();
    const text = `“${of("story text")},” said Marta.`;
    const input = { title: of("title"), content: text };
    const made = await client.query(CREATE_STORY, { input });
    await statements.failWith("XX000", "story_segments");

    await client.query(PUBLISH_STORY, {
      input: { id: made.text("createStory.story.id"), version: 1 },
    });
    const rows: [queue: string, payload: object][] = [
      ["analyse-story", { analysisId: of("analysis"), [of("name")]: of("value") }],
      ["render-narration", { userId: of("user"), narrationId: of("narration"), attempt: 1 }],
      ["render-narration", { userId: of("user"), narrationId: "1", attempt: 1 }],
      ["sweep-sound", { userId: of("swept user") }],
      ["speak-catalogue-sample", { voice: of("voice") }],
      ["analyse-story-dead", { analysisId: of("dead analysis") }],
      ["render-narration-dead", { userId: of("dead user"), narrationId: "1", attempt: 2 }],
    ];
    for (const [queue, payload] of rows)
      await server.database.superuser("INSERT INTO jobs.job (name, data) VALUES ($1, $2)", [
        queue,
        payload,
      ]);
    await server.says(/Gave up on analysis \d+/);
    await server.says(/Attempt 2 to render narration 1 is no longer needed/);
    await server.says(/Swept nothing/);
    await server.says(/needs no work/);
    await server.says(/(?:A job failed[^]*){4}/);

    const leaks = await server.leaks();
    expect(leaks).toEqual([]);
    expect(server.output()).toContain("XX000");
    expect(server.output()).toContain("ZodError");
  },
);
