import type { VoiceCatalogue } from "../../providers/speech/speech.port.js";
import type { PersonalVoice } from "./personal-voice.js";

/** A voice that an owner may choose: of the catalogue, or their own. */
export interface OfferedVoice {
  /** `provider:voice` */
  readonly id: string;
  readonly displayName: string;
  /** "user" for a personal voice. */
  readonly type: "ai" | "user";
}

/** The voices that one owner may choose: the catalogue, then their personal voices. */
export class OfferedVoices {
  private readonly own: ReadonlyMap<string, PersonalVoice>;

  constructor(
    private readonly catalogue: VoiceCatalogue,
    own: readonly PersonalVoice[],
  ) {
    this.own = new Map(own.map((voice) => [voice.id, voice]));
  }

  /** The voice of a narration whose owner chose no voice. */
  get defaultVoice(): string {
    return this.catalogue.voices[0]?.id ?? "";
  }

  /** Some ids to name in an error. */
  get examples(): readonly string[] {
    return this.catalogue.voices.slice(0, 5).map(({ id }) => id);
  }

  find(id: string): OfferedVoice | null {
    const own = this.own.get(id);
    if (own) return { id, displayName: own.displayName, type: "user" };
    const voice = this.catalogue.find(id);
    return voice && { id, displayName: voice.displayName, type: "ai" };
  }
}
