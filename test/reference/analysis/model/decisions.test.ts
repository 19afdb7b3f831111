import { analyseText } from "../../../../src/reference/analysis/analyser/index.js";
import { applyReadings } from "../../../../src/reference/analysis/model/apply-readings.js";
import { Cast } from "../../../../src/reference/analysis/model/cast.js";
import { FERRY } from "./played-models.js";

const embedded = analyseText(FERRY);
const USAGE = { inputTokens: 0, outputTokens: 0, costMicros: 0, requests: 0 };

/** Returns who decides a quote if the model says this about its speaker. */
function decided(start: string, speakerId: string | null, certainty: "high" | "medium" | "low") {
  const index = embedded.segments.findIndex((segment) => FERRY.startsWith(start, segment.start));
  const { segments } = applyReadings(
    embedded,
    {
      quotes: new Map([[index, { speakerId, certainty, feeling: undefined }]]),
      cast: new Cast(FERRY, embedded.characters).all,
      whole: { characters: new Map(), summary: null, mood: null },
      usage: USAGE,
    },
    { id: "model", version: "1" },
  );
  return segments[index]?.attribution?.method === "model" ? "model" : "embedded";
}

/** A name beside a speech verb, a sure decision without a cue, and an unsure one. */
const [NAMED, SURE, UNSURE] = ["“Then we", "“I am not", "“You have legs"] as const;

test.each([
  { quote: NAMED, speaker: "will", certainty: "high", by: "model" },
  { quote: NAMED, speaker: "will", certainty: "medium", by: "embedded" },
  { quote: NAMED, speaker: null, certainty: "high", by: "embedded" },
  { quote: SURE, speaker: "will", certainty: "medium", by: "model" },
  { quote: SURE, speaker: "will", certainty: "low", by: "embedded" },
  { quote: SURE, speaker: null, certainty: "high", by: "model" },
  { quote: UNSURE, speaker: "will", certainty: "low", by: "model" },
] as const)(
  "of $quote, spoken by $speaker with $certainty certainty, $by decides",
  ({ quote, speaker, certainty, by }) => {
    expect(decided(quote, speaker, certainty)).toBe(by);
  },
);
