import type { SpeechProvider } from "../../providers/speech/speech.port.js";

/** The configured speech providers, found by the voices they offer. */
export class SpeechDirectory {
  private readonly byId: ReadonlyMap<string, SpeechProvider>;

  constructor(providers: readonly SpeechProvider[]) {
    this.byId = new Map(providers.map((provider) => [provider.id, provider]));
  }

  /**
   * Returns the provider of the voice `provider:voice`. Returns null if no provider offers the voice
   * now.
   */
  providerOf(voice: string): SpeechProvider | null {
    const provider = this.byId.get(voice.slice(0, voice.indexOf(":")));
    const isOffered = provider?.listVoices().some(({ id }) => id === voice);
    return provider && isOffered ? provider : null;
  }

  /** Returns true if each character of the voice may cost money. */
  isPaid(voice: string): boolean {
    return this.providerOf(voice)?.capabilities().isPaid === true;
  }

  /** Returns true if the voice is available and speaks the language, a BCP 47 tag. */
  speaks(voice: string, language: string): boolean {
    return this.voicesFor(language).includes(voice);
  }

  /** Returns the ids of the voices that speak the language, a BCP 47 tag. */
  voicesFor(language: string): readonly string[] {
    const primary = language.split("-")[0]?.toLowerCase() ?? language;
    return [...this.byId.values()]
      .flatMap((provider) => provider.listVoices())
      .filter(({ languages }) => languages.includes(primary))
      .map(({ id }) => id);
  }
}
