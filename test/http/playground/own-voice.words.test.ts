const ASSETS = new URL("../../../src/http/playground/assets/voice/", import.meta.url);

/** The functions of own-voice.words.client.js, which is JavaScript for browsers. */
type Words = Readonly<Record<string, (...values: unknown[]) => unknown>>;

const words = (await import(new URL("own-voice.words.client.js", ASSETS).href)) as Words;

const say = (name: string, ...values: unknown[]): unknown => {
  const text = words[name];
  if (!text) throw new Error(`There is no function ${name}.`);
  return text(...values);
};

const template = (key: string, has: number, lacks: number, neutralSample = false) => ({
  key,
  displayName: key === "neutral" ? "Neutral" : "Joy",
  viewerSpeech: {
    speechSeconds: has,
    requiredSeconds: 8,
    missing: { speechSeconds: lacks, neutralSample },
  },
});

const trained = {
  trainingStatus: "READY",
  revision: 1,
  sampleCount: 2,
  qualityScore: 0.714,
  trainingFailure: null,
  template: { viewerVoice: { trainingStatus: "TRAINING" } },
};

test("the panel says plainly whether a voice is adapted or cloned", () => {
  const displayName = "Адa";

  expect(say("kindText", { kind: "ADAPTED", displayName })).toBe(
    "“Адa” is ADAPTED: a voice of the engine changed to sound like you; not a clone.",
  );
  expect(say("kindText", { kind: "CLONED", displayName })).toMatch(/^“Адa” is CLONED: .* a copy /);
  expect(words["NO_VOICE"]).toMatch(/ADAPTED .*not a clone\.$/);
});

test("the panel tells what a template lacks before a training", () => {
  expect(say("trainingText", template("joy", 3.2, 4.8), null)).toBe(
    "3.2 s of speech: record 5 more seconds.",
  );
  expect(say("trainingText", template("joy", 9, 0, true), null)).toBe(
    "Neutral needs enough speech first.",
  );
  expect(say("trainingText", template("neutral", 29.1, 0.9, true), null)).toBe(
    "29.1 s of speech: record 1 more second.",
  );
  expect(say("trainingText", template("joy", 9, 0), null)).toBe("Ready to train: 9 s of speech.");
});

test.each([
  ["enough speech can be trained", template("joy", 8, 0), true],
  ["too little speech cannot be trained", template("joy", 7.9, 0.1), false],
  ["no neutral speech cannot be trained", template("joy", 8, 0, true), false],
])("a template with %s", (_name, given, expected) => {
  expect(say("canTrain", given)).toBe(expected);
});

test("the panel tells the state of a training", () => {
  const state = (about: object) =>
    say("trainingText", template("joy", 9, 0), { ...trained, ...about });

  expect(state({ trainingStatus: "TRAINING" })).toBe("Being trained …");
  expect(state({})).toBe("Trained from 2 takes, quality 71 of 100.");
  expect(state({ revision: 3, sampleCount: 1, qualityScore: null })).toBe(
    "Trained from 1 take, training 3.",
  );
  expect(
    state({ trainingStatus: "FAILED", trainingFailure: "The words do not match. Record again." }),
  ).toBe("The training failed: The words do not match. Record again.");
  const earlier = { template: { viewerVoice: { trainingStatus: "READY" } } };
  expect(state({ trainingStatus: "TRAINING", ...earlier })).toBe(
    "Being trained … The earlier training speaks meanwhile.",
  );
  expect(state({ trainingStatus: "FAILED", trainingFailure: "Record again.", ...earlier })).toBe(
    "The training failed: Record again. The earlier training speaks meanwhile.",
  );
  expect(say("trainingText", template("joy", 2, 6), trained)).toBe(
    "Trained from 2 takes, quality 71 of 100. 2 s of speech: record 6 more seconds.",
  );
});

test("the panel tells which trainings began", () => {
  const begun = ["Neutral", "Joy"].map((displayName) => ({ template: { displayName } }));

  expect(say("startedText", begun)).toBe("Training 2 voices: Neutral, Joy.");
  expect(say("startedText", [])).toMatch(/^Nothing has enough speech/);
});

test("a preview speaks whole sentences of a long line, else whole words", () => {
  const sentence = "The river rose in the night. ".repeat(12);
  const wordsOnly = "word ".repeat(100);
  const oneWord = "a".repeat(400);

  expect(say("speakablePart", "Short.")).toBe("Short.");
  expect(say("speakablePart", sentence)).toMatch(/in the night\.$/);
  for (const text of [sentence, wordsOnly, oneWord]) {
    const part = String(say("speakablePart", text));
    expect(part.length).toBeGreaterThan(200);
    expect(part.length).toBeLessThanOrEqual(300);
    expect(text.startsWith(part)).toBe(true);
  }
  expect(say("speakablePart", wordsOnly)).toMatch(/word$/);
});

test("the panel tells which voice speaks an emotion", () => {
  const ready = new Set(["neutral", "joy"]);
  const by = (key: string, displayName: string) => say("spokenByText", { key, displayName }, ready);

  expect(by("neutral", "Neutral")).toBe("Spoken by your neutral voice.");
  expect(by("joy", "Joy")).toMatch(/^Joy: spoken by your own voice/);
  expect(by("fear", "Fear")).toMatch(
    /neutral voice, with the emotion as prosody\. Record and train Fear/,
  );
});

test("the panel tells the state of a narration and of the next render", () => {
  const estimate = { segmentsToRender: 75, seconds: 41.2, unavailableVoices: [] };
  const narratorVoice = { displayName: "Mine", kind: "ADAPTED" };
  const text = (about: object) =>
    say("narrationText", {
      ...{ narratorVoice, failure: null, narrationVisibility: "PRIVATE", renderEstimate: estimate },
      ...about,
    });

  expect(text({ status: "DRAFT" })).toBe(
    "The narrator is “Mine” (ADAPTED, not a clone). Not rendered yet. A render speaks 75 segments: about 41 seconds of work.",
  );
  expect(text({ status: "RENDERING" })).toBe(
    "The narrator is “Mine” (ADAPTED, not a clone). Rendering …",
  );
  expect(
    text({
      status: "READY",
      narrationVisibility: "PUBLIC",
      renderEstimate: { ...estimate, segmentsToRender: 0 },
    }),
  ).toBe(
    "The narrator is “Mine” (ADAPTED, not a clone). Rendered. Nothing is left to speak. The narration is published.",
  );
  expect(
    text({ status: "FAILED", failure: { message: "Agree again." }, renderEstimate: null }),
  ).toBe("The narrator is “Mine” (ADAPTED, not a clone). The render failed. Agree again.");
  const unavailableVoices = [{ displayName: "My voice" }];
  expect(text({ status: "READY", renderEstimate: { ...estimate, unavailableVoices } })).toBe(
    "The narrator is “Mine” (ADAPTED, not a clone). Rendered. These voices cannot speak this story now: My voice. Choose other voices, or agree and train your own again.",
  );
});

test("the panel tells how far a render is", () => {
  const progress = { renderedSegments: 3, reusedSegments: 1, totalSegments: 8, etaSeconds: 4 };

  expect(say("renderText", { status: "QUEUED", progress: null })).toMatch(/^Waiting/);
  expect(say("renderText", { status: "RENDERING", progress })).toBe(
    "4 of 8 segments, about 4 seconds left",
  );
  expect(
    say("renderText", { status: "RENDERING", progress: { ...progress, etaSeconds: null } }),
  ).toBe("4 of 8 segments");
  expect(
    say("renderText", { status: "RENDERING", progress: { ...progress, renderedSegments: 7 } }),
  ).toMatch(/joining/);
});

test("the panel tells what revoking did to sound in the person's voice", () => {
  const edition = (title: string | null, narrationVisibility: string) => ({
    ...{ title, narrationVisibility },
    referenceStory: { title: "The Kite" },
  });
  const none = { cancelledRenders: 0, publishedNarrations: [], unpublishedNarrations: 0 };

  expect(say("soundAfterRevokingText", none)).toBe("");
  expect(
    say("soundAfterRevokingText", {
      ...{ cancelledRenders: 1, unpublishedNarrations: 0 },
      publishedNarrations: [edition("Mine", "PUBLIC"), edition(null, "UNLISTED")],
    }),
  ).toBe("Cancelled: 1 render. Still published in your voice: “Mine”, “The Kite”.");
  expect(
    say("soundAfterRevokingText", {
      ...{ cancelledRenders: 0, unpublishedNarrations: 1 },
      publishedNarrations: [edition("Mine", "PRIVATE")],
    }),
  ).toBe("Unpublished: 1 narration in your voice.");
});

test("the panel tells the time left and what a sound lacks", () => {
  expect([0.4, 1, 61.2].map((seconds) => say("timeLeftText", seconds))).toEqual([
    "a moment left",
    "about 1 second left",
    "about 62 seconds left",
  ]);
  const degraded = [{ feature: "RATE", reason: "The voice speaks slower." }];
  expect(say("degradedText", degraded)).toBe("rate: The voice speaks slower.");
});
