import { verify } from "../../../src/legacy/verify/verify.js";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";
import { unnoticedColumns } from "./wrong-values.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await legacyDatabase();
});
afterEach(() => legacy.drop());

async function verifyUsers(options: { readonly repair?: boolean } = {}) {
  const { pairs } = await verify(legacy.operator, { pageSize: 40, ...options });
  const users = pairs.find(({ pair }) => pair === "users");
  if (!users) throw new Error("Users are not verified.");
  return users;
}

async function backfillUsers(): Promise<void> {
  await legacy.superuser("SELECT * FROM legacy_sync.backfill_users(NULL, 10000)");
}

test("every user of a generated database is here as expected", async () => {
  await legacy.generate({ seed: "1", narrations: 1_000 });
  await legacy.expand("Europe/Berlin");
  const before = await verifyUsers();

  await backfillUsers();

  expect(before).toMatchObject({ rows: 100, same: 0, wrong: 100 });
  expect(await verifyUsers()).toEqual({
    ...{ pair: "users", rows: 100, same: 100, quarantined: 0, merged: 0 },
    ...{ wrong: 0, extra: 0, derived: 0, kept: 0, repaired: 0, examples: [] },
  });
});

const FULL_USER = `INSERT INTO users VALUES ('u1', 'ada@example.org', 'Ada', 'Byron', ' Ada ', 'https://a.org/1.png',
  'ext-1', 'DE', 'de-DE', 'en', false, true, '2024-01-01 08:00', '2023-01-01 08:00', '2024-01-02 08:00')`;

test("a user whom we erased is as expected, without a name in the legacy row", async () => {
  await legacy.expand();
  await legacy.old(
    "INSERT INTO users (id, email, first_name, profile_image_url) VALUES ('u1', 'ada@example.org', 'Ada', 'https://a.org/1.png')",
  );

  await legacy.superuser("UPDATE platform.users SET erased_at = now()");

  expect(await verifyUsers()).toMatchObject({ rows: 1, same: 1, wrong: 0 });
});

test("a wrong value in any column of a user is noticed", async () => {
  await legacy.expand();
  await legacy.old(FULL_USER);
  await legacy.old("UPDATE users SET first_name = 'Augusta'");

  const unnoticed = await unnoticedColumns(
    legacy,
    {
      table: "platform.users",
      except: ["public_id", "erased_at"],
      original: ["profile", "legacy"],
    },
    async () => {
      const { wrong, extra } = await verifyUsers();
      return wrong + extra > 0;
    },
  );

  expect(unnoticed).toEqual([]);
  expect(await verifyUsers()).toMatchObject({ same: 1, wrong: 0 });
});

test("users whom both applications write are equal on both sides", async () => {
  await legacy.expand("America/New_York");
  await legacy.old(FULL_USER);
  await legacy.old(
    "INSERT INTO users (id, language) VALUES ('u2', ' '), ('u3', NULL), ('u4', 'en')",
  );

  await legacy.superuser(
    `INSERT INTO platform.users (id, email, display_name) VALUES ('n1', 'ada@example.org', 'Ben')`,
  );
  await legacy.superuser("UPDATE platform.users SET display_name = 'Countess' WHERE id = 'u1'");
  await legacy.superuser("UPDATE platform.users SET erased_at = now() WHERE id = 'u2'");
  await legacy.old("DELETE FROM users WHERE id = 'u3'");
  await legacy.old(
    "UPDATE users SET locale = 'de-AT', updated_at = '2024-11-03 01:30' WHERE id = 'n1'",
  );

  expect(await verifyUsers()).toMatchObject({ rows: 4, same: 4, wrong: 0, extra: 0 });
});

test("a user without a legacy row is one too many, and repair maps what differs again", async () => {
  await legacy.expand();
  await legacy.old("INSERT INTO users (id) VALUES ('u1'), ('u2'), ('u3')");
  await legacy.superuser(
    `BEGIN; SET LOCAL session_replication_role = replica;
     UPDATE platform.users SET language = 'xx' WHERE id = 'u1'; DELETE FROM platform.users WHERE id = 'u2';
     INSERT INTO platform.users (id) VALUES ('n1'); COMMIT`,
  );

  const found = await verifyUsers();
  const repaired = await verifyUsers({ repair: true });

  expect(found).toMatchObject({ rows: 3, same: 1, wrong: 2, extra: 1, repaired: 0 });
  expect(found.examples).toEqual([
    {
      ...{ key: "u1", kind: "different" },
      columns: { language: { expected: '"en"', found: '"xx"' } },
    },
    { key: "u2", kind: "missing", columns: {} },
    { key: "n1", kind: "extra", columns: {} },
  ]);
  expect(repaired).toMatchObject({ rows: 3, same: 3, wrong: 0, extra: 0, repaired: 3 });
});

test("a verification is remembered only if nothing differs", async () => {
  await legacy.expand();
  const remembered = () =>
    legacy.superuser(
      `SELECT verified_at IS NOT NULL AS "isVerified", verified_writes::int AS writes FROM legacy_sync.settings`,
    );
  await legacy.old("INSERT INTO users (id) VALUES ('u1')");
  const equal = await verify(legacy.operator);
  const afterEqual = await remembered();

  await legacy.superuser("UPDATE platform.users SET is_admin = true");
  const unequal = await verify(legacy.operator);

  expect([equal.isEqual, unequal.isEqual]).toEqual([true, false]);
  expect(afterEqual).toEqual([{ isVerified: true, writes: 1 }]);
  expect(await remembered()).toEqual([{ isVerified: false, writes: null }]);
});
