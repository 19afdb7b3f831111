import { z } from "zod";
import { JOIN_DEFAULTS, joinParts, planJoin } from "../../../audio/join.js";
import { type Sound, encodeWav } from "../../../audio/signal/wav.js";
import type { Clock } from "../../../platform/clock.js";
import type { Notifier } from "../../../platform/database/listening/notifier.js";
import type { Database, Tx } from "../../../platform/database/transactions/database.js";
import { AbandonedError, InvalidInputError, UnspeakableError } from "../../../platform/errors.js";
import { InputProblems } from "../../../platform/input/input-problems.js";
import { parseInput } from "../../../platform/input/parse-input.js";
import { userStore } from "../../../platform/users/user.store.js";
import type {
  Degradation,
  Speech,
  SpeechProvider,
  SpeechRequest,
} from "../../../providers/speech/speech.port.js";
import type { BlobStorage } from "../../../providers/storage/storage.port.js";
import { type Rendition, sampleText } from "../../../reference/index.js";
import { refuseUnknownEmotions, strangeEmotions } from "../../narration/voices/known-emotions.js";
import { emotionName, modificationsSchema } from "../../narration/voices/voice-modifications.js";
import type { Owner } from "../../owner.js";
import { describeMissedGain } from "../join/missed-gain.js";
import { VoiceGate } from "../../consent/voice-gate.js";
import { PREVIEW_GRANT, personalPreviewGrantOf } from "../../media-grants.js";
import { personalVoiceStore } from "../../personal-voice/personal-voice.store.js";
import { type SpokenLine, resolveLine } from "../plan/line-recipe.js";
import { type RenderQuotas, returnCharacters, spendCharacters } from "../render-quotas.js";
import type { SpeechDirectory } from "../speech-directory.js";

const MAX_PREVIEW_LENGTH = 300;

const previewSchema = z.object({
  text: z
    .string()
    .trim()
    .min(1, "is empty")
    .max(MAX_PREVIEW_LENGTH, `is longer than ${MAX_PREVIEW_LENGTH} characters`)
    .nullish(),
  emotion: emotionName.nullish(),
  intensity: z.number().min(0, "is below 0").max(1, "is above 1").nullish(),
  modification: modificationsSchema
    .pick({ rate: true, pitch: true, range: true, gain: true, pauses: true })
    .nullish(),
});

export type PreviewInput = z.input<typeof previewSchema> & {
  /** `provider:voice`. undefined if the sender's id was refused. */
  readonly voice: string | undefined;
};

/** A short sound: its blob, its length and the requested features that the voice could not do. */
export interface PreviewSound extends Pick<Rendition, "blobKey" | "durationMs" | "degraded"> {
  /** The grant to sign with the blob's URL. */
  readonly grant: string;
}

interface PreviewRequest {
  readonly provider: SpeechProvider;
  readonly request: SpeechRequest;
  /** dB */
  readonly gain: number;
  /** The id of the personal voice's row. null for a voice of the catalogue. */
  readonly personalVoiceId: string | null;
}

type SpokenSegment = Omit<SpokenLine, "text" | "voice" | "apparatus">;

/** Speaks samples and previews, so that people hear a voice before a long render. */
export class VoicePreviews {
  private readonly gate: VoiceGate;

  constructor(
    private readonly use: {
      readonly database: Database;
      readonly notifier: Notifier;
      readonly speech: SpeechDirectory;
      readonly storage: BlobStorage;
      readonly clock: Clock;
      readonly quotas: RenderQuotas;
      /** Queues the sweep that deletes unused sound. */
      readonly sweepLater: (tx: Tx, owner: Owner) => Promise<void>;
    },
  ) {
    this.gate = new VoiceGate(use);
  }

  /**
   * Speaks the owner's words like a segment with this voice and emotion.
   * @throws InvalidInputError for invalid input, an unavailable voice, or a text that the voice cannot
   *   read
   * @throws ConflictError if the voice is personal and its consent ends meanwhile
   * @throws AbandonedError if `leaving` aborts before the words are spoken
   * @throws QuotaExceededError
   */
  async preview(
    owner: Owner,
    input: PreviewInput,
    leaving: AbortSignal,
    problems = new InputProblems(),
  ): Promise<PreviewSound> {
    const checked = problems.check(() => parseInput(previewSchema, input), {});
    const { text, emotion, intensity, modification } = checked as z.output<typeof previewSchema>;
    const segment = {
      emotion: emotion ?? "neutral",
      intensity: intensity ?? 1,
      speakerId: null,
      prosody: modification ?? null,
      modulations: [],
    };
    const speech = await this.speechOf(owner);
    await this.refuseUnknownEmotion(owner, input, problems);
    const { voice } = input;
    const spoken =
      voice === undefined
        ? null
        : problems.check(
            () => resolvePreview({ ...segment, text: text ?? null }, voice, speech),
            null,
          );
    problems.refuse();
    if (!spoken) throw new Error("A preview was asked for without a voice.");
    const said = await this.speakWithinQuota(owner, spoken, leaving).catch((error: unknown) => {
      if (!text || !(error instanceof UnspeakableError)) throw error;
      throw new InvalidInputError(error.message, ["text"]);
    });
    const [user] = await this.use.database.write(owner.userId, async (tx) => {
      await this.use.sweepLater(tx, owner);
      return userStore.byIds(tx, [owner.userId]);
    });
    const { missed, ...sound } = await levelSound(said, spoken.gain);
    const { key: blobKey } = await this.use.storage.put(encodeWav(sound), {
      contentType: "audio/wav",
      owner: user?.publicId,
    });
    const { personal } = spoken.request;
    if (personal) await this.gate.requireKept({ owner, model: personal.model }, blobKey);
    const durationMs = Math.round((sound.pcm.length / sound.sampleRate) * 1000);
    const grant = grantOf(spoken);
    return { blobKey, grant, durationMs, degraded: [...said.degraded, ...missed] };
  }

  private async refuseUnknownEmotion(
    { userId: viewer }: Owner,
    { emotion }: PreviewInput,
    problems: InputProblems,
  ): Promise<void> {
    const named = [{ emotion, path: ["emotion"] }];
    if (strangeEmotions(named).length === 0) return;
    await this.use.database.read({ viewer }, (tx) => refuseUnknownEmotions(tx, named, problems));
  }

  /**
   * Speaks a preview. If the voice is paid, first counts the characters for the owner's quota. If
   * speaking fails, takes these characters back.
   */
  private async speakWithinQuota(
    owner: Owner,
    spoken: PreviewRequest,
    leaving: AbortSignal,
  ): Promise<Speech> {
    const { database, speech, clock } = this.use;
    if (!speech.isPaid(spoken.request.voice)) return this.synthesize(owner, spoken, leaving);
    const characters = spoken.request.text.length;
    const spentAt = clock.now();
    await database.write(owner.userId, (tx) => spendCharacters(tx, owner, characters, this.use));
    try {
      return await this.synthesize(owner, spoken, leaving);
    } catch (error) {
      await database.write(owner.userId, (tx) => returnCharacters(tx, owner, characters, spentAt));
      throw error;
    }
  }

  private async synthesize(
    owner: Owner,
    { provider, request }: PreviewRequest,
    leaving: AbortSignal,
  ): Promise<Speech> {
    const call = (signal: AbortSignal) => provider.synthesize(request, signal);
    const { personal } = request;
    try {
      leaving.throwIfAborted();
      return await (personal
        ? this.gate.speak({ owner, model: personal.model }, leaving, call)
        : call(leaving));
    } catch (error) {
      throw leaving.aborted ? new AbandonedError({ cause: error }) : error;
    }
  }

  private speechOf(owner: Owner): Promise<SpeechDirectory> {
    const { database, speech, clock } = this.use;
    return database.read({ viewer: owner.userId }, async (tx) =>
      speech.withPersonal(await personalVoiceStore.all(tx, owner, clock.now())),
    );
  }
}

/**
 * Resolves a preview in the voice's first language. If the text is null, the preview speaks the sample text
 * of this language.
 * @throws InvalidInputError for an unavailable voice
 */
function resolvePreview(
  { text, ...segment }: SpokenSegment & { readonly text: string | null },
  voice: string,
  speech: SpeechDirectory,
): PreviewRequest {
  const provider = speech.providerOf(voice);
  const own = speech.personalVoice(voice);
  const language = own?.language ?? firstLanguageOf(voice, provider);
  const line = { ...segment, text: text ?? sampleText(language), apparatus: null, voice };
  const narration = { narratorVoice: voice, voiceCast: [], voiceModifications: {} };
  const resolved = resolveLine(line, { narration, language, speech });
  if (provider && resolved) {
    const { request } = resolved.recipe;
    return {
      ...{ provider, request, gain: resolved.prosody.gain },
      personalVoiceId: own?.rowId ?? null,
    };
  }
  throw new InvalidInputError(
    speech.explainUnavailable(voice) ??
      `There is no voice ${JSON.stringify(voice.slice(0, 100))}; choose one of \`voices\`.`,
    ["voice"],
  );
}

function firstLanguageOf(voice: string, provider: SpeechProvider | null): string {
  const offered = provider?.listVoices().find(({ id }) => id === voice);
  return offered?.languages[0] ?? "en";
}

const grantOf = ({ personalVoiceId }: PreviewRequest): string =>
  personalVoiceId === null ? PREVIEW_GRANT : personalPreviewGrantOf(personalVoiceId);

/** Brings the sound to the loudness of joined sound, plus `gainDb`. */
async function levelSound(
  { pcm, sampleRate }: Speech,
  gainDb: number,
): Promise<Sound & { readonly missed: readonly Degradation[] }> {
  const part = { load: () => Promise.resolve({ pcm, sampleRate }), gainDb: 0, pauseAfterMs: 0 };
  const targetLufs = JOIN_DEFAULTS.targetLufs + gainDb;
  const plan = await planJoin([part], { ...JOIN_DEFAULTS, leadInMs: 0, targetLufs });
  const whole = new Float32Array(plan.sampleCount);
  const chunks = joinParts([part], plan);
  let position = 0;
  let next = await chunks.next();
  for (; !next.done; next = await chunks.next()) {
    whole.set(next.value, position);
    position += next.value.length;
  }
  const missed = describeMissedGain(gainDb, targetLufs - next.value);
  return { pcm: whole, sampleRate: plan.sampleRate, missed };
}
