import { ownerOf } from "../../../src/instances/index.js";
import { verify } from "../../../src/legacy/verify/verify.js";
import { type ApiApp, apiApp, subjectOf } from "../../support/api.js";
import { type LegacyTestDatabase, legacyDatabase } from "../legacy-database.js";
import { givenStories, oldNarration } from "../legacy-rows.js";
import { backfillPairs, verifyPairNamed } from "./verification.js";
import { unnoticedColumns } from "./wrong-values.js";

let legacy: LegacyTestDatabase;
beforeEach(async () => {
  legacy = await legacyDatabase();
});
afterEach(() => legacy.drop());

const verifyNarrations = () => verifyPairNamed(legacy, "narrations");
const ALL_PAIRS = [
  ...["users", "templates", "stories", "profiles", "emotion_voices", "samples", "narrations"],
];

test("every narration of a generated database is here as expected", async () => {
  await legacy.generate({ seed: "1", narrations: 1_000 });
  await legacy.expand("Europe/Berlin");

  await backfillPairs(legacy, ALL_PAIRS);
  const { rows, same, quarantined, wrong, extra, examples } = await verifyNarrations();

  expect(examples).toEqual([]);
  expect({ rows, wrong, extra }).toEqual({ rows: 1_000, wrong: 0, extra: 0 });
  expect(same + quarantined).toBe(1_000);
  expect(quarantined).toBeGreaterThan(10);
});

const SEGMENTS = {
  app: 3,
  segments: [
    { text: "Who is there?", emotion: "Happy ", speaker: "Mara", intensity: 7, audioUrl: "/1.mp3" },
  ],
};

test("a wrong value in any column of a narration or a segment is noticed", async () => {
  await legacy.expand();
  await givenStories(legacy, { users: ["u1"], stories: 1 });
  await oldNarration(legacy, {
    ...{ user: "u1", voice: "Nova", type: "User", segments: SEGMENTS, duration: -1 },
    audio: "/whole.mp3",
  });
  await legacy.old(`UPDATE story_narrations SET narrator_profile = 'warm', conversation_style = 'formal',
    relationship_id = 4, shared_with_identifier = 'friend'`);
  const isWrong = async () => !(await verify(legacy.operator)).isEqual;
  const narration = {
    table: "instances.user_story_narrations",
    except: [
      ...["analysis_id", "title", "voice_cast", "voice_modifications", "script_hash", "visibility"],
      ...["share_token", "edition", "rendered_script_hash", "audio_blob_key", "audio", "failure"],
      ...["loudness_lufs", "size_bytes", "forked_from", "version", "published_at"],
      ...["unpublished_count", "unplaced_edits"],
    ],
    original: ["legacy_original"],
  };
  const segment = {
    table: "instances.user_narration_segments",
    except: [
      ...["story_position", "voice", "prosody", "pause_after_ms", "is_edited", "recipe_key"],
      ...["start_ms", "rendered_gain", "join_degraded", "spoken_edits"],
    ],
    original: ["extra"],
  };

  const unnoticed = [
    ...(await unnoticedColumns(legacy, narration, isWrong)),
    ...(await unnoticedColumns(legacy, segment, isWrong)),
  ];

  expect(unnoticed).toEqual([]);
  expect(await verifyNarrations()).toMatchObject({ rows: 1, same: 1, wrong: 0, extra: 0 });
});

describe("with our application", () => {
  const ADA = subjectOf("ada");
  let app: ApiApp;
  beforeEach(async () => {
    await legacy.expand("Europe/Berlin");
    await givenStories(legacy, { users: [ADA, "u2"] });
    app = await apiApp({ database: legacy });
  });
  afterEach(() => app.close());

  const present = async (id: number) => {
    const [row] = await legacy.superuser<{ version: number }>(
      "SELECT version FROM instances.user_story_narrations WHERE id = $1",
      [id],
    );
    return { id: String(id), version: row?.version ?? 0 };
  };

  test("narrations that both applications write are equal on both sides", async () => {
    const { narrations, voices } = app.services;
    const items = [...SEGMENTS.segments, "Nobody slept.", { text: null, x: [1] }, { text: "So." }];
    const edited = await oldNarration(legacy, { user: ADA, voice: "Nova", segments: items });
    const deleted = await oldNarration(legacy, { user: ADA, segments: items });
    await app.given.narration({ owner: "ada" });
    const owner = ownerOf(ADA);

    for (const index of [0, 1, 2, 3]) {
      const change = { index, text: "Quiet.", emotion: "sadness", intensity: 0.4, speaker: null };
      await narrations.updateSegments(owner, await present(edited), [change]);
    }
    const [voice] = voices.voices;
    await narrations.update(owner, await present(edited), { narratorVoice: voice?.id ?? "" });
    await narrations.delete(owner, await present(deleted));
    await legacy.old(
      "UPDATE story_narrations SET conversation_style = 'formal', segments = segments || '[{}]'",
    );

    const { examples, ...report } = await verifyNarrations();
    expect(examples).toEqual([]);
    expect(report).toMatchObject({ rows: 2, same: 2, wrong: 0, extra: 0 });
  });
});
