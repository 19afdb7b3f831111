import { type CatalogueVoice, type SpeechProvider, VoiceAge, VoiceGender } from "./speech.port.js";

const PROVIDER = "flite";

/** A flite voice, or one of its shades: mean pitch in Hz and duration stretch, which flite sets per call. */
interface FliteVoice {
  readonly voice: string;
  readonly displayName: string;
  readonly gender: VoiceGender;
  readonly ageGroup: VoiceAge;
}

// rms ignores every pitch setting, so it has no shades.
const VOICES: readonly FliteVoice[] = [
  { voice: "slt", displayName: "Sally", gender: VoiceGender.Female, ageGroup: VoiceAge.Adult },
  { voice: "rms", displayName: "Robert", gender: VoiceGender.Male, ageGroup: VoiceAge.Adult },
  { voice: "awb", displayName: "Alan", gender: VoiceGender.Male, ageGroup: VoiceAge.Adult },
  { voice: "slt-light", displayName: "Lily", gender: VoiceGender.Female, ageGroup: VoiceAge.Young },
  { voice: "awb-deep", displayName: "Angus", gender: VoiceGender.Male, ageGroup: VoiceAge.Elder },
  { voice: "slt-deep", displayName: "Selma", gender: VoiceGender.Female, ageGroup: VoiceAge.Elder },
  { voice: "kal16", displayName: "Karl", gender: VoiceGender.Male, ageGroup: VoiceAge.Adult },
  { voice: "awb-light", displayName: "Alec", gender: VoiceGender.Male, ageGroup: VoiceAge.Young },
  {
    voice: "slt-child",
    displayName: "Susie",
    gender: VoiceGender.Female,
    ageGroup: VoiceAge.Child,
  },
  { voice: "kal16-light", displayName: "Kit", gender: VoiceGender.Male, ageGroup: VoiceAge.Child },
  {
    voice: "kal16-deep",
    displayName: "Konrad",
    gender: VoiceGender.Male,
    ageGroup: VoiceAge.Elder,
  },
];

/** The embedded English engine: offline, in WebAssembly, permissively licensed. */
export const flite: SpeechProvider = {
  id: PROVIDER,
  listVoices: () => CATALOGUE,
};

const CATALOGUE: readonly CatalogueVoice[] = VOICES.map(({ voice, ...about }) => ({
  ...about,
  id: `${PROVIDER}:${voice}`,
  provider: PROVIDER,
  languages: ["en"],
}));
