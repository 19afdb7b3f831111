import { ownerOf, untilRendered } from "../../../../src/instances/index.js";
import { type TestApp, testApp } from "../../../support/app.js";

let app: TestApp;
beforeAll(async () => {
  app = await testApp({ worker: true });
});
afterAll(() => app.close());

test("the only render of a user begins after at most the renders under way, behind thirty of another", async () => {
  const story = await app.given.story({
    text: "The river was high. Nobody crossed the bridge.",
    analyse: true,
  });
  const requested = async (owner: string): Promise<string> => {
    const narration = await app.given.narration({ owner, story });
    await app.services.rendering.request(ownerOf(owner), narration);
    return narration.id;
  };
  await Promise.all(Array.from({ length: 30 }, () => requested("ada")));
  const id = await requested("ben");
  const [{ now } = { now: new Date() }] = await app.superuser<{ now: Date }>(
    "SELECT clock_timestamp() AS now",
  );

  await untilRendered(app.services, ownerOf("ben"), id, () => undefined);

  const begunBefore = await app.superuser(
    `SELECT ada.id FROM jobs.job ada JOIN jobs.job ben ON ada.name = ben.name
     WHERE ada.data->>'userId' = 'ada' AND ben.data->>'userId' = 'ben' AND ben.name = 'render-narration'
       AND ada.started_on > $1 AND ada.started_on < ben.started_on`,
    [now],
  );
  expect(begunBefore).toEqual([]);
});
