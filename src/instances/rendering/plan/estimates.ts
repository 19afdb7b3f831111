import type { Tx } from "../../../platform/database/transactions/database.js";
import { analysisStore, renditionStore, storyStore } from "../../../reference/index.js";
import type { NarrationEntity } from "../../narration/narration.entity.js";
import { storedVoiceName, voiceOfLine } from "../../narration/voices/line-voice.js";
import { narrationStore } from "../../narration/narration.store.js";
import { scriptLanguage } from "../../narration/script/script-language.js";
import type { Owner } from "../../owner.js";
import { lineStore } from "../lines.store.js";

import { type PlannedSegment, type ScriptLine, planRendering } from "./plan.js";
import type { SpeechDirectory } from "../speech-directory.js";
import { userRenditionStore } from "../sounds/user-rendition.store.js";

export interface Cost {
  /** Millionths of the currency's unit. */
  readonly micros: number;
  /** ISO 4217. */
  readonly currency: string;
}

export interface UnavailableVoice {
  /** `provider:voice` */
  readonly id: string;
  /** The name that the narration stored. null if only single segments use the voice. */
  readonly name: string | null;
}

/** The work, time and cost of rendering a narration now. */
export interface RenderEstimate {
  readonly narrationId: string;
  /** The number of different missing renditions, plus the number of segments with unavailable voices. */
  readonly segmentsToRender: number;
  /** Seconds of work on one core, from the engine's usual speed. */
  readonly seconds: number;
  /** The price of the missing renditions. null if speech is free. */
  readonly cost: Cost | null;
  /** Voices of the script that are gone or do not speak the script's language. */
  readonly unavailableVoices: readonly UnavailableVoice[];
  /** Segments that will be silent, in order. Their voice cannot say any of their text. */
  readonly silentSegments: readonly SilentSegment[];
}

export interface SilentSegment {
  readonly position: number;
  /** A sentence for people to read. */
  readonly reason: string;
}

// An embedded engine speaks 450 letters per second of work on one core. 15 letters are one second of
// sound, so this is 30 seconds of sound.
const LETTERS_PER_SECOND = 450;

/** The lines of a script that can be planned, and the lines whose voice is unavailable. */
interface PlannedScript {
  readonly narrationId: string;
  readonly planned: readonly PlannedSegment[];
  readonly unspeakable: readonly ScriptLine[];
  readonly unavailableVoices: readonly UnavailableVoice[];
}

/**
 * Estimates several narrations. The number of statements does not depend on the number of narrations.
 * Leaves out narrations of other owners.
 */
export async function estimateRenders(
  tx: Tx,
  owner: Owner,
  narrationIds: readonly string[],
  speech: SpeechDirectory,
): Promise<RenderEstimate[]> {
  const narrations = await narrationStore.byIds(tx, owner, narrationIds);
  const scripts = await lineStore.scripts(tx, owner, narrations);
  const analysisIds = new Set(narrations.map(({ analysisId }) => analysisId ?? 0));
  const analyses = await analysisStore.byIds(tx, [...analysisIds]);
  // A narration of the legacy platform has lines without an analysis, in the language of its story.
  const storyIds = new Set(narrations.map(({ referenceStoryId }) => referenceStoryId));
  const stories = await storyStore.byIds(tx, [...storyIds]);
  const plannedScripts: PlannedScript[] = [];
  for (const narration of narrations) {
    const analysis = analyses.find(({ id }) => id === narration.analysisId);
    const story = stories.find(({ id }) => id === narration.referenceStoryId);
    const language = scriptLanguage(analysis, story);
    plannedScripts.push(
      await planScript(narration, scripts.get(narration.id) ?? [], { language, speech }),
    );
  }
  const segments = plannedScripts.flatMap(({ planned }) => planned);
  const hasRendition = await findExisting(tx, owner, segments);
  return plannedScripts.map((script) => estimateOf(script, hasRendition, speech));
}

async function planScript(
  narration: NarrationEntity,
  lines: readonly ScriptLine[],
  { language, speech }: { readonly language: string; readonly speech: SpeechDirectory },
): Promise<PlannedScript> {
  const voices = new Set(lines.map((line) => voiceOfLine(line, narration)));
  const unavailable = new Set([...voices].filter((voice) => !speech.speaks(voice, language)));
  const isUnspeakable = (line: ScriptLine): boolean =>
    unavailable.has(voiceOfLine(line, narration));
  const speakable = lines.filter((line) => !isUnspeakable(line));
  return {
    narrationId: narration.id,
    // Names, chapters and pauses cost no work.
    planned: await planRendering(speakable, {
      ...{ narration, language, speech },
      speakerNames: new Map(),
      chapters: [],
    }),
    unspeakable: lines.filter(isUnspeakable),
    unavailableVoices: [...unavailable].map((id) => ({ id, name: storedVoiceName(id, narration) })),
  };
}

type HasRendition = (segment: PlannedSegment) => boolean;

/**
 * Looks up which of these segments have a rendition. Returns a function that returns true for a segment
 * with a rendition.
 */
export async function findExisting(
  tx: Tx,
  owner: Owner,
  segments: readonly PlannedSegment[],
): Promise<HasRendition> {
  const keysOf = (isShared: boolean): string[] => [
    ...new Set(segments.filter((each) => each.isShared === isShared).map((each) => each.recipeKey)),
  ];
  const shared = new Set(await renditionStore.keysAmong(tx, keysOf(true)));
  const owned = new Set(await userRenditionStore.keysAmong(tx, owner, keysOf(false)));
  return ({ isShared, recipeKey }) => (isShared ? shared : owned).has(recipeKey);
}

function estimateOf(
  { narrationId, planned, unspeakable, unavailableVoices }: PlannedScript,
  hasRendition: HasRendition,
  speech: SpeechDirectory,
): RenderEstimate {
  const missing = new Map(
    planned.filter((each) => !hasRendition(each)).map((each) => [each.recipeKey, each]),
  );
  const letters = [...missing.values(), ...unspeakable.map((line) => ({ line }))].reduce(
    (sum, { line }) => sum + line.text.length,
    0,
  );
  return {
    narrationId,
    segmentsToRender: missing.size + unspeakable.length,
    seconds: Math.ceil(letters / LETTERS_PER_SECOND),
    cost: costOf(
      [...missing.values()].filter((segment) => segment.unspeakable === null),
      speech,
    ),
    unavailableVoices,
    silentSegments: planned.flatMap(({ line: { position }, unspeakable: reason }) =>
      reason === null ? [] : [{ position, reason }],
    ),
  };
}

/**
 * Returns the total price of speaking the segments. Returns null if speech is free. Adds up the prices
 * of all providers, because all providers of one server bill in one currency.
 */
function costOf(segments: readonly PlannedSegment[], speech: SpeechDirectory): Cost | null {
  const priced = segments.flatMap(({ voice, recipe }) => {
    const price = speech.providerOf(voice)?.capabilities().price;
    return price ? [{ price, letters: recipe.request.text.length }] : [];
  });
  const micros = priced.reduce(
    (sum, { price, letters }) => sum + (letters * price.microsPerMillionChars) / 1_000_000,
    0,
  );
  const currency = priced[0]?.price.currency;
  return currency === undefined ? null : { micros: Math.ceil(micros), currency };
}
