import { MPEGDecoder } from "mpg123-decoder";
import { toGlobalId } from "../../../src/graphql/relay/global-id.js";
import type { TimingsDocument } from "../../../src/audio/files/timings.js";
import { type NarrationEntity, ownerOf } from "../../../src/instances/index.js";
import { type ApiApp, apiApp } from "../../support/api.js";
import type { Answer } from "../harness/answer.js";
import {
  CANCEL_NARRATION,
  EDIT_SEGMENTS,
  NARRATION_PROGRESS,
  PUBLISH_NARRATION,
  READ_AUDIO,
  RENDER_NARRATION,
  VIEWER_NARRATION_PROGRESS,
} from "../harness/documents.js";

const TEXT = `The bell rang.\n\n“Who is there?” asked Lena softly.\n\n“Only the wind,” said Otto.`;

let app: ApiApp;
beforeAll(async () => {
  app = await apiApp({ worker: true });
});
afterEach(() => app.clean());
afterAll(() => app.close());

const idOf = ({ id }: Pick<NarrationEntity, "id">) => toGlobalId("UserStoryNarration", id);

async function narrated(owner = "ada"): Promise<NarrationEntity> {
  const story = await app.given.story({ text: TEXT, analyse: true });
  return app.given.narration({ owner, story });
}

/** Starts a render and follows it until it ends. Returns every event. */
async function rendered(narration: NarrationEntity, owner = "ada"): Promise<Answer[]> {
  const { version } = await app.given.reread(narration);
  const input = { id: idOf(narration), version };
  const asked = await app.as(owner).query(RENDER_NARRATION, { input });
  expect(asked.at("renderNarration.userErrors")).toEqual([]);
  return app.as(owner).follow(NARRATION_PROGRESS, { id: idOf(narration) });
}

const audioOf = async (narration: NarrationEntity, reader = "ada"): Promise<Answer> =>
  app.as(reader).query(READ_AUDIO, { id: idOf(narration) });

const fetched = async (answer: Answer, field: string): Promise<Response> =>
  fetch(new URL(answer.text(`narration.audio.${field}`), app.url));

const bytesOf = async (answer: Answer, field: string): Promise<Buffer> =>
  Buffer.from(await (await fetched(answer, field)).arrayBuffer());

async function mp3DurationMs(bytes: Uint8Array): Promise<number> {
  const decoder = new MPEGDecoder();
  await decoder.ready;
  const { samplesDecoded, sampleRate } = decoder.decode(bytes);
  decoder.free();
  return (samplesDecoded / sampleRate) * 1000;
}

test("a render goes from QUEUED to READY, and its files match their types, duration and timings", async () => {
  const narration = await narrated();
  const events = await rendered(narration);
  const answer = await audioOf(narration);

  const order = ["QUEUED", "RENDERING", "READY"];
  const statuses = events.map((event) => event.text("narrationProgress.status"));
  expect(statuses).toEqual([...statuses].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
  expect(statuses.at(-1)).toBe("READY");
  expect(events.at(-1)?.at("narrationProgress.progress")).toEqual({
    renderedSegments: narration.segmentCount,
    reusedSegments: 0,
    totalSegments: narration.segmentCount,
    etaSeconds: null,
  });
  expect(answer.at("narration.renderEstimate")).toEqual({
    ...{ segmentsToRender: 0, seconds: 0, cost: null, unavailableVoices: [] },
  });

  const durationMs = answer.number("narration.audio.durationMs");
  expect(Math.abs((await mp3DurationMs(await bytesOf(answer, "mp3"))) - durationMs)).toBeLessThan(
    50,
  );
  expect(answer.number("narration.audio.loudnessLufs")).toBeCloseTo(-19, 0);
  const types: Record<string, RegExp> = {
    ...{ mp3: /^audio\/mpeg/, opus: /^audio\/ogg/, wav: /^audio\/wav/ },
    ...{ captionsUrl: /^text\/vtt/, timingsUrl: /^application\/json/ },
  };
  for (const [field, type] of Object.entries(types)) {
    const { status, headers } = await fetched(answer, field);
    expect({ field, status }).toEqual({ field, status: 200 });
    expect(headers.get("content-type")).toMatch(type);
  }
  expect((await bytesOf(answer, "captionsUrl")).toString()).toMatch(/^WEBVTT/);

  const timings = JSON.parse((await bytesOf(answer, "timingsUrl")).toString()) as TimingsDocument;
  expect(timings.durationMs).toBe(durationMs);
  expectEveryWord(timings, answer.list("narration.segments.edges.*.node.text") as string[]);
});

/**
 * Expects that the timings contain every word of the script, in order, at its place in the text, without
 * overlaps.
 */
function expectEveryWord({ segments }: TimingsDocument, texts: readonly string[]): void {
  expect(segments.map(({ text }) => text)).toEqual(texts);
  const lettersOf = (text: string): string[] => text.match(/[\p{L}\p{N}’']+/gu) ?? [];
  for (const { text, words, startMs, endMs } of segments) {
    expect(words.map((word) => word.text)).toEqual(lettersOf(text));
    for (const word of words) expect(text.slice(word.start, word.end)).toBe(word.text);
    const times = words.flatMap((word) => [word.startMs, word.endMs]);
    expect([startMs, ...times, endMs]).toEqual([startMs, ...times, endMs].sort((a, b) => a - b));
  }
}

test("the subscription sends READY at once and completes if the narration is already ready", async () => {
  const narration = await narrated();
  await rendered(narration);

  const events = await app.as("ada").follow(NARRATION_PROGRESS, { id: idOf(narration) });

  expect(events.map((event) => event.at("narrationProgress.status"))).toEqual(["READY"]);
});

test("only an edited sentence is rendered again", async () => {
  const narration = await narrated();
  await rendered(narration);
  const edit = { index: 0, text: "The bell rang twice." };
  await app.as("ada").query(EDIT_SEGMENTS, {
    input: { id: idOf(narration), version: narration.version, edits: [edit] },
  });
  const estimate = await audioOf(narration);

  const events = await rendered(narration);

  expect(estimate.at("narration.renderEstimate.segmentsToRender")).toBe(1);
  expect(events.at(-1)?.at("narrationProgress.progress")).toMatchObject({
    renderedSegments: 1,
    reusedSegments: narration.segmentCount - 1,
  });
});

test("a later render does not change the edition that others hear until it is published", async () => {
  const narration = await narrated();
  await rendered(narration);
  const publish = async () => {
    const { version } = await app.given.reread(narration);
    const input = { id: idOf(narration), version, visibility: "PUBLIC" };
    await app.as("ada").query(PUBLISH_NARRATION, { input });
  };
  await publish();
  const first = await audioOf(narration, "ben");
  const { version } = await app.given.reread(narration);
  const edits = [{ index: 0, text: "The bell rang three times over." }];
  await app.as("ada").query(EDIT_SEGMENTS, { input: { id: idOf(narration), version, edits } });

  await rendered(narration);
  const second = await audioOf(narration, "ben");
  await publish();
  const third = await audioOf(narration, "ben");

  expect((await fetched(first, "mp3")).status).toBe(200);
  expect(first.at("narration.status")).toBe("READY");
  expect(first.at("narration.progress")).toBeNull();
  expect(first.at("narration.renderEstimate")).toBeNull();
  expect(second.data).toEqual(first.data);
  expect(third.text("narration.audio.mp3")).not.toBe(first.text("narration.audio.mp3"));
  expect(third.text("narration.audio.mp3")).toBe(
    (await audioOf(narration)).text("narration.audio.mp3"),
  );
});

test("only the narrator sees the failure and its segment", async () => {
  const narration = await narrated();
  const failure = { code: "PROVIDER_FAILED", message: "Segment 1 cannot be spoken.", position: 1 };
  await app.superuser(
    "UPDATE instances.user_story_narrations SET status = 'failed', failure = $1::jsonb",
    [JSON.stringify(failure)],
  );
  const { version } = await app.given.reread(narration);
  const input = { id: idOf(narration), version, visibility: "PUBLIC" };
  await app.as("ada").query(PUBLISH_NARRATION, { input });

  const [, segment] = await app.given.script(narration);
  expect((await audioOf(narration)).at("narration.failure")).toEqual({
    code: "PROVIDER_FAILED",
    message: "Segment 1 cannot be spoken.",
    segment: { index: 1, text: segment?.text },
  });
  expect((await audioOf(narration, "ben")).at("narration.failure")).toBeNull();
});

test("the estimate lists a removed voice, and a render is refused with a list of available voices", async () => {
  const narration = await narrated();
  await app.superuser("UPDATE instances.user_story_narrations SET narrator_voice = 'flite:gone'");
  const input = { id: idOf(narration), version: narration.version };

  const estimate = await audioOf(narration);
  const refused = await app.as("ada").query(RENDER_NARRATION, { input });

  expect(estimate.errors).toEqual([]);
  expect(estimate.at("narration.renderEstimate.unavailableVoices")).toEqual([
    { displayName: narration.narratorVoiceName },
  ]);
  expect(refused.list("renderNarration.userErrors.*.code")).toEqual(["CONFLICT"]);
  expect(String(refused.list("renderNarration.userErrors.*.message"))).toContain("flite:slt");
  expect(refused.at("renderNarration.narration.id")).toBe(input.id);
});

test("etaSeconds counts only the current attempt, not the queue or earlier attempts", async () => {
  const narration = await narrated();
  const left = async (workingSince: string) => {
    await app.superuser(`INSERT INTO instances.user_narration_renders (user_id, narration_id, attempt, total,
        rendered, reused, started_at, working_since)
      SELECT user_id, id, 1, 12, 2, 1, now() - interval '3 hours', ${workingSince}
      FROM instances.user_story_narrations ON CONFLICT (user_id, narration_id, attempt)
      DO UPDATE SET working_since = excluded.working_since`);
    await app.superuser("UPDATE instances.user_story_narrations SET status = 'rendering'");
    return (await audioOf(narration)).at("narration.progress.etaSeconds");
  };

  const working = await left("now() - interval '10 seconds'");
  const waiting = await left("NULL");

  // Nine segments are left, and each takes five seconds, so the estimate is at least 45 s. If the time
  // were counted from the request, the estimate would be 48,600 s.
  expect(working).toBeGreaterThanOrEqual(45);
  expect(working).toBeLessThan(1000);
  expect(waiting).toBeNull();
});

test("viewerNarrationProgress reports a narration with more than a hundred newer narrations", async () => {
  const narration = await narrated();
  await app.superuser(
    `INSERT INTO instances.user_story_narrations (user_id, reference_story_id, analysis_id, narrator_voice,
       narrator_voice_name, narrator_voice_type, created_at)
     SELECT user_id, reference_story_id, analysis_id, narrator_voice, narrator_voice_name, narrator_voice_type,
       created_at + interval '1 hour' FROM instances.user_story_narrations, generate_series(1, 120)`,
  );
  const seen = new Set<string>();
  const heard = (async () => {
    for await (const event of app.as("ada").subscribe(VIEWER_NARRATION_PROGRESS)) {
      seen.add(event.text("viewerNarrationProgress.id"));
      if (event.at("viewerNarrationProgress.status") === "READY") return;
    }
  })();

  await rendered(narration);
  await heard;

  expect([...seen]).toEqual([idOf(narration)]);
});

test("viewerNarrationProgress reports only the viewer's own narrations", async () => {
  const adas = await narrated("ada");
  const bens = await app.given.narration({ owner: "ben", story: { id: adas.referenceStoryId } });
  const events = app.as("ben").subscribe(VIEWER_NARRATION_PROGRESS);
  const seen: string[] = [];
  const heard = (async () => {
    for await (const event of events) {
      seen.push(event.text("viewerNarrationProgress.id"));
      if (event.at("viewerNarrationProgress.status") === "READY") return;
    }
  })();

  await rendered(adas, "ada");
  await rendered(bens, "ben");
  await heard;

  expect(new Set(seen)).toEqual(new Set([idOf(bens)]));
});

test("subscriptions to narrations are refused without a token", async () => {
  const id = idOf(await narrated());

  const all = await app.anonymous().follow(VIEWER_NARRATION_PROGRESS);
  const one = await app.anonymous().follow(NARRATION_PROGRESS, { id });

  expect([...all, ...one].map(({ code }) => code)).toEqual(["UNAUTHENTICATED", "UNAUTHENTICATED"]);
});

test("a refused render is a user error, and a conflict returns the current narration", async () => {
  const narration = await narrated();
  const owner = ownerOf(narration.userId);
  const id = idOf(narration);
  const render = (version: number, name = "ada") =>
    app.as(name).query(RENDER_NARRATION, { input: { id, version } });

  const stale = await render(narration.version + 5);
  const foreign = await render(narration.version, "ben");
  const foreignCancel = await app.as("ben").query(CANCEL_NARRATION, { input: { id } });

  expect(stale.list("renderNarration.userErrors.*.code")).toEqual(["CONFLICT"]);
  expect(stale.at("renderNarration.narration.version")).toBe(narration.version);
  for (const [answer, field] of [
    [foreign, "renderNarration"],
    [foreignCancel, "cancelNarration"],
  ] as const) {
    expect(answer.list(`${field}.userErrors.*.code`)).toEqual(["NOT_FOUND"]);
    expect(answer.at(`${field}.narration`)).toBeNull();
  }
  expect((await app.services.rendering.cancel(owner, narration.id)).status).toBe("draft");
});

const PREVIEW_VOICE = `mutation ($input: PreviewVoiceInput!) {
  previewVoice(input: $input) { preview { durationMs } }
}`;

test("a voice preview does not wait while a long narration is joined", async () => {
  const story = await app.given.story({ text: "Yes.\n\n".repeat(60), analyse: true });
  const narration = await app.given.narration({ owner: "ada", story });
  const pauses = Array.from({ length: 60 }, (_, index) => ({ index, pauseAfterMs: 30_000 }));
  const id = idOf(narration);
  const edit = { id, version: narration.version, edits: pauses };
  const ada = app.as("ada");
  await ada.query(EDIT_SEGMENTS, { input: edit });
  const { version } = await app.given.reread(narration);
  await ada.query(RENDER_NARRATION, { input: { id, version } });
  for await (const event of ada.subscribe(NARRATION_PROGRESS, { id })) {
    const of = (name: string) => event.number(`narrationProgress.progress.${name}`);
    if (of("renderedSegments") + of("reusedSegments") === of("totalSegments")) break;
  }

  const previews: Answer[] = [];
  // Ask for three previews, because the first preview may end before the join begins.
  for (const text of ["One.", "Two.", "Three."]) {
    const input = { voice: toGlobalId("Voice", "flite:slt"), text };
    previews.push(await ada.query(PREVIEW_VOICE, { input }));
  }

  const { status } = await app.given.reread(narration);
  await ada.query(CANCEL_NARRATION, { input: { id } });
  for (const preview of previews) {
    expect(preview.number("previewVoice.preview.durationMs")).toBeGreaterThan(0);
  }
  expect(status).toBe("rendering");
});
