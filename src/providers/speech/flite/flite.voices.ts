import { type CatalogueVoice, VoiceAge, VoiceGender } from "../speech.port.js";

export const PROVIDER = "flite";

/** A voice inside the engine. */
export interface FliteEngineVoice {
  readonly name: string;
  /**
   * The median and the standard deviation (spread) of the voice's pitch, Hz, measured on neutral
   * prose.
   */
  readonly pitchHz: number;
  readonly spreadHz: number;
  /**
   * True if the engine itself can change the voice's pitch. False for rms, whose melody the
   * engine's settings do not change.
   */
  readonly takesPitch: boolean;
}

/** A flite voice, or a variant of a flite voice. */
export interface FliteVoice {
  readonly engine: FliteEngineVoice;
  /** Difference from the pitch of the engine's voice, semitones. */
  readonly shift: number;
  /** Factor for the duration: 1 is the duration of the engine's voice. */
  readonly stretch: number;
}

const SLT: FliteEngineVoice = { name: "slt", pitchHz: 170, spreadHz: 26, takesPitch: true };
const AWB: FliteEngineVoice = { name: "awb", pitchHz: 132, spreadHz: 19, takesPitch: true };
const KAL: FliteEngineVoice = { name: "kal16", pitchHz: 95, spreadHz: 11, takesPitch: true };
const RMS: FliteEngineVoice = {
  name: "rms",
  pitchHz: 102,
  spreadHz: 14,
  takesPitch: false,
};

interface Entry extends FliteVoice {
  readonly id: string;
  readonly displayName: string;
  readonly gender: VoiceGender;
  readonly ageGroup: VoiceAge;
}

const { Female, Male } = VoiceGender;
const { Child, Young, Adult, Elder } = VoiceAge;

const plain = (engine: FliteEngineVoice, displayName: string, gender: VoiceGender): Entry => ({
  ...{ id: engine.name, engine, shift: 0, stretch: 1, displayName, gender, ageGroup: Adult },
});

interface Shade {
  readonly of: Entry;
  readonly shift: number;
  readonly stretch: number;
  readonly ageGroup: VoiceAge;
}

const shade = (name: string, displayName: string, { of, ...about }: Shade): Entry => ({
  ...of,
  ...about,
  id: `${of.id}-${name}`,
  displayName,
});

const sally = plain(SLT, "Sally", Female);
const alan = plain(AWB, "Alan", Male);
const karl = plain(KAL, "Karl", Male);

const ENTRIES: readonly Entry[] = [
  sally,
  plain(RMS, "Robert", Male),
  alan,
  shade("light", "Lily", { of: sally, shift: 2.5, stretch: 0.96, ageGroup: Young }),
  shade("deep", "Angus", { of: alan, shift: -3.5, stretch: 1.12, ageGroup: Elder }),
  shade("deep", "Selma", { of: sally, shift: -3, stretch: 1.12, ageGroup: Elder }),
  karl,
  shade("light", "Alec", { of: alan, shift: 3, stretch: 0.96, ageGroup: Young }),
  shade("child", "Susie", { of: sally, shift: 6, stretch: 0.95, ageGroup: Child }),
  shade("light", "Kit", { of: karl, shift: 9, stretch: 0.95, ageGroup: Child }),
  shade("deep", "Konrad", { of: karl, shift: -3, stretch: 1.12, ageGroup: Elder }),
];

export const CATALOGUE: readonly CatalogueVoice[] = ENTRIES.map((entry) => ({
  id: `${PROVIDER}:${entry.id}`,
  provider: PROVIDER,
  displayName: entry.displayName,
  gender: entry.gender,
  ageGroup: entry.ageGroup,
  languages: ["en"],
}));

const BY_ID = new Map(ENTRIES.map((entry) => [`${PROVIDER}:${entry.id}`, entry]));

/** Returns the voice with the id `flite:name`. Returns null if there is no such voice. */
export function findFliteVoice(id: string): FliteVoice | null {
  return BY_ID.get(id) ?? null;
}
