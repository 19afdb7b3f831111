import { createHash } from "node:crypto";
import { NEUTRAL_PROSODY } from "../../audio/delivery/resolved-prosody.js";
import type { Clock } from "../../platform/clock.js";
import type { Database, Tx } from "../../platform/database/transactions/database.js";
import { type Loader, type Reader, loaderByKey } from "../../platform/database/reading/loaders.js";
import type { Notifier } from "../../platform/database/listening/notifier.js";
import { ConflictError, NotFoundError } from "../../platform/errors.js";
import type { BlobStorage } from "../../providers/storage/storage.port.js";
import { NARRATION_FILES, analysisStore, storyStore } from "../../reference/index.js";
import {
  type NarrationEntity,
  NarrationStatus,
  NO_NARRATION,
  isUnderWay,
  nameOf,
} from "../narration/narration.entity.js";
import { type NarrationAt, lockNarration } from "../narration/narration-lock.js";
import { titleOf } from "../narration/narration-view.js";
import { consentStore } from "../consent/consent.store.js";
import type { RendersUnderWay } from "../narration/delete-narration.js";
import type { PersonalVoice } from "../personal-voice/personal-voice.js";
import { personalVoiceStore } from "../personal-voice/personal-voice.store.js";
import type { RenderedSound } from "../narration/publishing/publishing.service.js";
import { scriptLanguage } from "../narration/script/script-language.js";
import { narrationStore } from "../narration/narration.store.js";
import { type IdempotentRequest, runIdempotently } from "../idempotency/run-idempotently.js";
import { type Owner, ownerTopic } from "../owner.js";
import { type RenderEstimate, estimateRenders } from "./plan/estimates.js";
import { chapterMarks } from "./plan/chapter-marks.js";
import { lineStore } from "./lines.store.js";
import { type RenderPlan, planRendering } from "./plan/plan.js";
import { OWNER_RENDER_CHANNEL, RENDER_CHANNEL, type RenderOrder } from "./render-order.js";
import {
  type RenderQuotas,
  refuseManyRenders,
  reserveCharacters,
  returnUnspoken,
} from "./render-quotas.js";
import { explainMostlyUnspeakable, refuseMostlyUnspeakable } from "./plan/unspeakable.js";
import { renderStore } from "./render.store.js";
import { speakerNames } from "./plan/speaker-names.js";
import type { SpeechDirectory } from "./speech-directory.js";

/** Adds a render to the queue, in the transaction that begins the render. */
export type EnqueueRender = (tx: Tx, order: RenderOrder, segmentCount: number) => Promise<void>;

export interface RenderingDependencies {
  readonly database: Database;
  readonly clock: Clock;
  readonly notifier: Notifier;
  readonly speech: SpeechDirectory;
  readonly storage: BlobStorage;
  readonly quotas: RenderQuotas;
  readonly enqueue: EnqueueRender;
  /** Queues the sweep that deletes unused sound. */
  readonly sweepLater: (tx: Tx, owner: Owner) => Promise<void>;
}

/** Requests, cancels and estimates renders. RenderRun speaks and joins the segments. */
export class RenderingService implements RenderedSound, RendersUnderWay {
  constructor(private readonly use: RenderingDependencies) {}

  /**
   * Queues a render of the current script. Changes nothing if the sound is up to date and no file is
   * lost.
   * @throws ConflictError for a stale version, a missing script, a render under way, or a voice that is
   *   gone or does not speak the story's language
   */
  async request(
    owner: Owner,
    at: NarrationAt,
    request?: IdempotentRequest,
    { isUnlimited = false } = {},
  ): Promise<NarrationEntity> {
    const { database, clock } = this.use;
    const now = clock.now();
    const about = { isUnlimited, isLost: await this.hasLostFiles(owner, at.id) };
    return database.write(owner.userId, (tx) =>
      runIdempotently({ tx, owner, now }, request, {
        make: () => this.queueRender(tx, owner, at, about),
        reread: async (id) => (await narrationStore.byIds(tx, owner, [id]))[0],
      }),
    );
  }

  /**
   * Returns true if a file of a ready narration is missing from the storage, or if the size of the mp3
   * is not the stored size.
   */
  private async hasLostFiles(owner: Owner, id: string): Promise<boolean> {
    const { database, storage } = this.use;
    const [narration] = await database.read({ viewer: owner.userId }, (tx) =>
      narrationStore.byIds(tx, owner, [id]),
    );
    if (narration?.status !== NarrationStatus.Ready || !narration.audio) return false;
    const { audio } = narration;
    const found = await Promise.all(NARRATION_FILES.map((file) => storage.stat(audio[file])));
    return found.includes(null) || found[0]?.sizeBytes !== audio.sizeBytes;
  }

  private async queueRender(
    tx: Tx,
    owner: Owner,
    at: NarrationAt,
    { isLost, isUnlimited }: { readonly isLost: boolean; readonly isUnlimited: boolean },
  ): Promise<NarrationEntity> {
    const { clock, enqueue, sweepLater } = this.use;
    // A revocation of the consent cancels this render, because the revocation waits for this transaction.
    await consentStore.hold(tx, owner);
    const narration = await lockForRendering(tx, owner, at);
    const plan = await this.plan(tx, owner, narration);
    refuseMostlyUnspeakable(plan.segments, narration);
    const scriptHash = hashSound(plan);
    const isReady = narration.status === NarrationStatus.Ready;
    if (isReady && narration.renderedScriptHash === scriptHash && !isLost) return narration;
    if (!isUnlimited) await refuseManyRenders(tx, owner, this.use);
    const reservedCharacters = isUnlimited
      ? 0
      : await reserveCharacters(tx, owner, plan.segments, this.use);
    const [last] = await renderStore.latest(tx, owner, [narration.id]);
    const order = {
      userId: owner.userId,
      narrationId: narration.id,
      attempt: (last?.attempt ?? 0) + 1,
    };
    await renderStore.begin(tx, owner, {
      ...order,
      total: plan.segments.length,
      scriptHash,
      startedAt: clock.now(),
      reservedCharacters,
    });
    const queued = await narrationStore.setRendered(tx, owner, narration.id, {
      status: NarrationStatus.Queued,
      failure: null,
    });
    await enqueue(tx, order, plan.segments.length);
    await sweepLater(tx, owner);
    await this.announce(tx, owner, narration.id);
    return queued;
  }

  /**
   * Ends the render under way, even if no worker runs the render. A worker that runs the render notices
   * the end before its next write. Finished renditions are kept. Does nothing if no render is under way.
   */
  async cancel(owner: Owner, id: string): Promise<NarrationEntity> {
    return this.use.database.write(owner.userId, async (tx) => {
      const narration = await narrationStore.lock(tx, owner, id);
      if (!narration) throw new NotFoundError(NO_NARRATION, ["id"]);
      if (!isUnderWay(narration.status)) return narration;
      await this.endRender(tx, owner, narration);
      return narrationStore.setRendered(tx, owner, id, { status: NarrationStatus.Cancelled });
    });
  }

  async endRender(tx: Tx, owner: Owner, { id, status }: NarrationEntity): Promise<void> {
    if (!isUnderWay(status)) return;
    const [render] = await renderStore.latest(tx, owner, [id]);
    if (render) {
      const finishedAt = this.use.clock.now();
      const end = { finishedAt, failure: null, cancelRequested: true };
      await renderStore.finish(tx, owner, render, end);
      await returnUnspoken(tx, owner, render);
    }
    await this.announce(tx, owner, id);
  }

  /** Returns the speech directory of an owner: also with the owner's personal voices. */
  async speechOf(tx: Tx, owner: Owner): Promise<SpeechDirectory> {
    const { speech, clock } = this.use;
    return speech.withPersonal(await personalVoiceStore.all(tx, owner, clock.now()));
  }

  /** Estimates the work that is left to render the current narration. @throws NotFoundError */
  async estimate(owner: Owner, id: string): Promise<RenderEstimate> {
    const [estimate] = await this.use.database.read({ viewer: owner.userId }, async (tx) =>
      estimateRenders(tx, owner, [id], await this.speechOf(tx, owner)),
    );
    if (!estimate) throw new NotFoundError(NO_NARRATION, ["id"]);
    return estimate;
  }

  /** Estimates many narrations together, within one request. `ownVoices` reads the owner's voices. */
  estimateLoader(
    read: Reader,
    owner: Owner,
    ownVoices: () => Promise<readonly PersonalVoice[]>,
  ): Loader<string, RenderEstimate | null> {
    let voices: readonly PersonalVoice[] = [];
    return loaderByKey(
      async (work) => {
        // Before the read of the estimates, because a read must not wait for another read.
        voices = await ownVoices();
        return read(work);
      },
      async (tx, ids) => estimateRenders(tx, owner, ids, this.use.speech.withPersonal(voices)),
      ({ narrationId }) => narrationId,
    );
  }

  /**
   * Returns a sentence that says why a narration of these texts cannot be rendered with this narrator's
   * voice. Returns null if the narration can be rendered. The texts need not be stored.
   */
  async explainUnrenderable(
    owner: Owner,
    texts: readonly string[],
    { voice, language }: { readonly voice: string; readonly language: string },
  ): Promise<string | null> {
    const speech = await this.use.database.read({ viewer: owner.userId }, (tx) =>
      this.speechOf(tx, owner),
    );
    const unavailable = speech.explainUnavailable(voice);
    if (unavailable !== null) return unavailable;
    const provider = speech.providerOf(voice);
    if (!provider || !speech.speaks(voice, language)) {
      const choices = speech.voicesFor(language).join(", ") || "none";
      return `The voice ${voice} does not speak the language "${language}". Voices that do: ${choices}.`;
    }
    const request = { language, voice, prosody: NEUTRAL_PROSODY };
    return explainMostlyUnspeakable(
      texts.map((text, position) => ({
        line: { position, text },
        unspeakable: provider.explainUnspeakable?.({ ...request, text }) ?? null,
      })),
    );
  }

  /**
   * Resolves the script to recipes.
   * @throws ConflictError if a voice is gone or does not speak the language
   */
  async plan(tx: Tx, owner: Owner, narration: NarrationEntity): Promise<RenderPlan> {
    const scripts = await lineStore.scripts(tx, owner, [narration]);
    const lines = scripts.get(narration.id) ?? [];
    const { title, headings, ...facts } = await loadStoryFacts(tx, narration);
    const speech = await this.speechOf(tx, owner);
    const chapters = chapterMarks(lines, headings, title);
    const segments = await planRendering(lines, { ...facts, narration, speech, chapters });
    return { title, chapters, segments };
  }

  async soundMatchesScript(tx: Tx, owner: Owner, narration: NarrationEntity): Promise<boolean> {
    const plan = await this.plan(tx, owner, narration);
    return hashSound(plan) === narration.renderedScriptHash;
  }

  async announce(tx: Tx, owner: Owner, narrationId: string): Promise<void> {
    const { notifier } = this.use;
    await notifier.notify(tx, RENDER_CHANNEL, narrationId);
    await notifier.notify(tx, OWNER_RENDER_CHANNEL, ownerTopic(owner));
  }
}

/** Reads the facts of the story and of the script's analysis that the sound needs. */
async function loadStoryFacts(tx: Tx, { title, referenceStoryId, analysisId }: NarrationEntity) {
  const [story] = await storyStore.byIds(tx, [referenceStoryId]);
  const [analysis] = await analysisStore.byIds(tx, [analysisId ?? 0]);
  return {
    title: titleOf({ title }, story?.title),
    language: scriptLanguage(analysis, story),
    headings: analysis ? await storyStore.chaptersOf(tx, analysis.contentHash) : [],
    speakerNames: speakerNames(analysis?.characters ?? []),
  };
}

/**
 * Returns a hash over the title, chapters, recipes, gains, pauses, speakers and texts, in order. Narrations
 * with equal hashes have equal files.
 */
export function hashSound({ title, chapters, segments }: RenderPlan): string {
  const hash = createHash("sha256").update(JSON.stringify([title, chapters]));
  for (const { recipeKey, prosody, pauseAfterMs, speaker, spokenEdits, line } of segments) {
    // A text that is said as it is written is part of the recipe.
    const written = spokenEdits.length > 0 ? [line.text.trimEnd()] : [];
    hash.update(JSON.stringify([recipeKey, prosody.gain, pauseAfterMs, speaker, ...written]));
  }
  return hash.digest("hex");
}

async function lockForRendering(tx: Tx, owner: Owner, at: NarrationAt): Promise<NarrationEntity> {
  const narration = await lockNarration(tx, owner, at);
  if (isUnderWay(narration.status)) {
    throw new ConflictError(
      `${nameOf(narration)} is rendering already; follow it with narrationProgress.`,
      narration,
    );
  }
  if (narration.segmentCount === 0) {
    throw new ConflictError(
      `${nameOf(narration)} has no script yet; render it when its story's analysis is ready.`,
      narration,
    );
  }
  return narration;
}
