import { attach, attachedTriggers, detach } from "../../../src/legacy/sync/attach.js";
import { isInstalled } from "../../../src/legacy/sync/install.js";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await legacyDatabase();
});
afterEach(() => legacy.drop());

const tablesWithTriggers = async () =>
  new Set((await attachedTriggers(legacy.operator)).map(({ table }) => table));

test("the transition is installed once, and its triggers can be detached and attached again", async () => {
  const before = await isInstalled(legacy.operator);
  await legacy.expand();
  const attached = await attachedTriggers(legacy.operator);

  await detach(legacy.operator, legacy.legacy);
  const detached = await attachedTriggers(legacy.operator);
  await attach(legacy.operator, legacy.legacy);

  expect([before, await isInstalled(legacy.operator)]).toEqual([false, true]);
  expect(attached.length).toBeGreaterThan(0);
  expect(detached).toEqual([]);
  expect(await attachedTriggers(legacy.operator)).toEqual(attached);
});

test("legacy tables get triggers, and no right is given on them", async () => {
  const rights = () =>
    legacy.superuser(
      `SELECT c.relname AS name, c.relacl::text AS rights FROM pg_class c
       WHERE c.relnamespace = 'public'::regnamespace ORDER BY 1`,
    );
  const before = await rights();

  await legacy.expand();

  expect(await rights()).toEqual(before);
  expect([...(await tablesWithTriggers())]).toContain("public.users");
});

test("the old application may not call the functions of the transition", async () => {
  await legacy.expand();

  await expect(legacy.old("SELECT legacy_sync.enter('new')")).rejects.toThrow("permission denied");
});
