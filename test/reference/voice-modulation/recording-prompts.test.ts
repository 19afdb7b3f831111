import {
  isTrainable,
  promptsOf,
} from "../../../src/reference/voice-modulation/recording-prompts.js";

/** The pace of a quick reader, in words per second. */
const QUICK = 3.6;
const KEYS = [
  "joy",
  "excitement",
  "sadness",
  "anger",
  "fear",
  "surprise",
  "disgust",
  "tenderness",
  "calm",
  "suspense",
  "boredom",
  "longing",
];

const emotion = (modulationKey: string) => ({ modulationType: "emotion", modulationKey }) as const;
const whisper = { modulationType: "modulation", modulationKey: "whisper" } as const;
const quickSeconds = (text: string): number => text.split(/\s+/).length / QUICK;

test("the neutral prompts take a quick reader 30 seconds or more", () => {
  const prompts = promptsOf(emotion("neutral"));

  expect(prompts).toHaveLength(2);
  for (const { text } of prompts) expect(quickSeconds(text)).toBeGreaterThanOrEqual(30);
});

test.each([...KEYS.map(emotion), whisper])(
  "the prompts for $modulationKey take a quick reader 8 seconds or more",
  (template) => {
    const prompts = promptsOf(template);

    expect(prompts).toHaveLength(2);
    for (const { text, seconds } of prompts) {
      expect(quickSeconds(text)).toBeGreaterThanOrEqual(8);
      expect(seconds).toBeGreaterThan(quickSeconds(text));
    }
  },
);

test.each([
  { modulationType: "sound", modulationKey: "thunder" },
  { modulationType: "sound", modulationKey: "whisper" },
  { modulationType: "modulation", modulationKey: "shout" },
] as const)("no voice is trained for the $modulationType $modulationKey", (template) => {
  expect(isTrainable(template)).toBe(false);
  expect(promptsOf(template)).toEqual([]);
});
