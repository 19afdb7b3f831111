import { dataSourceFor } from "../../ormconfig.js";
import { ownerOf } from "../../src/instances/index.js";
import { Role } from "../../src/platform/database/connection/data-source.js";
import { migrate } from "../../src/platform/database/start/migrate.js";
import { narrated } from "../instances/rendering/narrated.js";
import { testApp } from "../support/app.js";

const UNDER_WAY =
  "SELECT user_id, narration_id, attempt FROM platform.renders_under_way ORDER BY user_id";

test("migration 010 lists the running renders of every owner", async () => {
  const app = await testApp();
  const { superuser, ownerUrl } = app.testDatabase;
  for (const owner of ["ada", "ben", "cleo"]) {
    const narration = await narrated(app, owner);
    await app.services.rendering.request(ownerOf(owner), narration);
  }
  await superuser(
    "UPDATE instances.user_narration_renders SET finished_at = now() WHERE user_id = 'ben'",
  );
  const before = await superuser(UNDER_WAY);
  await superuser("DROP TABLE platform.renders_under_way");
  await superuser("DELETE FROM platform.migrations WHERE name LIKE 'renders-under-way%'");

  const ran = await migrate(
    ownerUrl,
    dataSourceFor({ url: ownerUrl, role: Role.Owner, poolSize: 2 }),
    { after: [] },
  );

  expect(ran).toHaveLength(1);
  expect(await superuser(UNDER_WAY)).toEqual([before[0], before[2]]);
  await app.close();
});
