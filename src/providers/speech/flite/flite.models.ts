import { z } from "zod";
import { BANDS } from "../../../audio/adaptation/equaliser.js";
import { MODEL_VERSION, type VoiceModel } from "../../../audio/adaptation/voice-model.js";
import { NotFoundError, ProviderError } from "../../../platform/errors.js";
import { PROVIDER, findFliteVoice } from "./flite.voices.js";

/** Reads the blob of a model. @throws NotFoundError if the storage has no such blob */
export type ReadModel = (key: string) => Promise<Uint8Array>;

/** A render speaks with one or two models. A model takes about 20 kB. */
const MOST_KEPT = 8;
/**
 * A model leaves the memory after this time. So the model of a deleted voice is soon nowhere, and a model
 * is read once a minute while a render speaks.
 */
const KEPT_MS = 60_000;

/** The order of the cepstra and the number of classes that `audio/adaptation/codebook.ts` makes at most. */
const CEPSTRA = 12;
const MOST_CLASSES = 24;

const factor = z.number().min(0.1).max(10);
const hz = z.number().min(1).max(1_000);
const gains = z.array(z.number().min(-40).max(40)).length(BANDS);

const modelSchema = z.object({
  version: z.literal(MODEL_VERSION),
  base: z.string().refine((base) => findFliteVoice(`${PROVIDER}:${base}`) !== null),
  formantScale: z.number().min(0.5).max(2).multipleOf(0.01),
  pitchHz: hz,
  spreadHz: z.number().min(0).max(1_000),
  stretch: factor,
  engine: z.union([
    z.object({ pitchHz: hz, spreadHz: z.number().min(0).max(1_000), stretch: factor }),
    z.object({ stretch: factor }).strict(),
  ]),
  melody: z.object({ pitch: z.number().min(-24).max(24), range: factor }),
  bandGainsDb: gains,
  codebook: z
    .array(z.object({ cepstrum: z.array(z.number()).length(CEPSTRA), bandGainsDb: gains }))
    .min(1)
    .max(MOST_CLASSES),
});

/** Keeps the models of personal voices that spoke last. */
export class FliteModels {
  /** In the order of their last use. A failed reading is not kept. */
  private readonly kept = new Map<string, Promise<VoiceModel>>();

  constructor(private readonly read: ReadModel) {}

  /**
   * Returns the model of a personal voice.
   * @throws ProviderError if the model is missing or damaged, or if the storage fails
   */
  async find(key: string): Promise<VoiceModel> {
    const known = this.kept.get(key);
    const found = known ?? this.load(key);
    this.kept.delete(key);
    this.kept.set(key, found);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MOST_KEPT) break;
      this.kept.delete(oldest);
    }
    return found;
  }

  private load(key: string): Promise<VoiceModel> {
    const loading = this.read(key).then(parseModel, (error: unknown) => {
      throw error instanceof NotFoundError ? unusable("is missing", error) : error;
    });
    const forget = (): void => {
      if (this.kept.get(key) === loading) this.kept.delete(key);
    };
    loading.then(() => setTimeout(forget, KEPT_MS).unref(), forget);
    return loading;
  }
}

function parseModel(bytes: Uint8Array): VoiceModel {
  try {
    return modelSchema.parse(JSON.parse(Buffer.from(bytes).toString("utf8")));
  } catch (cause) {
    throw unusable("is damaged, or another version of Fabula made it", cause);
  }
}

const unusable = (why: string, cause: unknown): ProviderError =>
  new ProviderError(`The model of this personal voice ${why}; train the voice again.`, false, {
    cause,
  });
