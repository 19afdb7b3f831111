import { commandsOf } from "../command-context.js";
import { type LegacyTestDatabase, expandedDatabase } from "../legacy-database.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await expandedDatabase();
});
afterEach(async () => {
  process.exitCode = 0;
  await legacy.drop();
});

test("verify says in plain words what differs, and what repair did about it", async () => {
  const commands = commandsOf(legacy);
  await legacy.old("INSERT INTO users (id) VALUES ('u1'), ('u2')");
  await legacy.superuser(
    `BEGIN; SET LOCAL session_replication_role = replica;
     UPDATE platform.users SET language = 'xx' WHERE id = 'u1'; COMMIT`,
  );

  const found = (await commands.text("verify")).split("\n");
  const failed = process.exitCode;
  const repaired = (await commands.text("verify", "--repair")).split("\n");

  expect(found.slice(0, 2)).toEqual([
    "users          2 rows: 1 same, 1 wrong",
    '  u1 different: language is "xx", not "en"',
  ]);
  expect(found.at(-3)).toBe(
    "The backfill is not complete (npm run migrate -- backfill), so rows may be missing, and the API was not asked.",
  );
  expect(found.at(-1)).toBe(
    "1 row differs. Map them again with: npm run migrate -- verify --repair",
  );
  expect(failed).toBe(1);
  expect(repaired[0]).toBe("users          2 rows: 2 same, 1 repaired");
  expect(repaired.at(-1)).toBe(
    "Nothing differs. Next: stop the old application, then npm run migrate -- contract",
  );
  expect(commands.said).toContain("users: 2 rows compared");
});

test("verify names what is left to do before contract", async () => {
  const commands = commandsOf(legacy);
  await legacy.old("INSERT INTO users (id) VALUES ('u1')");
  await legacy.old(
    "INSERT INTO audio_files (id, file_name, audio_data, file_size) VALUES (1, 'a.mp3', 'AAAA', 3)",
  );
  await legacy.old(
    `INSERT INTO user_voice_samples (user_id, sample_type, label, audio_url)
     VALUES ('u1', 'emotion', ' ', 'a.mp3'), ('u1', 'emotion', 'happy', 'audio://1')`,
  );

  const lines = (await commands.text("verify")).split("\n");

  expect(lines.slice(-3)).toEqual([
    "Nothing differs. Before contract:",
    "  The quarantine has 1 row: npm run migrate -- quarantine list",
    "  Old sound that is not moved yet: 1. Run: npm run migrate -- backfill --audio",
  ]);
});
