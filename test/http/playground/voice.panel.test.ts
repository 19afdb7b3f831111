import { readFile, readdir } from "node:fs/promises";
import { buildSchema, parse, validate } from "graphql";
import { VOICE_PANEL } from "../../../src/http/playground/voice.panel.js";

const ASSETS = new URL("../../../src/http/playground/assets/", import.meta.url);

/** The functions of voice/words.client.js, which is JavaScript for browsers. */
type Words = Readonly<Record<string, (...values: unknown[]) => string>>;

const module = async (name: string): Promise<object> =>
  (await import(new URL(name, ASSETS).href)) as object;

const { DOCUMENTS } = (await module("voice/documents.client.js")) as {
  DOCUMENTS: Readonly<Record<string, string>>;
};
const words = (await module("voice/words.client.js")) as Words;

const say = (name: string, ...values: unknown[]): string => {
  const text = words[name];
  if (!text) throw new Error(`There is no function ${name}.`);
  return text(...values);
};

test("every operation of the panel is valid against the printed schema", async () => {
  const sdl = await readFile(new URL("../../../schema.graphql", import.meta.url), "utf8");
  const schema = buildSchema(sdl);

  const faults = Object.values(DOCUMENTS).flatMap((text) => validate(schema, parse(text)));

  expect(faults).toEqual([]);
});

test("every operation has the name of its key", () => {
  const misnamed = Object.entries(DOCUMENTS).filter(
    ([name, text]) => !new RegExp(`^(query|mutation|subscription) ${name}\\b`).test(text),
  );

  expect(Object.keys(DOCUMENTS).length).toBeGreaterThan(8);
  expect(misnamed).toEqual([]);
});

test("every part that a script names exists once in the panel", async () => {
  const folder = new URL("voice/", ASSETS);
  const names = (await readdir(folder)).filter((name) => name.endsWith(".js"));
  const scripts = await Promise.all(names.map((name) => readFile(new URL(name, folder), "utf8")));
  const used = new Set(
    scripts.flatMap((text) => [...text.matchAll(/part\("([\w-]+)"\)/g)].map(([, part]) => part)),
  );

  const count = (part: string | undefined) => VOICE_PANEL.split(` id="voice-${part}"`).length - 1;

  expect(used.size).toBeGreaterThan(20);
  expect([...used].filter((part) => count(part) !== 1)).toEqual([]);
});

test("the panel is closed at first, and each section has a title and an alert", () => {
  const sections = VOICE_PANEL.split("<section").slice(1);

  expect(VOICE_PANEL).toMatch(/^<details id="voice"(?![^>]*open)/);
  expect(sections.length).toBe(7);
  for (const section of sections) {
    const [, title = ""] = /aria-labelledby="([\w-]+)"/.exec(section) ?? [];
    expect(section).toContain(`<h2 id="${title}"`);
    expect(section).toContain('<p role="alert"></p>');
  }
});

test("every control of the panel has a name", () => {
  const bare = [...VOICE_PANEL.matchAll(/^.*<(?:audio|meter|input|select)\b.*$/gm)]
    .map(([line]) => line)
    .filter((line) => !/aria-label=|<label>/.test(line));

  expect(bare).toEqual([]);
  expect(VOICE_PANEL).not.toMatch(/<button(?! type=)|<button[^>]*><\/button>/);
});

describe("the panel's words", () => {
  const speech = (has: number, lacks: number, neutralSample = false) => ({
    speechSeconds: has,
    requiredSeconds: 30,
    missing: { speechSeconds: lacks, neutralSample },
  });

  test("tell how much speech is missing", () => {
    const text = (key: string, viewerSpeech: unknown) => say("missingText", { key, viewerSpeech });

    expect(text("neutral", speech(25.3, 4.7))).toBe(
      "You have 25.3 of 30 seconds of speech: read 5 more seconds.",
    );
    expect(text("neutral", speech(29.1, 0.9, true))).toMatch(/read 1 more second\.$/);
    expect(text("joy", speech(34, 0))).toBe(
      "You have enough: 34 s of speech, and a voice needs 30 seconds.",
    );
    expect(text("joy", speech(34, 0, true))).toMatch(/choose Neutral/);
    expect(text("joy", null)).toBe("");
  });

  test("tell how the check of a take ended", () => {
    const measured = { speechSeconds: 9.14, snrDb: 38.4, levelDb: -20, voicedShare: 0.612 };
    const refused = { speechSeconds: null, snrDb: null, levelDb: null, voicedShare: null };
    const accepted = { ...measured, clipping: 0.0012, score: 0.824 };

    expect(say("outcomeText", { sampleStatus: "PROCESSING", quality: null })).toBe(
      "Being checked …",
    );
    expect(say("outcomeText", { sampleStatus: "ACCEPTED", quality: accepted })).toBe(
      "Accepted, score 82 of 100: 9.1 s of speech, 38 dB above the noise, level -20 dB, 61 % voiced, 0.1 % clipped.",
    );
    expect(
      say("outcomeText", { sampleStatus: "REJECTED", quality: { ...refused, score: 0 } }),
    ).toBe("Not good enough.");
    expect(say("outcomeText", { sampleStatus: "REJECTED", quality: null })).toBe(
      "Not good enough.",
    );
    const legacy = { sampleStatus: "ACCEPTED", state: "AWAITING_CONSENT", quality: null };
    expect(say("outcomeText", legacy)).toMatch(/^Not checked yet/);
  });

  test("tell what to do if the page no longer follows a check", () => {
    expect(say("lostSightText", "check", "The connection closed with 1006")).toMatch(
      /reload the list to see the result\. \(The connection closed with 1006\)$/,
    );
    expect(say("lostSightText", "training", undefined)).toBe(
      "The page lost sight of the training. The training goes on: reload the list to see the result.",
    );
  });

  test("tell what remains after revoking", () => {
    const none = { keptSamples: 0, keptVoices: 0, deletedSamples: 0, deletedVoices: 0 };
    const revoked = { ...none, wasGiven: true };

    expect(say("revocationText", { ...revoked, keptSamples: 2, keptVoices: 1 })).toBe(
      "Consent revoked. Kept and not used: 2 recordings and 1 voice.",
    );
    expect(say("revocationText", { ...revoked, deletedSamples: 1 })).toBe(
      "Consent revoked. Deleted: 1 recording and 0 voices. No recording and no voice remains.",
    );
    expect(say("revocationText", { ...none, wasGiven: false, deletedSamples: 6 })).toMatch(
      /^Deleted: 6 recordings/,
    );
  });

  test("tell what to do if the microphone does not open", () => {
    const advice = ["NotAllowedError", "NotFoundError", "NotReadableError", "InsecureContext"].map(
      (name) => say("microphoneAdvice", { name, message: "" }),
    );

    expect(new Set(advice).size).toBe(4);
    for (const text of advice) expect(text).toMatch(/You can also send a file\.$/);
    expect(say("microphoneAdvice", { name: "AbortError", message: "gone" })).toContain("gone");
  });

  test("name sizes, times and takes", () => {
    const take = { recordedAt: "2026-11-29T10:00:00Z", durationMs: 9340, isLocked: false };

    expect([0, 7.9, 61].map((seconds) => say("clockText", seconds))).toEqual([
      "0:00",
      "0:07",
      "1:01",
    ]);
    expect([1, 120_400, 6_500_000].map((bytes) => say("sizeText", bytes))).toEqual([
      "1 KB",
      "121 KB",
      "6.5 MB",
    ]);
    expect(say("takeText", { ...take, isPreferred: true, state: "USABLE" })).toMatch(
      / · 9\.3 s · preferred$/,
    );
    expect(say("takeText", { ...take, isPreferred: false, state: "SUSPENDED" })).toMatch(
      /not used$/,
    );
  });
});
