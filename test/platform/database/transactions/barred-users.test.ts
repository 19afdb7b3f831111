import { UnauthenticatedError } from "../../../../src/platform/errors.js";
import {
  newSqlMeter,
  meterClient,
} from "../../../../src/platform/database/connection/metered-client.js";
import type { Tx } from "../../../../src/platform/database/transactions/database.js";
import { type TestApp, testApp } from "../../../support/app.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  await app.given.user("ada");
  await app.given.user("ben");
});
afterEach(() => app.clean());
afterAll(() => app.close());

const BARS = [
  ["deactivated", "is_active = false", "This account is deactivated"],
  ["erased", "erased_at = now()", "This account was erased"],
] as const;

const bar = (change: string) =>
  app.superuser(`UPDATE platform.users SET ${change} WHERE id = 'ada'`);
const viewerIn = async (tx: Tx): Promise<string | undefined> =>
  (await tx.query<{ viewer: string }[]>("SELECT current_setting('app.user_id') AS viewer"))[0]
    ?.viewer;

test.each(BARS)(
  "a user who is %s reads and writes nothing from then on",
  async (_, change, why) => {
    expect(await app.database.read({ viewer: "ada" }, viewerIn)).toBe("ada");

    await bar(change);

    const seen: unknown[] = [];
    const note = async (tx: Tx): Promise<void> => void seen.push(await viewerIn(tx));
    const reading = app.database.read({ viewer: "ada" }, note);
    await expect(reading).rejects.toBeInstanceOf(UnauthenticatedError);
    await expect(reading).rejects.toThrow(why);
    await expect(app.database.write("ada", note)).rejects.toThrow(why);
    // The first statement of a read is sent before the answer. PostgreSQL does not run it.
    expect(seen).toEqual([]);
  },
);

test.each(BARS)("others continue while a user is %s", async (_, change) => {
  await bar(change);

  expect(await app.database.read({ viewer: "ben" }, viewerIn)).toBe("ben");
  expect(await app.database.write(null, viewerIn)).toBe("");
  expect(await app.database.read({ viewer: "a user without a row" }, viewerIn)).toBe(
    "a user without a row",
  );
});

test("a user who is active again continues", async () => {
  await bar("is_active = false");
  await expect(app.database.read({ viewer: "ada" }, viewerIn)).rejects.toThrow("deactivated");

  await bar("is_active = true");

  expect(await app.database.read({ viewer: "ada" }, viewerIn)).toBe("ada");
});

test("the server itself may work with the rows of a deactivated user", async () => {
  await bar("is_active = false");
  const scope = { viewer: "ada", admitsBarred: true };

  expect(await app.database.read(scope, viewerIn)).toBe("ada");
  expect(await app.jobDatabase.write(scope, viewerIn)).toBe("ada");
});

test("looking whether a user may act takes no statement and no round trip of its own", async () => {
  const meter = newSqlMeter();

  await meterClient(meter, null, () =>
    app.database.read({ viewer: "ada" }, (tx) => tx.query("SELECT FROM platform.users")),
  );

  expect(meter.roundTrips).toBe(2);
  expect(meter.statements).toHaveLength(1);
});
