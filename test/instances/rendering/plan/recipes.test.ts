import type { VoiceModifications } from "../../../../src/instances/index.js";
import { flite, fliteSpeech } from "../../../../src/providers/speech/flite/flite.js";
import {
  type PlanContext,
  type PlannedSegment,
  type ScriptLine,
  planSegments,
} from "../../../../src/instances/rendering/plan/plan.js";

const provider = fliteSpeech(() => Promise.reject(new Error("Nothing is spoken here.")));

const line = (position: number, about: Partial<ScriptLine>): ScriptLine => ({
  position,
  kind: "narration",
  text: "",
  speakerId: null,
  emotion: "neutral",
  intensity: 1,
  voice: null,
  prosody: null,
  pauseAfterMs: null,
  paragraph: 0,
  modulations: [],
  storyStart: null,
  storyEnd: null,
  isReferenceText: true,
  breakAfter: null,
  apparatus: [],
  recipeKey: null,
  spokenEdits: null,
  ...about,
});

const SCRIPT = [
  line(0, { text: "Marta waited for the art dealer." }),
  line(1, { text: "“You are late!”", speakerId: "marta", emotion: "anger" }),
  line(2, { text: "“The river is high.”", speakerId: "tobias", emotion: "fear" }),
  line(3, { text: "“I know,” said Marta’s mother.", emotion: "anger" }),
];

const speech = {
  providerOf: () => provider,
  speaks: () => true,
  voicesFor: () => [],
  personalVoice: () => null,
  explainUnavailable: () => null,
};

const context = (voiceModifications: VoiceModifications): PlanContext => ({
  narration: {
    title: null,
    narratorVoice: flite.listVoices()[0]?.id ?? "",
    voiceCast: [],
    voiceModifications,
  },
  language: "en",
  speakerNames: new Map(),
  chapters: [],
  speech,
});

const planned = (voiceModifications: VoiceModifications, script = SCRIPT): PlannedSegment[] => [
  ...planSegments(script, context(voiceModifications)),
];

/** Returns the positions of the segments whose recipe the modifications change. */
function touchedBy(modifications: VoiceModifications): number[] {
  const before = planned({});
  return planned(modifications)
    .filter(({ recipeKey }, index) => recipeKey !== before[index]?.recipeKey)
    .map(({ line: { position } }) => position);
}

test("equal scripts have equal recipes, and different texts have different recipes", () => {
  const keys = planned({}).map(({ recipeKey }) => recipeKey);

  expect(planned({}).map(({ recipeKey }) => recipeKey)).toEqual(keys);
  expect(new Set(keys).size).toBe(SCRIPT.length);
});

test("a recipe keeps the exact spelling of its text, so word offsets stay correct", () => {
  const spelled = (text: string) => planned({}, [line(0, { text })])[0]?.recipe.request.text ?? "";
  const keyOf = (text: string) => planned({}, [line(0, { text })])[0]?.recipeKey;
  const text = "The café was late.";

  expect(keyOf(text.normalize("NFD"))).not.toBe(keyOf(text.normalize("NFC")));
  expect("  Indented.\n".indexOf("Indented")).toBe(spelled("  Indented.\n").indexOf("Indented"));
});

test.each<[string, VoiceModifications, number[]]>([
  ["the whole narration", { rate: 1.2 }, [0, 1, 2, 3]],
  ["one character", { characters: [{ characterId: "marta", pitch: 2 }] }, [1]],
  ["a character who does not speak", { characters: [{ characterId: "agnes", pitch: 2 }] }, []],
  ["one emotion", { emotions: [{ emotion: "anger", rate: 1.1 }] }, [1, 3]],
  ["an emotion that no segment has", { emotions: [{ emotion: "joy", rate: 1.1 }] }, []],
  ["a word", { lexicon: [{ word: "river", saidAs: "stream" }] }, [2]],
  ["a word in another case", { lexicon: [{ word: "RIVER", saidAs: "stream" }] }, [2]],
  [
    "a word that is also part of another word",
    { lexicon: [{ word: "art", saidAs: "craft" }] },
    [0],
  ],
  [
    "a word that occurs only inside other words",
    { lexicon: [{ word: "iver", saidAs: "either" }] },
    [],
  ],
  ["a word with punctuation", { lexicon: [{ word: "(high.", saidAs: "tall" }] }, []],
  ["loudness and pauses, which joining applies", { gain: 3, pauses: 2 }, []],
])(
  "a change of %s changes only the recipes of segments that sound different",
  (_of, modifications, positions) => {
    expect(touchedBy(modifications)).toEqual(positions);
  },
);

test("the narration's, the emotion's, the character's and the segment's changes add up", () => {
  const [segment] = planned(
    {
      pitch: 1,
      emotions: [{ emotion: "neutral", pitch: 2 }],
      characters: [{ characterId: "marta", pitch: 4 }],
    },
    [line(0, { text: "So.", speakerId: "marta", prosody: { pitch: -3 } })],
  );

  expect(segment?.prosody.pitch).toBe(4);
});

test("a segment's voice overrides its speaker's voice, which overrides the narrator's voice", () => {
  const voices = [
    ...planSegments(
      [
        line(0, {}),
        line(1, { speakerId: "marta" }),
        line(2, { speakerId: "marta", voice: "a:own" }),
      ],
      {
        narration: {
          title: null,
          narratorVoice: "a:narrator",
          voiceCast: [
            {
              characterId: "marta",
              characterName: "Marta",
              voice: "a:cast",
              voiceName: "Cast",
              isAutomatic: true,
            },
          ],
          voiceModifications: {},
        },
        language: "en",
        speakerNames: new Map(),
        chapters: [],
        speech,
      },
    ),
  ].map(({ voice }) => voice);

  expect(voices).toEqual(["a:narrator", "a:cast", "a:own"]);
});

test("a provider that acts emotions gets the emotion by name and the rest as numbers", () => {
  const capabilities = { ...provider.capabilities(), emotion: "instruction" as const };
  const actor = { ...provider, capabilities: () => capabilities };
  const sad = line(0, { emotion: "sadness", intensity: 1, prosody: { rate: 1.2 } });
  const whispered = line(1, { emotion: "whisper", intensity: 1 });

  const [first, second] = planSegments([sad, whispered], {
    ...context({}),
    speech: { ...speech, providerOf: () => actor },
  });

  expect(first?.recipe.request).toMatchObject({
    emotion: { name: "sadness", intensity: 1 },
    prosody: { pitch: 0, range: 1, rate: 1.2 },
  });
  expect(first?.prosody).toMatchObject({ gain: -4, pauses: 1.4 });
  expect(first?.recipeKey).not.toBe([...planSegments([sad], context({}))][0]?.recipeKey);
  expect(second?.recipe.request.emotion).toBeUndefined();
  expect(second?.recipe.request.prosody.isWhispered).toBe(true);
});

test("the pause between suspense and its climax is one second", () => {
  const pauseBefore = (emotion: string) =>
    planned({}, [
      line(0, { text: "Something moved behind the door.", emotion: "suspense", intensity: 1 }),
      line(1, { text: "It flew open!", emotion, intensity: 0.7 }),
    ])[0]?.pauseAfterMs;

  expect(pauseBefore("fear")).toBe(1000);
  expect(pauseBefore("neutral")).toBeLessThan(800);
});

test("only the story's own text, spoken as it is written, has shared renditions", () => {
  const lexicon = [{ word: "river", saidAs: "stream" }];
  const script = SCRIPT.map((each) => ({ ...each, isReferenceText: each.position !== 0 }));

  expect(planned({ lexicon }, script).map(({ isShared }) => isShared)).toEqual([
    false,
    true,
    false,
    true,
  ]);
});
