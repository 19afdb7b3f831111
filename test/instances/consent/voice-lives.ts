import { randomUUID } from "node:crypto";
import { NO_QUOTAS } from "../../../src/config.js";
import {
  CONSENT_STATEMENT,
  EmotionTraining,
  EmotionVoiceService,
  type NarrationEntity,
  OwnedBlobs,
  SoundSweep,
  SpeechDirectory,
  VoicePreviews,
  VoiceSubject,
  ownerOf,
} from "../../../src/instances/index.js";
import { FabulaError } from "../../../src/platform/errors.js";
import type { CloningProvider, TrainingOrder } from "../../../src/providers/speech/cloning.port.js";
import { fliteSpeech } from "../../../src/providers/speech/flite/flite.js";
import { speak } from "../../../src/providers/speech/flite/flite.worker.js";
import type { SpeechProvider, SpeechRequest } from "../../../src/providers/speech/speech.port.js";
import { recipeKeyOf } from "../../../src/reference/index.js";
import type { TestApp } from "../../support/app.js";
import { collect } from "../../support/collect.js";
import { Studio } from "../rendering/studio.js";

/** The people of the test. Their ids are also the names of their rows' owners. */
export const PEOPLE = ["ada", "ben"] as const;
export type Person = (typeof PEOPLE)[number];

const DAY_MS = 24 * 3_600_000;
const nothing = () => Promise.resolve();

/** A change that happens while a provider works. */
export type Interruption = () => Promise<unknown>;

/**
 * Two people who record, train, cast, render and publish with real services. Every call of a provider with a
 * personal voice is compared with the consent that the database has at that moment.
 */
export class VoiceLives {
  /** Calls of a provider with a voice whose consent was not live. Must stay empty. */
  readonly violations: string[] = [];
  /** The numbers of calls with a personal voice. */
  readonly calls = { trained: 0, spoken: 0, previewed: 0 };
  /** Every id, model and label of each person's voices. No row of the other person may contain one. */
  readonly secrets: Readonly<Record<Person, Set<string>>> = { ada: new Set(), ben: new Set() };
  /** The keys of all recipes that a personal voice spoke. */
  readonly recipeKeys = new Set<string>();
  readonly narrations: Readonly<Record<Person, NarrationEntity[]>> = { ada: [], ben: [] };
  interruption: Interruption | null = null;
  private readonly names = new Map<string, Person>();
  private readonly previews: VoicePreviews;

  private constructor(
    readonly app: TestApp,
    readonly studio: Studio,
    private readonly story: { readonly id: number },
  ) {
    studio.beforeSpeaking = async (request) => {
      if (request.personal) this.calls.spoken += 1;
      await this.watch(request);
    };
    const { database, notifier, clock } = app.services;
    this.previews = new VoicePreviews({
      ...{ database, notifier, clock, storage: studio.storage, quotas: NO_QUOTAS },
      speech: new SpeechDirectory([this.previewSpeech()]),
      sweepLater: nothing,
    });
  }

  static async begin(app: TestApp, story: { readonly id: number }): Promise<VoiceLives> {
    const lives = new VoiceLives(app, await Studio.open(app), story);
    for (const person of PEOPLE) {
      lives.names.set((await app.given.user(person)).publicId, person);
    }
    return lives;
  }

  publicIdOf(person: Person): string {
    return [...this.names].find(([, name]) => name === person)?.[0] ?? "";
  }

  /** Runs a request. Refusals are answers. Any other error fails the test. */
  async attempt<T>(request: () => Promise<T>): Promise<T | FabulaError> {
    try {
      return await request();
    } catch (error) {
      if (error instanceof FabulaError) return error;
      throw error;
    }
  }

  grant(person: Person) {
    return this.app.services.consents.grant(ownerOf(person), {
      statementVersion: CONSENT_STATEMENT.version,
      subject: VoiceSubject.Self,
    });
  }

  async expire(person: Person): Promise<void> {
    const sql = "SET expires_at = now() - interval '1 minute' WHERE user_id = $1";
    await this.app.superuser(`UPDATE instances.voice_consents ${sql} AND is_live`, [person]);
    await this.app.superuser(`UPDATE platform.expiring_consents ${sql}`, [person]);
  }

  /** Adds an accepted recording, if the person has a live consent. */
  async record(person: Person, key: "neutral" | "joy"): Promise<void> {
    const bytes = new TextEncoder().encode(`A recording of ${key}: ${randomUUID()}`);
    const about = { contentType: "audio/wav", owner: this.publicIdOf(person) };
    const blob = await this.studio.storage.put(bytes, about);
    const measures = {
      speechSeconds: 31,
      snrDb: 40,
      clippedShare: 0,
      voicedShare: 1,
      levelDb: -20,
    };
    await this.app.superuser(
      `INSERT INTO instances.user_voice_samples (user_id, template_id, transcript, blob_key, quality,
         state, consent_id, consent_live)
       SELECT $1, t.id, 'The words.', $2, $3, 'usable', c.id, true
       FROM instances.voice_consents c, reference.voice_modulation_templates t
       WHERE c.user_id = $1 AND c.is_live AND t.modulation_key = $4`,
      [person, blob.key, JSON.stringify({ score: 1, measures, issues: [] }), key],
    );
  }

  async train(person: Person): Promise<void> {
    const service = new EmotionVoiceService(this.trainingParts(this.app.database));
    await this.attempt(() => service.train(ownerOf(person), { templateIds: [] }));
    const job = new EmotionTraining(this.trainingParts(this.app.jobDatabase));
    for (const { id } of await this.voices(person)) {
      await this.attempt(() => job.run({ userId: person, voiceId: id }));
    }
    for (const { voice } of await this.voices(person)) this.secrets[person].add(voice);
  }

  async forgetEmotionVoice(person: Person): Promise<void> {
    const service = new EmotionVoiceService(this.trainingParts(this.app.database));
    const [row] = await this.app.superuser<{ id: string }>(
      "SELECT id FROM instances.user_emotion_voices WHERE user_id = $1 ORDER BY id DESC LIMIT 1",
      [person],
    );
    if (row) await this.attempt(() => service.remove(ownerOf(person), row.id));
  }

  voices(person: Person) {
    return this.app.superuser<{ id: string; voice: string }>(
      "SELECT id, voice FROM instances.user_voices WHERE user_id = $1",
      [person],
    );
  }

  /** Makes a narration that `voiceOf`'s voice narrates. Returns the refusal, or null. */
  async cast(person: Person, voiceOf: Person): Promise<FabulaError | null> {
    const [voice] = await this.voices(voiceOf);
    const narratorVoice = voice?.voice ?? "flite:slt";
    const input = { storyId: this.story.id, narratorVoice };
    const made = await this.attempt(() =>
      this.app.services.narrations.create(ownerOf(person), input),
    );
    if (made instanceof FabulaError) return made;
    this.narrations[person].push(made);
    return null;
  }

  async render(narration: NarrationEntity): Promise<void> {
    const now = await this.app.given.reread(narration);
    const owner = ownerOf(narration.userId);
    const asked = await this.attempt(() => this.studio.rendering.request(owner, now));
    const order = this.studio.orders.at(-1);
    if (asked instanceof FabulaError || order?.narrationId !== narration.id) return;
    const failed = await this.attempt(() => this.studio.renders.run(order));
    // The queue gives up a job whose error no new try can mend.
    if (failed instanceof FabulaError) {
      await this.studio.renders.giveUp(order, { message: failed.message, errorId: "1" });
    }
  }

  async publish(narration: NarrationEntity): Promise<void> {
    const now = await this.app.given.reread(narration);
    const { publishing } = this.app.services;
    await this.attempt(() => publishing.publish(ownerOf(narration.userId), now, "public"));
  }

  async preview(person: Person, voiceOf: Person): Promise<unknown> {
    const [voice] = await this.voices(voiceOf);
    const input = { voice: voice?.voice ?? "flite:slt", text: "Go on." };
    const { signal } = new AbortController();
    return this.attempt(() => this.previews.preview(ownerOf(person), input, signal));
  }

  /** Sweeps the sound of a person as it will be in 8 days. */
  async sweepLater(person: Person): Promise<void> {
    const { jobDatabase: database } = this.app;
    const clock = { now: () => new Date(Date.now() + 8 * DAY_MS) };
    const enqueued = { enqueue: nothing, enqueueAfterDeletion: nothing, enqueueCleanup: nothing };
    const { storage } = this.studio;
    await new SoundSweep({ database, clock, storage, ...enqueued }).run(person, true);
  }

  blobs(person: Person): Promise<string[]> {
    return collect(this.studio.storage.list(this.publicIdOf(person)));
  }

  private trainingParts(database: TestApp["database"]) {
    const { notifier, clock } = this.app.services;
    const { storage } = this.studio;
    return {
      ...{ database, notifier, clock, blobs: new OwnedBlobs({ database, storage }) },
      ...{ sweepSoon: nothing, enqueue: nothing, enqueueCleanup: nothing },
      cloning: [this.cloning()],
    };
  }

  private cloning(): CloningProvider {
    return {
      ...{
        id: "flite",
        kind: "adapted",
        languages: ["en"],
        needsTranscripts: true,
        isRemote: false,
      },
      train: async (order, signal) => {
        this.calls.trained += 1;
        const person = this.names.get(order.ownerName) ?? "ada";
        this.secrets[person].add(order.label);
        await this.requireConsent(person, `train ${order.emotion}`);
        await this.interrupt();
        signal.throwIfAborted();
        return this.adapt(order, person);
      },
      remove: nothing,
    };
  }

  private async adapt({ label, emotion, ownerName }: TrainingOrder, person: Person) {
    const measured = { otherDeltas: {}, qualityScore: 1, metrics: {} };
    if (emotion !== "neutral") return { model: null, deltas: null, ...measured };
    const bytes = new TextEncoder().encode(`The model ${label}`);
    const about = { contentType: "application/json", owner: ownerName };
    const { key } = await this.studio.storage.put(bytes, about);
    this.secrets[person].add(key);
    return { model: key, deltas: null, ...measured };
  }

  private previewSpeech(): SpeechProvider {
    const flite = fliteSpeech((input) => speak(input));
    return {
      ...flite,
      synthesize: async (request, signal) => {
        const { personal, ...plain } = request;
        if (!personal) return flite.synthesize(request, signal);
        this.calls.previewed += 1;
        await this.watch(request);
        signal.throwIfAborted();
        return flite.synthesize({ ...plain, voice: "flite:slt" }, signal);
      },
    };
  }

  private async watch(request: SpeechRequest): Promise<void> {
    if (!request.personal) return;
    const { model } = request.personal;
    const { version } = fliteSpeech((input) => speak(input)).capabilities();
    this.recipeKeys.add(recipeKeyOf({ provider: "flite", providerVersion: version, request }));
    const person = PEOPLE.find((name) => this.secrets[name].has(model)) ?? "ada";
    await this.requireConsent(person, `speak ${JSON.stringify(request.text)}`);
    await this.interrupt();
  }

  private async requireConsent(person: Person, what: string): Promise<void> {
    const live = await this.app.superuser(
      `SELECT FROM instances.voice_consents
       WHERE user_id = $1 AND is_live AND expires_at > clock_timestamp()`,
      [person],
    );
    if (live.length === 0) this.violations.push(`${what} in the voice of ${person}`);
  }

  private async interrupt(): Promise<void> {
    const { interruption } = this;
    this.interruption = null;
    await interruption?.();
  }
}
