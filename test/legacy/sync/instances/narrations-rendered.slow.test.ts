import { type NarrationEntity, ownerOf } from "../../../../src/instances/index.js";
import { Studio } from "../../../instances/rendering/studio.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { type LegacyTestDatabase, expandedDatabase } from "../../legacy-database.js";
import { givenStories, oldNarration } from "../../legacy-rows.js";

const owner = ownerOf("u1");

let legacy: LegacyTestDatabase;
let app: TestApp;
let studio: Studio;
beforeEach(async () => {
  legacy = await expandedDatabase();
  await givenStories(legacy);
  app = await testApp({ database: legacy });
  studio = await Studio.open(app, { joins: true });
});
afterEach(async () => {
  await studio.close();
  await app.close();
  await legacy.drop();
});

const reread = (id: number): Promise<NarrationEntity> =>
  app.given.reread({ userId: "u1", id: String(id) });
const old = () =>
  legacy.old(
    `SELECT narrator_voice AS voice, total_duration AS duration, audio_file_url AS audio, segments
     FROM story_narrations`,
  );
const LONG = "The water stood in the street. ".repeat(100).trim();

test("a migrated narration is rendered anew, and the old application keeps its sound and its length", async () => {
  const segments = [
    { text: "The river rose.", emotion: "fear", intensity: 9, audioUrl: "/1.mp3" },
    { text: null, audioUrl: "/2.mp3" },
    { text: LONG, speaker: "Mara", audioUrl: "/3.mp3" },
  ];
  const id = await oldNarration(legacy, { duration: 4200, audio: "/all.mp3", segments });
  const migrated = await reread(id);
  await expect(studio.request(migrated)).rejects.toThrow("alloy");
  const told = await app.services.narrations.update(owner, migrated, {
    narratorVoice: "flite:slt",
  });

  const rendered = await studio.render(told);

  expect(migrated).toMatchObject({ status: "ready", durationMs: 4200, audio: null });
  expect(studio.newlySaid()).toEqual(["The river rose.", LONG]);
  expect(rendered).toMatchObject({ status: "ready", failure: null });
  expect(rendered.audio).not.toBeNull();
  expect(rendered.durationMs).toBeGreaterThan(30_000);
  expect(await old()).toEqual([
    { voice: "flite:slt", duration: 4200, audio: "/all.mp3", segments },
  ]);

  await legacy.old("UPDATE story_narrations SET total_duration = 17");
  const changed = await reread(id);
  expect(changed).toMatchObject({ status: "ready", durationMs: rendered.durationMs });
  await legacy.old(`UPDATE story_narrations SET segments = '["The river fell."]'`);
  const again = await studio.render(await reread(id));
  expect(studio.newlySaid()).toEqual(["The river fell."]);
  expect(again).toMatchObject({ status: "ready", segmentCount: 1 });
});
