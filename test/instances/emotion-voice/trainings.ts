import {
  CONSENT_STATEMENT,
  EmotionTraining,
  EmotionVoiceService,
  OwnedBlobs,
  VoiceSubject,
  ownerOf,
} from "../../../src/instances/index.js";
import type { EmotionVoiceDependencies } from "../../../src/instances/emotion-voice/emotion-voice.service.js";
import {
  TrainingRows,
  type TrainingRowsDependencies,
} from "../../../src/instances/emotion-voice/training/training-rows.js";
import type { VoiceOrder } from "../../../src/instances/emotion-voice/training/voice-order.js";
import type {
  CloningProvider,
  TrainedVoice,
  TrainingOrder,
} from "../../../src/providers/speech/cloning.port.js";
import type { TestApp } from "../../support/app.js";
import { collect } from "../../support/collect.js";

export const ada = ownerOf("ada");

type Train = (order: TrainingOrder, signal: AbortSignal) => Promise<TrainedVoice>;

/** One row of an emotion voice, with the key of its template. */
export interface EmotionRow {
  readonly id: string;
  readonly key: string;
  readonly status: string;
  readonly state: string;
  readonly revision: number;
  readonly label: string;
  readonly model: string | null;
  readonly failure: string | null;
  readonly settings: object | null;
}

const DELTAS = { pitch: 2, range: 1.1, rate: 1.2, gain: 1, tilt: 0 };

/** Ada's recordings and voices, and two providers that the test controls. */
export class Trainings {
  /** The jobs that were queued, and the labels whose clones a job must delete. */
  readonly queued: VoiceOrder[] = [];
  readonly cleanups: string[] = [];
  /** The orders that the providers got. */
  readonly orders: TrainingOrder[] = [];
  /** What the providers do. A test may replace this function. */
  answer: Train;
  /** The clones that the vendor keeps, by label. */
  readonly clones = new Map<string, string>();

  private constructor(
    readonly app: TestApp,
    readonly publicId: string,
  ) {
    this.answer = (order) => this.adapt(order);
  }

  /** Returns the trainings of Ada, who agreed to the use of her voice. */
  static async begin(app: TestApp): Promise<Trainings> {
    const { publicId } = await app.given.user("ada");
    const trainings = new Trainings(app, publicId);
    await trainings.agree();
    return trainings;
  }

  agree() {
    return this.app.services.consents.grant(ada, {
      statementVersion: CONSENT_STATEMENT.version,
      subject: VoiceSubject.Self,
    });
  }

  expire() {
    return this.app.superuser("UPDATE instances.voice_consents SET expires_at = now()");
  }

  /** Returns the id of an emotion's template, and makes the template if there is none. */
  async template(
    key: string,
    type = key === "whisper" ? "modulation" : "emotion",
  ): Promise<number> {
    const [row] = await this.app.superuser<{ id: number }>(
      `INSERT INTO reference.voice_modulation_templates
         (modulation_type, modulation_key, display_name, description, sample_text)
       VALUES ($1, $2, initcap($2), 'Of a test.', 'Oh!')
       ON CONFLICT (modulation_type, modulation_key) DO UPDATE SET sample_text = 'Oh!' RETURNING id`,
      [type, key],
    );
    return row?.id ?? 0;
  }

  /** Adds an accepted recording with so many seconds of speech. Returns the id of the voice sample. */
  async record(key: string, speechSeconds: number, about = ""): Promise<string> {
    const bytes = new TextEncoder().encode(`A recording of ${key}, ${speechSeconds} s ${about}`);
    const owner = this.publicId;
    const blob = await this.app.storage.put(bytes, { contentType: "audio/wav", owner });
    const measures = { speechSeconds, snrDb: 40, clippedShare: 0, voicedShare: 0.7, levelDb: -20 };
    const [row] = await this.app.superuser<{ id: string }>(
      `INSERT INTO instances.user_voice_samples (user_id, template_id, transcript, blob_key, quality,
         state, consent_id, consent_live)
       SELECT 'ada', $1, 'The words.', $2, $3, 'usable', c.id, true
       FROM instances.voice_consents c WHERE c.user_id = 'ada' AND c.is_live RETURNING id`,
      [await this.template(key), blob.key, JSON.stringify({ score: 1, measures, issues: [] })],
    );
    return row?.id ?? "";
  }

  /** Adds an accepted recording whose words nobody wrote down. */
  async recordWithoutWords(key: string, speechSeconds: number): Promise<void> {
    const id = await this.record(key, speechSeconds, "without words");
    await this.app.superuser(
      "UPDATE instances.user_voice_samples SET transcript = NULL WHERE id = $1",
      [id],
    );
  }

  /** The provider that adapts here, and the provider whose clones live at a vendor. */
  providers(): readonly CloningProvider[] {
    const train: Train = (order, signal) => {
      this.orders.push(order);
      return this.answer(order, signal);
    };
    const remove = () => Promise.resolve();
    const about = { languages: ["en"], train, remove };
    return [
      { id: "flite", kind: "adapted", needsTranscripts: true, isRemote: false, ...about },
      { id: "vendor", kind: "cloned", needsTranscripts: false, isRemote: true, ...about },
    ];
  }

  /** Trains as the embedded provider does: the neutral voice has a model, an emotion has deltas. */
  async adapt(order: TrainingOrder): Promise<TrainedVoice> {
    const measured = { qualityScore: 0.8, metrics: { f0MedianHz: 200 } };
    const otherDeltas = Object.fromEntries(Object.keys(order.others).map((key) => [key, DELTAS]));
    if (order.emotion !== "neutral")
      return { model: null, deltas: DELTAS, otherDeltas, ...measured };
    const bytes = new TextEncoder().encode(JSON.stringify(order.samples));
    const about = { contentType: "application/json", owner: order.ownerName };
    const { key } = await this.app.storage.put(bytes, about);
    return { model: key, deltas: null, otherDeltas, ...measured };
  }

  /** Clones as a vendor does: the same label gives the same clone. */
  async clone({ label }: TrainingOrder): Promise<TrainedVoice> {
    const model = this.clones.get(label) ?? `clone-${this.clones.size + 1}`;
    this.clones.set(label, model);
    return { model, deltas: null, otherDeltas: {}, qualityScore: null, metrics: {} };
  }

  service(use: Partial<EmotionVoiceDependencies> = {}): EmotionVoiceService {
    return new EmotionVoiceService({ ...this.dependencies(this.app.database), ...use });
  }

  /** Returns the job on the database of jobs. */
  job(use: Partial<TrainingRowsDependencies> = {}): EmotionTraining {
    return new EmotionTraining({ ...this.dependencies(this.app.jobDatabase), ...use });
  }

  /** Returns the transactions of the job, for a test that is two workers at once. */
  transactions(): TrainingRows {
    return new TrainingRows(this.dependencies(this.app.jobDatabase));
  }

  private dependencies(database: TestApp["database"]): TrainingRowsDependencies {
    const { services, storage } = this.app;
    return {
      ...{ database, clock: services.clock, notifier: services.notifier },
      blobs: new OwnedBlobs({ database, storage }),
      sweepSoon: () => Promise.resolve(),
      cloning: this.providers(),
      enqueue: async (_tx, order) => void this.queued.push(order),
      enqueueCleanup: async (_tx, label) => void this.cleanups.push(label),
    };
  }

  /** Asks for a training of templates by their keys. */
  async ask(keys: readonly string[] = [], about: object = {}) {
    const templateIds: number[] = [];
    for (const key of keys) templateIds.push(await this.template(key));
    return this.service().train(ada, { templateIds, ...about });
  }

  /** Runs the job of Ada's only voice. */
  async run(job = this.job(), signal?: AbortSignal): Promise<string> {
    return job.run(await this.order(), signal);
  }

  async order(): Promise<VoiceOrder> {
    const [voice] = await this.app.superuser<{ id: string }>(
      "SELECT id FROM instances.user_voices",
    );
    return { userId: "ada", voiceId: voice?.id ?? "0" };
  }

  rows(): Promise<EmotionRow[]> {
    return this.app.superuser<EmotionRow>(
      `SELECT v.id, t.modulation_key AS key, v.training_status AS status, v.state, v.revision, v.label,
         coalesce(v.provider_voice_id, v.model_blob_key) AS model, v.failure ->> 'message' AS failure,
         v.voice_settings AS settings
       FROM instances.user_emotion_voices v
       JOIN reference.voice_modulation_templates t ON t.id = v.template_id
       ORDER BY t.modulation_key <> 'neutral', t.modulation_key, v.revision`,
    );
  }

  /** Returns the state of each emotion voice, for example "joy ready". */
  async states(): Promise<string[]> {
    return (await this.rows()).map(({ key, status }) => `${key} ${status}`);
  }

  /** Returns the keys of templates whose recordings are locked. */
  async locked(): Promise<string[]> {
    const rows = await this.app.superuser<{ key: string }>(
      `SELECT DISTINCT t.modulation_key AS key FROM instances.user_voice_samples v
       JOIN reference.voice_modulation_templates t ON t.id = v.template_id
       WHERE v.is_locked ORDER BY key`,
    );
    return rows.map(({ key }) => key);
  }

  clonesListed() {
    return this.app.superuser<{ label: string; model: string | null; isWanted: boolean }>(
      `SELECT label, model, is_wanted AS "isWanted" FROM platform.vendor_voices ORDER BY created_at, label`,
    );
  }

  listed() {
    return this.app.superuser("SELECT * FROM platform.voices_in_training");
  }

  async blobs(): Promise<readonly string[]> {
    return collect(this.app.storage.list(this.publicId));
  }
}
