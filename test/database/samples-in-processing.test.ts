import { dataSourceFor } from "../../ormconfig.js";
import { Role } from "../../src/platform/database/connection/data-source.js";
import { migrate } from "../../src/platform/database/start/migrate.js";
import { Recordings, orderOf } from "../instances/voice-sample/recordings.js";
import { testApp } from "../support/app.js";

const LISTED = "SELECT user_id, sample_id FROM platform.samples_in_processing ORDER BY sample_id";

test("migration 021 lists the recordings that are not processed yet", async () => {
  const app = await testApp();
  const { superuser, ownerUrl } = app.testDatabase;
  const recordings = await Recordings.begin(app);
  for (let count = 0; count < 2; count++) await recordings.add();
  const processed = await recordings.add();
  await recordings.processing().run(orderOf(processed));
  const before = await superuser(LISTED);
  await superuser("DROP TABLE platform.samples_in_processing");
  await superuser("DELETE FROM platform.migrations WHERE name LIKE 'samples-in-processing%'");

  const ran = await migrate(
    ownerUrl,
    dataSourceFor({ url: ownerUrl, role: Role.Owner, poolSize: 2 }),
    { after: [] },
  );

  expect(ran).toHaveLength(1);
  expect(before).toHaveLength(2);
  expect(await superuser(LISTED)).toEqual(before);
  await app.close();
});
