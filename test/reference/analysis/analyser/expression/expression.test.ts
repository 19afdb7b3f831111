import { analyseText } from "../../../../../src/reference/analysis/analyser/index.js";

function first(text: string, kind: "narration" | "dialogue") {
  const segment = analyseText(text).segments.find((one) => one.kind === kind);
  if (segment === undefined) throw new Error(`No ${kind} in ${text}`);
  return segment;
}

function emotionOf(narration: string) {
  return first(narration, "narration").emotion;
}

function modulationKeys(text: string): readonly string[] {
  return first(text, "dialogue").modulations.map(({ key }) => key);
}

test("the words of a passage show its emotion", () => {
  expect(emotionOf("She laughed for joy and danced.").label).toBe("joy");
  expect(emotionOf("She wept bitterly, for her mother was dead.").label).toBe("sadness");
  expect(emotionOf("He was furious, and his rage was terrible.").label).toBe("anger");
  expect(emotionOf("The frightened child trembled with terror.").label).toBe("fear");
  expect(emotionOf("The table stood by the wall.")).toMatchObject({
    label: "neutral",
    intensity: 0,
  });
});

test("a negation at most three words before a word negates the word", () => {
  expect(emotionOf("She was very happy.").valence).toBeGreaterThan(0.3);
  expect(emotionOf("She was not at all happy.").label).not.toBe("joy");
  expect(emotionOf("He was not afraid.").label).not.toBe("fear");
});

test("a word of degree makes an emotion stronger", () => {
  const plain = emotionOf("He was terrified and afraid.");
  const strong = emotionOf("He was utterly terrified and very afraid.");

  expect(strong.intensity).toBeGreaterThan(plain.intensity);
});

test("the speech verb gives an emotion to neutral words", () => {
  expect(first("“It is gone,” sobbed Clara.", "dialogue").emotion.label).toBe("sadness");
  expect(first("“It is gone,” roared Edmund.", "dialogue").emotion.label).toBe("anger");
  expect(first("“It is gone,” said Clara.", "dialogue").emotion.label).toBe("neutral");
});

test("the speech verb, adverb and voice of a cue give modulations", () => {
  expect(modulationKeys("“Come here,” whispered Clara.")).toEqual(["whisper"]);
  expect(modulationKeys("“Come here!” shouted Edmund.")).toEqual(["shout"]);
  expect(modulationKeys("“Come here,” said Clara softly.")).toEqual(["soft"]);
  expect(modulationKeys("“Come here,” said Clara in a low, trembling voice.")).toEqual([
    "trembling",
    "low",
  ]);
  expect(modulationKeys("“Come here,” said Clara.")).toEqual([]);
});

test("emphasis spans the words in capitals", () => {
  const text = "“I did NOT say that,” said Clara.";
  const [emphasis] = first(text, "dialogue").modulations;

  expect(emphasis?.key).toBe("emphasis");
  expect(text.slice(emphasis?.start, emphasis?.end)).toBe("NOT");
});

test("narration that names a sound has the sound and its source", () => {
  const text = "Far away the old door creaked, and there was a rustle of leaves. Nobody spoke.";
  const { sounds } = first(text, "narration");

  expect(sounds.map(({ key, source }) => [key, source])).toEqual([
    ["creak", "door"],
    ["rustle", "leaves"],
  ]);
  expect(sounds.map(({ start, end }) => text.slice(start, end))).toEqual(["creaked", "rustle"]);
});

test("a verb that reports speech is not a sound", () => {
  const segments = analyseText("“Out!” barked Edmund. The dog barked.").segments;

  expect(segments.flatMap(({ sounds }) => sounds.map(({ source }) => source))).toEqual(["dog"]);
});
