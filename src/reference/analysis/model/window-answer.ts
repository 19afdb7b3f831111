import { z } from "zod";
import { EmotionLabel } from "../analyser/index.js";
import { type Cast, NOBODY } from "./cast.js";
import { shortText } from "./short-text.js";
import type { ReadingWindow } from "./windows.js";

/** How sure the model is of a speaker. */
export const Certainty = { High: "high", Medium: "medium", Low: "low" } as const;
export type Certainty = (typeof Certainty)[keyof typeof Certainty];

const QUOTE = z.object({
  id: z.number(),
  speaker: z.string(),
  certainty: z.enum(Certainty),
  emotion: z.enum(EmotionLabel),
  intensity: z.number(),
});
const NEW_CHARACTER = z.object({ ref: z.string(), name: z.string() });

/** The form of the answer about one window. */
export const WINDOW_ANSWER = z.object({
  quotes: z.array(QUOTE),
  newCharacters: z.array(NEW_CHARACTER),
  gist: z.string(),
});

/** What the model says about one quote, as far as the answer could be used. */
export interface QuoteReading {
  /** The id of a character, or null if no person speaks. Undefined: the embedded decision stands. */
  readonly speakerId: string | null | undefined;
  readonly certainty: Certainty;
  /** Undefined: the embedded decision stands. */
  readonly feeling: { readonly emotion: EmotionLabel; readonly intensity: number } | undefined;
}

export interface WindowReading {
  /** By the number of the segment. */
  readonly quotes: ReadonlyMap<number, QuoteReading>;
  /** What happens, or null. */
  readonly gist: string | null;
}

const NOTHING_READ: WindowReading = { quotes: new Map(), gist: null };

const LONGEST_GIST = 300;

/** Every part may be missing or of another type: a server need not enforce the schema. */
const LOOSE_ANSWER = z.object({
  quotes: z.array(z.unknown()).catch([]),
  newCharacters: z.array(z.unknown()).catch([]),
  gist: z.unknown().optional(),
});
const LOOSE_QUOTE = z.object({
  // Some models write numbers as strings. Anything else, such as null, is no number.
  id: z.int().or(
    z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
  ),
  speaker: z.string().optional().catch(undefined),
  certainty: z.enum(Certainty).catch(Certainty.Medium),
  emotion: z.enum(EmotionLabel).optional().catch(undefined),
  intensity: z.number().min(0).max(1).optional().catch(undefined),
});
type LooseQuote = z.output<typeof LOOSE_QUOTE>;

/**
 * Compares an answer with the document, and returns what can be used. Adds new characters that speak to the
 * cast. A quote that the answer decides twice in different ways keeps the embedded decision.
 */
export function readWindowAnswer(value: unknown, window: ReadingWindow, cast: Cast): WindowReading {
  const answer = LOOSE_ANSWER.safeParse(value);
  if (!answer.success) return NOTHING_READ;
  const idOf = speakerIds(answer.data.newCharacters, cast);
  const quotes = new Map<number, QuoteReading>();
  for (const [id, said] of saidOnce(answer.data.quotes, window)) {
    const { speaker, certainty, emotion, intensity } = said;
    quotes.set(id, {
      certainty,
      speakerId: speaker === undefined ? undefined : idOf(speaker),
      feeling:
        emotion === undefined || intensity === undefined ? undefined : { emotion, intensity },
    });
  }
  return { quotes, gist: shortText(answer.data.gist, LONGEST_GIST) };
}

/** Returns what the answer says about each quote of the window, without contradictions. */
function saidOnce(quotes: readonly unknown[], window: ReadingWindow): Map<number, LooseQuote> {
  const asked = new Set(window.quotes);
  const said = new Map<number, LooseQuote | null>();
  for (const each of quotes) {
    const quote = LOOSE_QUOTE.safeParse(each);
    if (!quote.success || !asked.has(quote.data.id)) continue;
    const earlier = said.get(quote.data.id);
    const isSame = earlier === undefined || earlier?.speaker === quote.data.speaker;
    said.set(quote.data.id, isSame ? quote.data : null);
  }
  return new Map([...said].flatMap(([id, quote]) => (quote ? [[id, quote] as const] : [])));
}

/** Returns a function that finds the character of a speaker in the answer. Only speakers become new characters. */
function speakerIds(newCharacters: readonly unknown[], cast: Cast) {
  const names = new Map<string, unknown>();
  for (const each of newCharacters) {
    const added = z.object({ ref: z.string(), name: z.unknown() }).safeParse(each);
    if (added.success) names.set(added.data.ref, added.data.name);
  }
  return (speaker: string): string | null | undefined => {
    if (speaker === NOBODY) return null;
    if (cast.has(speaker)) return speaker;
    const id = names.has(speaker) ? cast.add(names.get(speaker)) : cast.idOfName(speaker);
    return id ?? undefined;
  };
}
