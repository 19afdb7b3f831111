import { type LegacyTestDatabase, expandedDatabase } from "../legacy-database.js";
import { givenStories, oldNarration } from "../legacy-rows.js";
import { verifyPairNamed } from "../verify/verification.js";
import { keyOf, oldFile, soundRows, waveOf } from "./sound-files.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await expandedDatabase();
  await givenStories(legacy);
});
afterEach(() => legacy.drop());

const idsOf = async (user: string) =>
  (await soundRows(legacy)).filter((row) => row.user === user).map(({ id }) => id);
const refused = () =>
  legacy.superuser(
    "SELECT source_id AS id, reason FROM legacy_sync.quarantine WHERE source_table = 'audio_files' ORDER BY 1",
  );

test("a file that rows of users name is known by its key, size, type and length", async () => {
  const bytes = waveOf(1);
  const id = await oldFile(legacy, { data: bytes });
  await oldNarration(legacy, { user: "u1", audio: ` audio://${id} ` });
  await oldNarration(legacy, { user: "u2", segments: [{ text: "A", audioUrl: `audio://${id}` }] });

  expect(await soundRows(legacy)).toEqual(
    await Promise.all(
      ["u1", "u2"].map(async (user) => ({
        ...{ user, id: String(id), key: await keyOf(legacy, user, bytes) },
        ...{ type: "audio/wav", size: String(bytes.length), duration: 900, isStored: false },
      })),
    ),
  );
});

test("recordings and stories name files too, and other links name none", async () => {
  for (const id of [1, 2, 3]) await oldFile(legacy, { id, data: waveOf(id) });

  await legacy.old(
    `INSERT INTO user_voice_samples (user_id, sample_type, label, audio_url) VALUES
       ('u2', 'emotion', 'happy', 'audio://1'), ('u2', 'emotion', 'sad', '/audio://2')`,
  );
  await legacy.old(
    "UPDATE stories SET voice_sample_url = 'audio://2', original_audio_url = 'audio://3' WHERE id = 1",
  );
  await legacy.old(
    "UPDATE stories SET author_id = NULL, original_audio_url = 'audio://1' WHERE id = 2",
  );
  await oldNarration(legacy, { user: "u2", audio: "https://cdn.test/audio://3" });

  expect([await idsOf("u1"), await idsOf("u2")]).toEqual([["2", "3"], ["1"]]);
});

test.each([
  ["with a data: prefix", `data:audio/ogg;base64,${waveOf(1).toString("base64")}`, "audio/wav"],
  [
    "with line ends",
    waveOf(1)
      .toString("base64")
      .replaceAll(/(.{60})/g, "$1\r\n"),
    "audio/wav",
  ],
  ["of a type that a browser could run", Buffer.from("<script>").toString("base64"), null],
])("a file %s is read", async (_name, data, type) => {
  await oldNarration(legacy, { audio: "audio://7" });

  await oldFile(legacy, { id: 7, data, type: "text/html; charset=utf-8" });

  expect(await soundRows(legacy)).toMatchObject([{ type: type ?? "application/octet-stream" }]);
  expect(await verifyPairNamed(legacy, "sounds")).toMatchObject({ rows: 1, same: 1, extra: 0 });
});

test("a file that comes after its link is found, and a changed or deleted one is followed", async () => {
  await oldNarration(legacy, { audio: "audio://7" });
  const early = await idsOf("u1");

  await oldFile(legacy, { id: 7, data: waveOf(1) });
  await legacy.superuser("UPDATE instances.user_legacy_sounds SET stored_at = now()");
  await legacy.old("UPDATE audio_files SET file_name = 'other.mp3'");
  const renamed = await soundRows(legacy);
  await legacy.old("UPDATE audio_files SET audio_data = $1", [waveOf(2).toString("base64")]);
  const changed = await soundRows(legacy);
  await legacy.old("DELETE FROM audio_files");
  const deleted = await idsOf("u1");
  await oldFile(legacy, { id: 7, data: waveOf(3) });
  const again = await idsOf("u1");
  await legacy.old("TRUNCATE audio_files");

  expect(early).toEqual([]);
  expect(renamed).toMatchObject([{ key: await keyOf(legacy, "u1", waveOf(1)), isStored: true }]);
  expect(changed).toMatchObject([{ key: await keyOf(legacy, "u1", waveOf(2)), isStored: false }]);
  expect([deleted, again, await idsOf("u1")]).toEqual([[], ["7"], []]);
});

test("a file without readable bytes is quarantined until it has some", async () => {
  await oldNarration(legacy, { audio: "audio://7" });
  await oldFile(legacy, { id: 7, data: "no base64!" });
  await oldFile(legacy, { id: 8, data: "" });
  const atFirst = await refused();
  const report = await verifyPairNamed(legacy, "sounds");

  await legacy.old("UPDATE audio_files SET audio_data = 'QUFB' WHERE id = 7");

  expect(atFirst).toEqual([
    { id: "7", reason: "no_base64" },
    { id: "8", reason: "no_sound" },
  ]);
  expect(report).toMatchObject({ rows: 2, quarantined: 2, wrong: 0, extra: 0 });
  expect([await refused(), await idsOf("u1")]).toEqual([[{ id: "8", reason: "no_sound" }], ["7"]]);
});

test("the old application does not wait for a link that another transaction takes", async () => {
  await oldFile(legacy, { id: 7, data: waveOf(1) });
  await legacy.operator.query("BEGIN; SET LOCAL ROLE fabula_legacy");
  await legacy.operator.query("SELECT legacy_sync.take_sounds('u1', '{audio://7}')");

  const id = await oldNarration(legacy, { audio: "audio://7" });
  await legacy.operator.query("ROLLBACK");
  const before = await verifyPairNamed(legacy, "narrations");
  await verifyPairNamed(legacy, "narrations", { repair: true });

  expect(before.examples).toMatchObject([
    { key: String(id), columns: { sounds: { expected: "[7]", found: "null" } } },
  ]);
  expect(await idsOf("u1")).toEqual(["7"]);
});
