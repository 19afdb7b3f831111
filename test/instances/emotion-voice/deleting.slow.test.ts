import { AfterRevoking, ownerOf } from "../../../src/instances/index.js";
import { type TestApp, testApp } from "../../support/app.js";
import { Trainings, ada } from "./trainings.js";

let app: TestApp;
let trainings: Trainings;
beforeAll(async () => {
  app = await testApp();
});
beforeEach(async () => {
  trainings = await Trainings.begin(app);
});
afterEach(() => app.clean());
afterAll(() => app.close());

const voices = () =>
  app.superuser<{ voice: string; name: string; kind: string; provider: string }>(
    "SELECT voice, display_name AS name, kind, provider FROM instances.user_voices ORDER BY id",
  );
const conflict = (message: string) => ({
  code: "CONFLICT",
  message: expect.stringContaining(message),
});
const revoke = (after: AfterRevoking) => app.services.consents.revoke(ada, after);

describe("deleting an emotion voice", () => {
  const trained = async () => {
    await trainings.record("neutral", 30);
    await trainings.record("joy", 8);
    await trainings.ask();
    await trainings.run();
    const rows = await trainings.rows();
    return { neutral: rows[0]?.id ?? "", joy: rows[1]?.id ?? "" };
  };
  const remove = (id: string) => trainings.service().remove(ada, id);

  test("frees its recordings, and the last one takes the voice and its model along", async () => {
    const { neutral, joy } = await trained();
    const before = await trainings.blobs();
    const [{ voice } = { voice: "" }] = await voices();

    const first = await remove(joy);
    const locked = await trainings.locked();
    const last = await remove(neutral);

    expect([first.voice, last.voice]).toEqual([voice, null]);
    expect([locked, await trainings.locked()]).toEqual([["neutral"], []]);
    expect([await trainings.rows(), await voices()]).toEqual([[], []]);
    expect((await trainings.blobs()).length).toBe(before.length - 1);
  });

  test("is refused for the neutral voice while another voice needs it", async () => {
    const { neutral } = await trained();

    await expect(remove(neutral)).rejects.toMatchObject(
      conflict("Another emotion voice needs the neutral voice; delete the others first."),
    );
  });

  test("deletes all its revisions", async () => {
    const { joy } = await trained();
    await trainings.ask(["joy"]);

    await remove(joy);

    expect(await trainings.states()).toEqual(["neutral ready"]);
    expect(await trainings.listed()).toEqual([]);
  });

  test.each(["narrator", "character", "segment"])(
    "is refused while a render speaks with the voice as %s",
    async (role) => {
      const { joy } = await trained();
      const [{ voice } = { voice: "" }] = await voices();
      const narration = await app.given.narration({ owner: "ada" });
      await app.services.rendering.request(ada, narration);
      await app.superuser(
        {
          narrator: `UPDATE instances.user_story_narrations SET narrator_voice = $1`,
          character: `UPDATE instances.user_story_narrations
            SET voice_cast = jsonb_set(voice_cast, '{0,voice}', to_jsonb($1::text))`,
          segment: `UPDATE instances.user_narration_segments SET voice = $1 WHERE position = 1`,
        }[role] ?? "",
        [voice],
      );

      await expect(remove(joy)).rejects.toMatchObject(conflict("cancel it with cancelNarration"));
      await app.superuser("UPDATE instances.user_narration_renders SET finished_at = now()");
      await remove(joy);

      expect(await trainings.states()).toEqual(["neutral ready"]);
    },
  );

  test("is possible without a consent", async () => {
    const { joy } = await trained();
    await revoke(AfterRevoking.Keep);

    await remove(joy);

    expect(await trainings.states()).toEqual(["neutral ready"]);
  });

  test("of somebody else, or twice, is NOT_FOUND", async () => {
    const { joy } = await trained();
    await app.given.user("ben");
    const unknown = { code: "NOT_FOUND", message: "There is no such emotion voice." };

    await expect(trainings.service().remove(ownerOf("ben"), joy)).rejects.toMatchObject(unknown);
    await remove(joy);
    await expect(remove(joy)).rejects.toMatchObject(unknown);
  });

  test("of the earlier platform deletes that row alone", async () => {
    const { id } = await app.given.emotionVoice({ owner: "ada" });
    await trained();

    const removed = await remove(id);

    expect(removed.voice).toBeNull();
    expect(await trainings.states()).toEqual(["neutral ready", "joy ready"]);
  });
});
