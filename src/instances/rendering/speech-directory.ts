import { primaryLanguage } from "../../platform/text/language-tag.js";
import type { SpeechProvider } from "../../providers/speech/speech.port.js";
import { type PersonalVoice, describeUnavailable } from "../personal-voice/personal-voice.js";

/**
 * The configured speech providers, found by the voices they offer. With personal voices, the directory is
 * that of one owner.
 */
export class SpeechDirectory {
  private readonly byId: ReadonlyMap<string, SpeechProvider>;
  private readonly personal: ReadonlyMap<string, PersonalVoice>;

  constructor(
    private readonly providers: readonly SpeechProvider[],
    personal: readonly PersonalVoice[] = [],
  ) {
    this.byId = new Map(providers.map((provider) => [provider.id, provider]));
    this.personal = new Map(personal.map((voice) => [voice.id, voice]));
  }

  /** Returns a directory that also has these personal voices. They all belong to one owner. */
  withPersonal(voices: readonly PersonalVoice[]): SpeechDirectory {
    return new SpeechDirectory(this.providers, voices);
  }

  /** Returns the provider with this id, whatever voices it offers. */
  provider(id: string): SpeechProvider | null {
    return this.byId.get(id) ?? null;
  }

  /**
   * Returns the provider of the voice `provider:voice`. Returns null if no provider offers the voice
   * now, and if a personal voice cannot speak now.
   */
  providerOf(voice: string): SpeechProvider | null {
    const provider = this.byId.get(providerIn(voice));
    if (!provider) return null;
    const own = this.personal.get(voice);
    const isOffered = own
      ? own.unavailable === null
      : provider.listVoices().some(({ id }) => id === voice);
    return isOffered ? provider : null;
  }

  /** Returns the owner's personal voice with this id. The voice may be unable to speak now. */
  personalVoice(voice: string): PersonalVoice | null {
    return this.personal.get(voice) ?? null;
  }

  /** Returns true if each character of the voice may cost money. */
  isPaid(voice: string): boolean {
    return this.byId.get(providerIn(voice))?.capabilities().isPaid === true;
  }

  /** Returns true if the voice is available and speaks the language, a BCP 47 tag. */
  speaks(voice: string, language: string): boolean {
    const own = this.personal.get(voice);
    if (!own) return this.voicesFor(language).includes(voice);
    return own.language === primaryLanguage(language) && this.providerOf(voice) !== null;
  }

  /** Returns the ids of the catalogue voices that speak the language, a BCP 47 tag. */
  voicesFor(language: string): readonly string[] {
    const primary = primaryLanguage(language);
    return this.providers
      .flatMap((provider) => provider.listVoices())
      .filter(({ languages }) => languages.includes(primary))
      .map(({ id }) => id);
  }

  /** Returns why a personal voice cannot speak now, for people. Returns null for every other voice. */
  explainUnavailable(voice: string): string | null {
    const own = this.personal.get(voice);
    return own?.unavailable ? describeUnavailable(own, own.unavailable) : null;
  }
}

const providerIn = (voice: string): string => voice.slice(0, voice.indexOf(":"));
