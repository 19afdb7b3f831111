import fc from "fast-check";
import {
  type ChatAnswer,
  ContextOverflowError,
  type LanguageModel,
  UnusableAnswerError,
} from "../../../../src/providers/llm/llm.port.js";
import {
  type AnalysisDocument,
  EmotionLabel,
  analyseText,
} from "../../../../src/reference/analysis/analyser/index.js";
import { applyReadings } from "../../../../src/reference/analysis/model/apply-readings.js";
import {
  type StoredAnswer,
  planReading,
  readWithModel,
} from "../../../../src/reference/analysis/model/model-reader.js";
import { ORCHARD } from "../../../support/texts.js";
import { expectInvariants } from "../analyser/document-invariants.js";

const USAGE = { inputTokens: 10, outputTokens: 5, requests: 1 };
const ANALYZER = { id: "model", version: "1.0.0", model: "played", promptVersion: "p" };

/** A model that gives these answers in turn, and an empty object after the last. */
function playing(answers: readonly unknown[], contextTokens = 8192): LanguageModel {
  const rest = [...answers];
  return {
    ...{ id: "played", model: "played", contextTokens },
    complete: () => Promise.resolve({ value: rest.shift() ?? {}, usage: USAGE }),
  };
}

const embedded = analyseText(ORCHARD);

async function read(model: LanguageModel): Promise<AnalysisDocument> {
  const stored = new Map<string, StoredAnswer>();
  const readings = await readWithModel(ORCHARD, planReading(ORCHARD, embedded), {
    model,
    signal: new AbortController().signal,
    memory: {
      find: (name) => stored.get(name) ?? null,
      keep: async (name, answer) => void stored.set(name, answer),
    },
  });
  return applyReadings(embedded, readings, ANALYZER);
}

const word = fc.constantFrom(
  "emil",
  "jonas",
  "agnes",
  "nobody",
  "new1",
  "Their mother",
  "Mallory",
  "the gate",
  "he",
);
const emotion = fc.constantFrom(...Object.values(EmotionLabel), "hangry");
const quote = fc.record({
  id: fc.oneof(fc.integer({ min: -2, max: 30 }), fc.constant("3"), fc.constant(null)),
  speaker: fc.oneof(word, fc.constant(7)),
  certainty: fc.constantFrom("high", "medium", "low", "sure"),
  emotion,
  intensity: fc.oneof(fc.double(), fc.constant("strong")),
});
const windowAnswer = fc.record({
  quotes: fc.array(fc.oneof(quote, fc.anything()), { maxLength: 12 }),
  newCharacters: fc.array(
    fc.record({ ref: fc.constantFrom("new1", "new2"), name: fc.oneof(word, fc.string()) }),
  ),
  gist: fc.oneof(fc.string(), fc.constant(4)),
});
const wholeAnswer = fc.record({
  characters: fc.array(
    fc.record({
      id: word,
      name: fc.oneof(word, fc.string()),
      aliases: fc.array(word),
      gender: fc.constantFrom("female", "robot"),
      ageGroup: fc.constantFrom("child", "ancient"),
      role: fc.constantFrom("narrator", "protagonist", "villain"),
      description: fc.string(),
    }),
  ),
  summary: fc.string(),
  mood: fc.constantFrom("tender", "hangry"),
  valence: fc.double(),
  arousal: fc.double(),
});

test("whatever a model answers, the document keeps its invariants and its segments", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(windowAnswer, fc.anything()),
      fc.oneof(wholeAnswer, fc.anything()),
      async (window, whole) => {
        const document = await read(playing([window, whole]));

        expectInvariants(ORCHARD, document);
        const places = ({ segments }: AnalysisDocument) =>
          segments.map(({ start, end, kind }) => [start, end, kind]);
        expect(places(document)).toEqual(places(embedded));
        expect(document.characters.filter(({ role }) => role === "narrator").length).toBeLessThan(
          2,
        );
        for (const { segments, characters } of [document]) {
          for (const { id, quoteCount } of characters)
            expect(segments.filter(({ speakerId }) => speakerId === id)).toHaveLength(quoteCount);
        }
      },
    ),
    { numRuns: 300 },
  );
});

test.each([
  ["nothing", {}],
  [
    "ids that were not asked for",
    {
      quotes: [
        { id: 0, speaker: "agnes" },
        { id: 999, speaker: "emil" },
      ],
    },
  ],
  ["characters that do not exist", { quotes: [{ id: 1, speaker: "mallory" }] }],
  [
    "a new character that the text does not name",
    { quotes: [{ id: 1, speaker: "new1" }], newCharacters: [{ ref: "new1", name: "Mallory" }] },
  ],
  [
    "a pronoun as a name",
    { quotes: [{ id: 1, speaker: "new1" }], newCharacters: [{ ref: "new1", name: "I" }] },
  ],
  ["a text", "I cannot help with that."],
  [
    "contradictions",
    {
      quotes: [
        { id: 1, speaker: "jonas" },
        { id: 1, speaker: "agnes" },
      ],
    },
  ],
])("a model that answers %s leaves the embedded document", async (_name, answer) => {
  const { analyzer, usage, ...document } = await read(playing([answer]));
  const { analyzer: _analyzer, usage: _usage, ...expected } = embedded;

  expect(document).toEqual(expected);
  expect(analyzer).toEqual(ANALYZER);
  expect(usage).toEqual({ inputTokens: 20, outputTokens: 10, costMicros: 0, requests: 2 });
});

const speakers = ({ segments }: AnalysisDocument) =>
  segments.flatMap(({ speakerId, attribution }) =>
    attribution ? [[speakerId, attribution.method]] : [],
  );

test("the method says who decided, and agreement makes a decision surer", async () => {
  const quotes = embedded.segments.flatMap(({ kind, speakerId }, id) =>
    kind === "dialogue"
      ? [{ id, speaker: speakerId, certainty: "high", emotion: "joy", intensity: 0.5 }]
      : [],
  );
  const [first, ...others] = quotes;
  if (!first) throw new Error("The text has no quote.");
  const document = await read(playing([{ quotes: [{ ...first, speaker: "agnes" }, ...others] }]));

  expect(speakers(document)[0]).toEqual(["agnes", "model"]);
  expect(speakers(document).slice(1)).toEqual(speakers(embedded).slice(1));
  for (const { id } of others) {
    const segment = document.segments[id];
    expect(segment?.attribution?.confidence).toBeGreaterThanOrEqual(0.95);
    expect(segment?.emotion).toMatchObject({ label: "joy", intensity: 0.5 });
  }
});

test("a guess does not outweigh a name beside a speech verb", async () => {
  const id = embedded.segments.findIndex(
    ({ attribution }) => attribution?.type === "explicit" && attribution.confidence >= 0.9,
  );
  expect(id).toBeGreaterThan(-1);

  const document = await read(playing([{ quotes: [{ id, speaker: "agnes", certainty: "low" }] }]));

  expect(document.segments[id]).toEqual(embedded.segments[id]);
});

test("a new speaker whose name stands in the text becomes a character with its mentions", async () => {
  const document = await read(
    playing([
      {
        quotes: [{ id: 1, speaker: "new1", certainty: "high" }],
        newCharacters: [{ ref: "new1", name: "two brothers" }],
      },
    ]),
  );

  expect(document.segments[1]?.speakerId).toBe("two-brothers");
  expect(document.characters.find(({ id }) => id === "two-brothers")).toMatchObject({
    canonicalName: "Two brothers",
    mentionCount: 1,
    quoteCount: 1,
  });
});

test("markup, links and long texts in descriptions are left out", async () => {
  const about = (description: string) => ({
    characters: [{ id: "emil", description }],
    summary: description,
  });
  for (const bad of [
    "<b>Emil</b>",
    "See https://example.org",
    "x".repeat(900),
    "\u0000\u202e",
    "",
  ]) {
    const document = await read(playing([{}, about(bad)]));
    expect(document.summary).toBe(embedded.summary);
    expect(document.characters).toEqual(embedded.characters);
  }
  const { summary, characters } = await read(playing([{}, about(" A  farmer\nwith pears. ")]));
  expect([summary, characters.find(({ id }) => id === "emil")?.description]).toEqual([
    "A farmer with pears.",
    "A farmer with pears.",
  ]);
});

test("an answer that is stored is not asked for again, and an unusable one costs nothing twice", async () => {
  const stored = new Map<string, StoredAnswer>();
  let asked = 0;
  const model: LanguageModel = {
    ...{ id: "played", model: "played", contextTokens: 200 },
    complete(): Promise<ChatAnswer> {
      asked += 1;
      if (asked === 2) throw new UnusableAnswerError("No JSON.", USAGE);
      return Promise.resolve({ value: {}, usage: USAGE });
    },
  };
  const reading = (limit: number) =>
    readWithModel(ORCHARD, planReading(ORCHARD, embedded), {
      model,
      signal: new AbortController().signal,
      memory: {
        find: (name) => stored.get(name) ?? null,
        keep: async (name, answer) => void stored.set(name, answer),
      },
      beforeAsking: async () => {
        if (asked >= limit) throw new Error("killed");
      },
    });

  await expect(reading(2)).rejects.toThrow("killed");
  const read = await reading(Infinity);

  expect(asked).toBe(read.requests);
  expect(asked).toBeGreaterThan(2);
  expect(read).toMatchObject({ unusable: 1, usage: { requests: asked, inputTokens: 10 * asked } });
});

test("a part of a text that is too long for the model counts as not read", async () => {
  const reading = await readWithModel(ORCHARD, planReading(ORCHARD, embedded), {
    model: {
      ...{ id: "played", model: "played", contextTokens: 8192 },
      complete: () => Promise.reject(new ContextOverflowError("Too long.")),
    },
    memory: { find: () => null, keep: () => Promise.resolve() },
    signal: new AbortController().signal,
  });

  // Each segment and the whole.
  expect(reading.requests).toBe(embedded.segments.length + 1);
  expect(reading.unusable).toBe(reading.requests);
});
