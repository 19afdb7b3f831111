import { setImmediate } from "node:timers/promises";
import type { ResolvedProsody } from "../../audio/delivery/resolved-prosody.js";
import { type Loader, batchLoader } from "../../platform/database/reading/loaders.js";
import { plainRow } from "../../platform/database/reading/columns.js";
import type { TextEdit } from "../../platform/text/edited-text.js";
import {
  type PublishedLegacySound,
  type ReferenceLoaders,
  type SegmentSound,
  type StorySegmentEntity,
  isLegacySound,
} from "../../reference/index.js";
import type { LegacySoundLoaders } from "../legacy-sound/legacy-sound.loaders.js";
import type { LegacySegment, LegacySound, LegacySounds } from "../legacy-sound/legacy-sounds.js";
import type { NarrationLoaders } from "../narration/narration.loaders.js";
import { voiceOfLine } from "../narration/voices/line-voice.js";
import type {
  NarrationDetails,
  NarrationEntity,
  NarrationSegmentEntity,
} from "../narration/narration.entity.js";
import { type NarrationView, isOwn } from "../narration/narration-view.js";
import { scriptLanguage } from "../narration/script/script-language.js";
import {
  type LastRenderedSound,
  type LineContext,
  type SoundComparison,
  compareWithLastRender,
  lexiconWords,
} from "./plan/line-recipe.js";
import type { PersonalVoice } from "../personal-voice/personal-voice.js";
import { choosePersonalSpeaker } from "./plan/personal-speaker.js";
import { findSpokenEdits, spokenText, writtenWords } from "./plan/spoken-edits.js";
import { resolveSegmentProsody } from "./plan/segment-prosody.js";
import type { RenderedLine } from "./lines.store.js";
import type { RenderingLoaders } from "./rendering.loaders.js";
import type { SpeechDirectory } from "./speech-directory.js";

/**
 * A segment of a narration as one viewer may see it. The owner sees the current row, everyone else the
 * edition's row.
 */
export interface NarratedSegment {
  readonly narration: NarrationView;
  readonly details: NarrationDetails;
  readonly row: Pick<
    NarrationSegmentEntity,
    | "position"
    | "storyPosition"
    | "kind"
    | "text"
    | "speakerId"
    | "emotion"
    | "intensity"
    | "voice"
    | "prosody"
    | "pauseAfterMs"
  >;
  /** The facts of the segment's last render. null for viewers of an edition. */
  readonly lastRendered:
    | (LastRenderedSound & LegacySegment & Pick<NarrationSegmentEntity, "startMs" | "joinDegraded">)
    | null;
  /** The segment's sound in the edition. null for the owner, and if the edition has no sound. */
  readonly publishedSound: SegmentSound | PublishedLegacySound | null;
}

/** The look-ups of one request that a segment's sound needs. */
export interface SegmentLookups {
  readonly reference: Pick<ReferenceLoaders, "analyses" | "stories">;
  /** The loaders of the viewer's renders. undefined for a viewer without a token. */
  readonly renders: RenderingLoaders | undefined;
  /** The loaders of the viewer's sound of the legacy platform. undefined for a viewer without a token. */
  readonly legacySounds: LegacySoundLoaders | undefined;
  /** Reads the viewer's personal voices. */
  readonly ownVoices: () => Promise<readonly PersonalVoice[]>;
}

/** The look-ups of one request that whole scripts of the owner need. */
export interface ScriptLookups extends SegmentLookups {
  readonly narrations: Pick<NarrationLoaders, "byId">;
  readonly renders: RenderingLoaders;
}

/** A line of a script, and whether rendering now would change its sound. */
export interface ComparedLine extends Pick<
  RenderedLine,
  "position" | "kind" | "speakerId" | "isEdited"
> {
  readonly isStale: boolean;
}

interface ReadScript {
  readonly lines: readonly RenderedLine[];
  readonly context: LineContext & { readonly narration: NarrationEntity };
  /** Whether each line is stale, if the narration has no sound of ours. */
  readonly legacy: readonly boolean[] | null;
}

/** Comparing so many lines takes a few milliseconds. Then the process can answer other requests. */
const COMPARED_AT_ONCE = 50;

/** Finds out how segments sound, and whether a segment's sound is up to date. */
export class SegmentSounds {
  constructor(
    private readonly speech: SpeechDirectory,
    private readonly legacySounds: LegacySounds,
  ) {}

  /** Returns the numbers that the segment is spoken with. */
  async prosody(segment: NarratedSegment, lookups: SegmentLookups): Promise<ResolvedProsody> {
    const { row, details } = segment;
    const manners = await mannersOf(segment, lookups);
    const speech = await this.speechOf(segment, lookups);
    const own = speech.personalVoice(voiceOfLine(row, details));
    const delivery = own ? choosePersonalSpeaker(own, row)?.own : undefined;
    return resolveSegmentProsody(row, manners, details.voiceModifications, delivery);
  }

  /** Only the owner of a narration gets their personal voices. An edition does not need them. */
  private async speechOf(
    { narration }: NarratedSegment,
    { ownVoices }: SegmentLookups,
  ): Promise<SpeechDirectory> {
    const voices = await ownVoices();
    return isOwn(narration) ? this.speech.withPersonal(voices) : this.speech;
  }

  /**
   * Returns true if rendering now would change the segment's sound. Sound of the legacy platform is
   * stale in the segments that the owner changed here. Returns false while the narration has no audio.
   */
  async isStale(segment: NarratedSegment, lookups: SegmentLookups): Promise<boolean> {
    const { narration, lastRendered } = segment;
    if (segment.details.audio === null) return this.isLegacyStale(narration, lastRendered, lookups);
    return (await this.compare(segment, lookups))?.isStale ?? false;
  }

  /**
   * Returns a loader of the owner's scripts, by narration id: each line with the value of `isStale`. Compares
   * whole scripts, without blocking the event loop.
   */
  stalenessLoader(lookups: ScriptLookups): Loader<string, readonly ComparedLine[] | null> {
    return batchLoader(async (ids) => {
      const scripts = await Promise.all(ids.map((id) => this.readScript(id, lookups)));
      const compared = new Map<string, readonly ComparedLine[]>();
      for (const script of scripts) {
        if (script) compared.set(script.context.narration.id, await compareScript(script));
      }
      return compared;
    });
  }

  private async readScript(id: string, lookups: ScriptLookups): Promise<ReadScript | null> {
    const [narration, script] = await Promise.all([
      lookups.narrations.byId.load(id),
      lookups.renders.renderedLines.load(id),
    ]);
    if (!narration || !script) return null;
    const { lines } = script;
    const [language, voices, legacy] = await Promise.all([
      languageOf(narration, lookups),
      lookups.ownVoices(),
      narration.audio === null
        ? Promise.all(lines.map((line) => this.isLegacyStale(narration, line, lookups)))
        : null,
    ]);
    const speech = this.speech.withPersonal(voices);
    return { lines, legacy, context: { narration, language, speech } };
  }

  private async isLegacyStale(
    narration: NarrationView,
    lastRendered: LegacySegment | null,
    { legacySounds }: SegmentLookups,
  ): Promise<boolean> {
    if (!lastRendered?.isEdited) return false;
    const { recipeKey, extra } = lastRendered;
    const had = { isEdited: false, recipeKey, extra };
    const sounds = await Promise.all([
      this.legacySounds.ofNarration(narration, legacySounds),
      this.legacySounds.ofSegment(had, legacySounds),
    ]);
    return sounds.some((sound) => sound !== null);
  }

  /**
   * Returns the segment's sound of the legacy platform. Returns null if the narration has sound of ours.
   */
  async legacySound(
    { details, lastRendered, publishedSound }: NarratedSegment,
    { legacySounds }: SegmentLookups,
  ): Promise<LegacySound | null> {
    if (isLegacySound(publishedSound)) return this.legacySounds.ofEdition(publishedSound);
    if (details.audio !== null || !lastRendered) return null;
    return this.legacySounds.ofSegment(lastRendered, legacySounds);
  }

  /**
   * Returns the segment's own sound. Returns null if the segment was not rendered with its current
   * text, voice and delivery.
   */
  async sound(segment: NarratedSegment, lookups: SegmentLookups): Promise<SegmentSound | null> {
    const { lastRendered } = segment;
    if (!lastRendered?.recipeKey) return publishedSoundOf(segment);
    const [comparison, rendition] = await Promise.all([
      this.compare(segment, lookups),
      lookups.renders?.rendition.load(lastRendered.recipeKey),
    ]);
    if (!comparison?.isCurrent || !rendition) return null;
    const degraded = [...rendition.degraded, ...(lastRendered.joinDegraded ?? [])];
    const words = writtenWords(segment.row.text, lastRendered.spokenEdits ?? [], rendition.words);
    return { ...rendition, words, startMs: lastRendered.startMs, degraded };
  }

  /**
   * Returns the text that the voice gets: as the last render's voice said the segment if the sound is up to date,
   * else as a render would give it to the voice now. An edition with sound has its own form.
   */
  async spokenText(segment: NarratedSegment, lookups: SegmentLookups): Promise<string> {
    const { row, details, lastRendered, publishedSound } = segment;
    // Every segment reads the same rows, so that the number of statements depends only on the query.
    const [language, apparatus, comparison] = await Promise.all([
      languageOf(segment.narration, lookups),
      apparatusOf(segment, lookups),
      this.compare(segment, lookups),
    ]);
    if (comparison?.isCurrent) return spokenText(row.text, lastRendered?.spokenEdits ?? []);
    if (publishedSound && !isLegacySound(publishedSound)) {
      return spokenText(row.text, publishedSound.spokenEdits ?? []);
    }
    const keep = lexiconWords(details);
    return spokenText(
      row.text,
      findSpokenEdits({ ...plainRow(row), apparatus }, { language, keep }),
    );
  }

  /**
   * Compares the segment with its last render. Returns null for viewers of an edition, because an
   * edition never goes stale.
   */
  private async compare(
    segment: NarratedSegment,
    lookups: SegmentLookups,
  ): Promise<SoundComparison | null> {
    const { narration, details, row, lastRendered } = segment;
    if (!lastRendered) return null;
    const [language, modulations] = await Promise.all([
      languageOf(narration, lookups),
      mannersOf(segment, lookups),
    ]);
    const speech = await this.speechOf(segment, lookups);
    const context = { narration: details, language, speech };
    return compareWithLastRender({ ...plainRow(row), modulations }, lastRendered, context);
  }
}

async function compareScript({ lines, context, legacy }: ReadScript): Promise<ComparedLine[]> {
  const compared: ComparedLine[] = [];
  for (const [at, line] of lines.entries()) {
    if (at % COMPARED_AT_ONCE === 0) await setImmediate();
    const { position, kind, speakerId, isEdited } = line;
    const isStale = legacy?.[at] ?? compareWithLastRender(line, line, context).isStale;
    compared.push({ position, kind, speakerId, isEdited, isStale });
  }
  return compared;
}

async function languageOf(
  { analysisId, referenceStoryId }: NarrationView,
  { reference: { analyses, stories } }: SegmentLookups,
): Promise<string> {
  return analysisId === null
    ? scriptLanguage(null, await stories.byId.load(referenceStoryId))
    : scriptLanguage(await analyses.byId.load(analysisId));
}

/** Returns the sound of an edition, with the words as they are written. */
function publishedSoundOf({ row, publishedSound }: NarratedSegment): SegmentSound | null {
  if (publishedSound === null || isLegacySound(publishedSound)) return null;
  const { spokenEdits = [], words } = publishedSound;
  return { ...publishedSound, words: writtenWords(row.text, spokenEdits, words) };
}

/** Returns the apparatus inside the story's own text. Returns null for a text that the owner wrote. */
async function apparatusOf(
  { narration: { analysisId }, row }: NarratedSegment,
  { reference: { analyses } }: SegmentLookups,
): Promise<readonly TextEdit[] | null> {
  if (analysisId === null || row.storyPosition === null) return null;
  const [original, apparatus] = await Promise.all([
    analyses.segmentAt(analysisId, row.storyPosition),
    analyses.apparatusAt(analysisId, row.storyPosition),
  ]);
  return original?.text === row.text ? apparatus : null;
}

async function mannersOf(
  { narration: { analysisId }, row }: NarratedSegment,
  { reference }: SegmentLookups,
): Promise<StorySegmentEntity["modulations"]> {
  if (analysisId === null || row.storyPosition === null) return [];
  const original = await reference.analyses.segmentAt(analysisId, row.storyPosition);
  return original?.modulations ?? [];
}
