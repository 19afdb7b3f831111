import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";
import {
  type Outcome,
  type Started,
  type Workplace,
  runMigrate,
  startMigrate,
  startServer,
} from "./migrate.process.js";

let legacy: LegacyTestDatabase;
let workplace: Workplace;
const started: Started[] = [];
beforeEach(async () => {
  legacy = await legacyDatabase();
  workplace = { database: legacy, folder: await mkdtemp(join(tmpdir(), "fabula-migrate-")) };
});
afterEach(async () => {
  for (const { child, ended } of started.splice(0)) {
    child.kill("SIGKILL");
    await ended;
  }
  await legacy.drop();
  await rm(workplace.folder, { recursive: true, force: true });
});

const migrate = (...words: string[]): Promise<Outcome> => runMigrate(workplace, ...words);

function kept(process: Started): Started {
  started.push(process);
  return process;
}

/** Resolves when two lanes of the backfill have written narrations, and before it ends. */
async function untilNarrationsBegin(): Promise<void> {
  for (;;) {
    const rows = await legacy.superuser(
      "SELECT FROM legacy_sync.checkpoints WHERE pair = 'narrations' AND taken > 0",
    );
    if (rows.length > 1) return;
  }
}

/** The rows of ours, in an order that does not depend on when they were written. */
const ours = () =>
  legacy.superuser(
    `SELECT (SELECT md5(string_agg(md5(n::text), '' ORDER BY n.id)) FROM instances.user_story_narrations n) AS narrations,
       (SELECT md5(string_agg(md5(s::text), '' ORDER BY s.narration_id, s.position))
        FROM instances.user_narration_segments s) AS segments,
       (SELECT count(*)::int FROM legacy_sync.quarantine) AS refused`,
  );

test("a backfill that is killed and stopped goes on where it was, and a second run writes nothing", async () => {
  await legacy.generate({ seed: "killed", narrations: 1_500 });
  const plan = await migrate("plan");
  const expanded = await migrate("expand");

  const killed = kept(startMigrate(workplace, "backfill", "--batch", "50", "--most-active", "999"));
  await untilNarrationsBegin();
  killed.child.kill("SIGKILL");
  const signal = await killed.ended;
  const halfway = await migrate("status");
  const done = await migrate("backfill");
  const rows = await ours();
  const second = await migrate("backfill");

  expect([plan.code, expanded.code, done.code, second.code]).toEqual([0, 0, 0, 0]);
  expect(plan.result).toContain("story_narrations            1500 rows");
  expect([signal, halfway.result]).toEqual([
    "SIGKILL",
    expect.stringMatching(/Phase: backfilling \d+ %/),
  ]);
  expect(done.result).toContain("The backfill is complete.");
  expect(done.notes).toMatch(/narrations: 1500 of 1500 rows read/);
  expect(await ours()).toEqual(rows);
  const status = JSON.parse((await migrate("status", "--json")).result) as object;
  expect(status).toMatchObject({ phase: "backfilled", percent: 100 });
});

test("Ctrl-C stops a backfill after its batch, and says how to go on", async () => {
  await legacy.generate({ seed: "stopped", narrations: 1_500 });
  await migrate("expand");

  const stopped = kept(startMigrate(workplace, "backfill", "--batch", "50"));
  await untilNarrationsBegin();
  stopped.child.kill("SIGINT");

  expect(await stopped.ended).toBe(130);
  expect(stopped.output.text).toContain("Go on with: npm run migrate -- backfill");
  expect((await migrate("status")).result).toMatch(/Phase: backfilling \d+ %/);
});

test("a server names the next command in each phase, and serves when the rows are there", async () => {
  const health = async (url: string) => {
    const response = await fetch(`${url}/health`);
    return { code: response.status, body: (await response.json()) as { status: string } };
  };
  const refused = kept(startServer(workplace));
  const code = await refused.ended;

  await migrate("expand");
  const server = kept(startServer(workplace));
  const [, url = ""] = await server.output.until(/The server at (\S+) is not ready yet/);
  const waiting = await health(url);
  await migrate("backfill");
  while ((await health(url)).code !== 200);
  await migrate("rollback");
  while ((await health(url)).code === 200);
  const detached = await health(url);
  server.child.kill("SIGTERM");

  expect([code, refused.output.text]).toEqual([
    1,
    expect.stringMatching(/belongs to the old application[^]*npm run migrate -- plan/),
  ]);
  expect(server.output.text).toContain("npm run migrate -- backfill");
  expect(waiting).toMatchObject({ code: 503, body: { status: "migrating", database: "up" } });
  expect(detached.body).toMatchObject({
    message: expect.stringContaining("npm run migrate -- expand"),
  });
  expect(await server.ended).toBe(0);
});

test("results go to standard output and an error is one plain sentence", async () => {
  const help = await migrate("backfill", "--help");
  const unknown = await migrate("explode");
  const early = await migrate("backfill");

  expect(help.result).toContain("usage: npm run migrate -- backfill [--audio] [--lanes N]");
  expect(help.result).toContain("--lanes N               copies narrations over this many");
  expect(help.notes).toBe("");
  expect([unknown.code, unknown.result]).toEqual([2, ""]);
  expect(unknown.notes).toMatch(/^There is no command "explode"; use plan/);
  expect(early.notes).toBe(
    "The database is not expanded yet; run `npm run migrate -- expand` first.\n",
  );
});
