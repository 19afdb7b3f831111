import { idKeyStore } from "../../../src/platform/ids/id-key.store.js";
import { StartupError } from "../../../src/platform/errors.js";
import { type TestApp, testApp } from "../../support/app.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp();
});
afterAll(() => app.close());

const readKey = () => app.database.read({ viewer: null }, idKeyStore.read);

test("a database without its key stops the start with one plain sentence", async () => {
  const { key } = await readKey();
  await app.superuser("DELETE FROM platform.id_key");

  expect(key).toHaveLength(32);
  await expect(readKey()).rejects.toThrow(StartupError);
  await expect(readKey()).rejects.toThrow("Restore its row from a backup");
});
