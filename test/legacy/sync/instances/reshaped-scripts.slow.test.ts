import { ownerOf } from "../../../../src/instances/index.js";
import { type TestApp, testApp } from "../../../support/app.js";
import { type LegacyTestDatabase, expandedDatabase } from "../../legacy-database.js";
import { givenStories, oldNarration } from "../../legacy-rows.js";
import { differingNarrations } from "../../verify/differing-narrations.js";

const owner = ownerOf("u1");

let legacy: LegacyTestDatabase;
let app: TestApp;
beforeEach(async () => {
  legacy = await expandedDatabase();
  await givenStories(legacy);
  app = await testApp({ database: legacy });
});
afterEach(async () => {
  await app.close();
  await legacy.drop();
});

async function theirTexts(): Promise<readonly unknown[]> {
  const [row] = await legacy.old<{ texts: unknown[] }>(
    `SELECT jsonb_path_query_array(segments, '$[*]') AS texts FROM story_narrations WHERE id = 1`,
  );
  return (row?.texts ?? []).map((item) =>
    typeof item === "string" ? item : (item as { text: unknown }).text,
  );
}

async function ourTexts(): Promise<readonly string[]> {
  const rows = await legacy.superuser<{ text: string }>(
    "SELECT text FROM instances.user_narration_segments WHERE narration_id = 1 ORDER BY position",
  );
  return rows.map(({ text }) => text);
}

test("the old application sees every new shape of a script, and its own changes arrive in the new shape", async () => {
  await oldNarration(legacy, {
    id: 1,
    segments: ["One is here.", { text: "Two.", emotion: "joy", mood: "odd" }, "Three.", "Four."],
  });
  const at = async () => {
    const [row] = await legacy.superuser<{ id: string; version: number }>(
      "SELECT id, version FROM instances.user_story_narrations WHERE id = 1",
    );
    return row ?? { id: "1", version: 0 };
  };
  const { scriptShaping } = app.services;

  await scriptShaping.insert(owner, await at(), { after: 0, segments: [{ text: "New." }] });
  await scriptShaping.change(owner, await at(), { split: { index: 0, at: 4 } });
  await scriptShaping.change(owner, await at(), { remove: { indexes: [5] } });
  await scriptShaping.change(owner, await at(), { join: { index: 3 } });

  const shaped = ["One", "is here.", "New.", "Two. Three."];
  expect(await ourTexts()).toEqual(shaped);
  expect(await theirTexts()).toEqual(shaped);
  await legacy.old(
    `UPDATE story_narrations SET segments = jsonb_set(segments, '{2,text}', '"Newer."') || '["Last."]' WHERE id = 1`,
  );
  expect(await ourTexts()).toEqual(["One", "is here.", "Newer.", "Two. Three.", "Last."]);
  const last = await scriptShaping.change(owner, await at(), { remove: { indexes: [0] } });
  expect(last.segmentCount).toBe(4);
  expect(await theirTexts()).toEqual(["is here.", "Newer.", "Two. Three.", "Last."]);
  expect(await differingNarrations(legacy)).toEqual([]);
});
