import { EMOTION_DELIVERIES, MANNER_DELIVERIES } from "../../audio/delivery/deliveries.js";
import { resolveProsody } from "../../audio/delivery/prosody.js";
import type { ResolvedProsody } from "../../audio/delivery/resolved-prosody.js";
import { nearestTo } from "../../platform/text/nearest.js";
import { EMOTIONS_OF_WORDS } from "../analysis/analyser/index.js";
import { ModulationType, type TemplateEntity } from "./template.entity.js";

/** The emotions that every voice can express. Each is a template. */
export const DELIVERED_EMOTIONS: ReadonlySet<string> = new Set(EMOTION_DELIVERIES.keys());

/** Returns the key that a person means: case and spaces around the name do not matter. */
export const emotionKeyOf = (name: string): string => name.trim().toLowerCase().normalize("NFC");

/**
 * Returns how a catalogue voice speaks a template at its full strength. Returns null for a template that is
 * no way of speaking, and for one that only speech engines and personal voices know.
 */
export function deliveryOfTemplate({
  modulationType: type,
  modulationKey: key,
}: Pick<TemplateEntity, "modulationType" | "modulationKey">): ResolvedProsody | null {
  if (type === ModulationType.Emotion && EMOTION_DELIVERIES.has(key)) {
    return resolveProsody({ emotion: key, intensity: 1 });
  }
  if (type !== ModulationType.Modulation || !MANNER_DELIVERIES.has(key)) return null;
  return resolveProsody({ emotion: "neutral", intensity: 0, manners: [{ key, strength: 1 }] });
}

/** Returns a sentence that says which emotion a person may have meant, and which there are. */
export function explainUnknownEmotion(name: string, known: readonly string[]): string {
  const nearest = nearestEmotion(emotionKeyOf(name), known);
  const guess = nearest === null ? "" : ` Did you mean ${nearest}?`;
  return `There is no emotion ${JSON.stringify(name.slice(0, 60))}.${guess} Choose one of: ${[...known].sort().join(", ")}.`;
}

const STEM_LETTERS = 4;
const MOST_COMPARED_LETTERS = 30;

/**
 * Returns the emotion that a word means: by its stem (`fearful`), by the analyser's words of emotions
 * (`happy`), or by its spelling (`hangry`). Returns null if no emotion is near.
 */
export function nearestEmotion(word: string, known: readonly string[]): string | null {
  if (word === "" || word.length > MOST_COMPARED_LETTERS) return null;
  return byStem(word, known) ?? byMeaning(word, known) ?? bySpelling(word, known);
}

const byStem = (word: string, known: readonly string[]): string | undefined =>
  word.length < STEM_LETTERS
    ? undefined
    : known.find((key) => key.startsWith(word.slice(0, STEM_LETTERS)));

const byMeaning = (word: string, known: readonly string[]): string | undefined =>
  known.find((key) => key === EMOTIONS_OF_WORDS.get(word));

function bySpelling(word: string, known: readonly string[]): string | null {
  const [near = word] = nearestTo(word, [...known, ...EMOTIONS_OF_WORDS.keys()], 1);
  return known.includes(near) ? near : (byMeaning(near, known) ?? null);
}
