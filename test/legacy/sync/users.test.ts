import { type LegacyTestDatabase, expandedDatabase } from "../legacy-database.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await expandedDatabase();
});
afterEach(() => legacy.drop());

const ours = () =>
  legacy.superuser(
    `SELECT id, email, display_name AS name, language, erased_at IS NOT NULL AS "isErased"
     FROM platform.users ORDER BY id`,
  );
const refused = () => legacy.superuser("SELECT * FROM legacy_sync.quarantine");

test("e-mails that differ in their case only are two users", async () => {
  await legacy.old(
    "INSERT INTO users (id, email) VALUES ('u1', 'ada@example.org'), ('u2', 'Ada@Example.org')",
  );

  expect(await legacy.superuser("SELECT email FROM platform.users ORDER BY id")).toEqual([
    { email: "ada@example.org" },
    { email: "Ada@Example.org" },
  ]);
  expect(await legacy.superuser("SELECT FROM legacy_sync.quarantine")).toEqual([]);
});

test("a user of the old application is a user of ours at once", async () => {
  await legacy.old(
    "INSERT INTO users (id, email, first_name, last_name) VALUES ('u1', 'ada@example.org', 'Ada', 'Byron')",
  );

  expect(await ours()).toEqual([
    { id: "u1", email: "ada@example.org", name: "Ada Byron", language: "en", isErased: false },
  ]);
  expect(await refused()).toEqual([]);
});

test("a changed user changes, and a deleted user is erased", async () => {
  await legacy.old("INSERT INTO users (id) VALUES ('u1')");
  await legacy.old("UPDATE users SET display_name = ' Ada ', language = 'DE'");
  const changed = await ours();
  await legacy.old("DELETE FROM users");

  expect(changed).toMatchObject([{ name: "Ada", language: "de", isErased: false }]);
  expect(await ours()).toMatchObject([{ isErased: true }]);
});

test("TRUNCATE erases every user", async () => {
  await legacy.old("INSERT INTO users (id) VALUES ('u1'), ('u2')");

  await legacy.old("TRUNCATE users CASCADE");

  expect(await ours()).toMatchObject([{ isErased: true }, { isErased: true }]);
  expect(await refused()).toEqual([]);
});

test("the backfill takes users in pages, and writes nothing twice", async () => {
  await legacy.superuser("ALTER TABLE users DISABLE TRIGGER USER");
  await legacy.old("INSERT INTO users (id) SELECT 'u' || n FROM generate_series(1, 5) n");
  await legacy.superuser("ALTER TABLE users ENABLE TRIGGER USER");
  const page = (after: string | null) =>
    legacy.superuser("SELECT * FROM legacy_sync.backfill_users($1, 3)", [after]);

  const pages = [await page(null), await page("u3"), await page("u5"), await page(null)];

  expect(pages.flat()).toEqual([
    { last_key: "u3", taken: 3, written: 3 },
    { last_key: "u5", taken: 2, written: 2 },
    { last_key: null, taken: 0, written: 0 },
    { last_key: "u3", taken: 3, written: 0 },
  ]);
});

test("a user of ours is a user of the old application, without an e-mail that another one has", async () => {
  await legacy.old("INSERT INTO users (id, email) VALUES ('u1', 'ada@example.org')");

  await legacy.superuser(
    `INSERT INTO platform.users (id, email, display_name)
     VALUES ('n1', 'ada@example.org', 'Ben'), ('n2', 'cleo@example.org', 'Cleo')`,
  );

  expect(await legacy.old("SELECT id, email, display_name FROM users ORDER BY id")).toEqual([
    { id: "n1", email: null, display_name: "Ben" },
    { id: "n2", email: "cleo@example.org", display_name: "Cleo" },
    { id: "u1", email: "ada@example.org", display_name: null },
  ]);
});

test("a change of ours changes in the legacy row only what means something else", async () => {
  await legacy.old(
    "INSERT INTO users (id, email, first_name, last_name, language) VALUES ('u1', 'ada@example.org', 'Ada', 'Byron', 'EN')",
  );

  await legacy.superuser("UPDATE platform.users SET avatar_url = 'https://img.example.org/a.png'");
  const [row] = await legacy.old("SELECT * FROM users");
  await legacy.superuser("UPDATE platform.users SET display_name = 'Countess', language = 'fr'");

  expect(row).toMatchObject({
    ...{ email: "ada@example.org", first_name: "Ada", display_name: null, language: "EN" },
    profile_image_url: "https://img.example.org/a.png",
  });
  expect(await legacy.old("SELECT display_name, language FROM users")).toEqual([
    { display_name: "Countess", language: "fr" },
  ]);
});

test("an erased user has no name and no address in the legacy row either", async () => {
  await legacy.old(
    "INSERT INTO users (id, email, first_name, external_id) VALUES ('u1', 'ada@example.org', 'Ada', 'x1')",
  );

  await legacy.superuser("UPDATE platform.users SET erased_at = now()");

  expect(
    await legacy.old("SELECT email, first_name, display_name, external_id, is_active FROM users"),
  ).toEqual([
    { email: null, first_name: null, display_name: null, external_id: null, is_active: false },
  ]);
  expect(await legacy.superuser("SELECT profile FROM platform.users")).toEqual([
    { profile: { legacy: {} } },
  ]);
});

test("a person who registers again after a deletion is a user again", async () => {
  await legacy.old("INSERT INTO users (id) VALUES ('u1')");
  await legacy.old("DELETE FROM users");

  await legacy.old("INSERT INTO users (id) VALUES ('u1')");

  expect(await ours()).toMatchObject([{ id: "u1", isErased: false }]);
  expect(await refused()).toEqual([]);
});

test("a user without a date of creation keeps ours when our side changes the user", async () => {
  await legacy.old(
    "INSERT INTO users (id, created_at, updated_at) VALUES ('u1', NULL, '2024-01-02 08:00')",
  );

  await legacy.superuser("UPDATE platform.users SET display_name = 'Ada', updated_at = now()");

  expect(await legacy.old("SELECT created_at FROM users")).toEqual([
    { created_at: new Date("2024-01-02T08:00:00Z") },
  ]);
});
