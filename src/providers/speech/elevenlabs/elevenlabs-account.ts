import { ProviderError } from "../../../platform/errors.js";
import { type CatalogueVoice, VoiceAge, VoiceGender } from "../speech.port.js";
import type { SpeechPrice } from "../remote/price.js";
import { RequestSlots } from "../../remote/request-slots.js";
import { primaryLanguage } from "../../../platform/text/language-tag.js";
import { ElevenLabsClient, type ElevenLabsConnection, NAME } from "./elevenlabs-client.js";
import { languagesOfModel } from "./elevenlabs-models.js";
import type { VendorVoice } from "./elevenlabs-replies.js";

export interface ElevenLabsOptions extends ElevenLabsConnection, SpeechPrice {
  /** The model that speaks. Default eleven_multilingual_v2. */
  readonly model?: string;
  /**
   * A name of this installation. ElevenLabs stores the name with each clone, so that several
   * installations can share an account.
   */
  readonly installation: string;
  /** The maximum number of texts that are spoken at the same time. Default 3. */
  readonly maxConcurrent?: number;
}

/** The part before the colon in the ids of ElevenLabs' voices. */
export const ELEVENLABS = "elevenlabs";

const VOICE_ID = /^[A-Za-z0-9]{1,64}$/;
const AGES: ReadonlyMap<string, VoiceAge> = new Map([
  ["young", VoiceAge.Young],
  ["old", VoiceAge.Elder],
]);

/**
 * An account at ElevenLabs with the list of its voices. A process has one account, because the limits of
 * ElevenLabs apply to the account.
 */
export class ElevenLabsAccount {
  readonly client: ElevenLabsClient;
  readonly slots: RequestSlots;
  readonly model: string;
  private voices: readonly CatalogueVoice[] = [];
  private modelLanguages: readonly string[];

  constructor(readonly options: ElevenLabsOptions) {
    this.client = new ElevenLabsClient(options);
    this.slots = new RequestSlots(options.maxConcurrent ?? 3);
    this.model = options.model ?? "eleven_multilingual_v2";
    this.modelLanguages = languagesOfModel(this.model) ?? [];
  }

  /** The languages of the model, BCP 47 primary tags. Empty until ElevenLabs has described a new model. */
  get languages(): readonly string[] {
    return this.modelLanguages;
  }

  /** Returns the voices that everybody may choose. Returns the same list until `refresh` finds another. */
  listVoices(): readonly CatalogueVoice[] {
    return this.voices;
  }

  /**
   * Reads the voices of the account. Keeps the earlier list if ElevenLabs fails.
   * @throws ProviderError
   */
  async refresh(signal: AbortSignal): Promise<void> {
    if (this.modelLanguages.length === 0) this.modelLanguages = await this.readLanguages(signal);
    const found = (await this.client.listVoices(null, signal))
      .filter(isForEverybody)
      .map((voice) => toCatalogueVoice(voice, this.modelLanguages));
    const isChanged = JSON.stringify(found) !== JSON.stringify(this.voices);
    if (isChanged) this.voices = found;
  }

  private async readLanguages(signal: AbortSignal): Promise<readonly string[]> {
    const models = await this.client.listModels(signal);
    const speaking = models.filter((model) => model.can_do_text_to_speech !== false);
    const model = speaking.find(({ model_id }) => model_id === this.model);
    const languages = model?.languages?.map(({ language_id }) => primaryLanguage(language_id));
    if (languages?.length) return [...new Set(languages)];
    const names = speaking.map(({ model_id }) => model_id).join(", ");
    throw new ProviderError(
      `${NAME} has no model ${this.model} that speaks; set ELEVENLABS_MODEL to one of ${names}.`,
      false,
    );
  }
}

/**
 * True for voices that ElevenLabs offers and for designed voices. Clones are voices of persons, so they
 * are not offered to everybody. A professional clone that the account does not own is from ElevenLabs'
 * library, where its speaker offers the voice.
 */
export function isForEverybody({
  voice_id: id,
  category,
  is_owner: isOwner,
}: VendorVoice): boolean {
  if (!VOICE_ID.test(id) || category === "cloned") return false;
  return category !== "professional" || isOwner === false;
}

function toCatalogueVoice(voice: VendorVoice, languages: readonly string[]): CatalogueVoice {
  const { gender, age } = voice.labels ?? {};
  const known: readonly string[] = [VoiceGender.Female, VoiceGender.Male];
  return {
    id: `${ELEVENLABS}:${voice.voice_id}`,
    provider: ELEVENLABS,
    displayName: nameOf(voice),
    gender: known.includes(gender ?? "") ? (gender as VoiceGender) : VoiceGender.Neutral,
    ageGroup: AGES.get(age ?? "") ?? VoiceAge.Adult,
    languages,
  };
}

const MOST_NAME_CHARS = 60;

function nameOf({ name, voice_id: id }: VendorVoice): string {
  const clean = (name ?? "").replace(/\p{C}+/gu, " ").trim();
  return [...clean].slice(0, MOST_NAME_CHARS).join("").trim() || id;
}
