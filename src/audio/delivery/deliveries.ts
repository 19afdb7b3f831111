import type { ResolvedProsody } from "./resolved-prosody.js";

type Row = Partial<ResolvedProsody>;

/**
 * How each emotion is spoken at intensity 1. `ResolvedProsody` describes the fields and their
 * units. Sources: Mozziconacci 1998 (pitch, pitch range, duration), Banse & Scherer 1996, and JASA
 * 123:4547. The last source finds that the pitch range says more about an emotion than the mean
 * pitch. The sources disagree on the pitch of sadness.
 */
export const EMOTION_DELIVERIES: ReadonlyMap<string, Row> = new Map<string, Row>(
  Object.entries({
    neutral: {},
    joy: { pitch: 3, range: 1.6, rate: 1.12, gain: 3, pauses: 0.9, tilt: 2 },
    excitement: { pitch: 4, range: 1.8, rate: 1.2, gain: 4, pauses: 0.8, tilt: 2 },
    sadness: { pitch: -2, range: 0.6, rate: 0.8, gain: -4, pauses: 1.4, tilt: -3, breath: 0.25 },
    anger: { pitch: 2, range: 1.7, rate: 1.15, gain: 5, pauses: 0.8, tilt: 3 },
    fear: { pitch: 4, range: 1.4, rate: 1.15, pauses: 0.9, tremor: 0.6 },
    surprise: { pitch: 4, range: 1.9, rate: 1.08, gain: 3, rise: 6 },
    disgust: { pitch: -2, range: 1.1, rate: 0.82, gain: -1, pauses: 1.2 },
    tenderness: { pitch: -0.5, range: 0.8, rate: 0.88, gain: -4, pauses: 1.2, breath: 0.25 },
    calm: { pitch: -1, range: 0.7, rate: 0.9, gain: -2, pauses: 1.2 },
    suspense: { pitch: -2, range: 0.5, rate: 0.82, gain: -5, pauses: 1.6 },
    boredom: { pitch: -1, range: 0.8, rate: 0.7, gain: -2, pauses: 1.2 },
    whisper: { rate: 0.9, gain: -6, pauses: 1.2, isWhispered: true },
  }),
);

const LOW: Row = { pitch: -2, gain: -1 };
const WEEPING: Row = { pitch: 1, rate: 0.9, tremor: 0.6, breath: 0.2 };
const WEAK: Row = { rate: 0.9, gain: -4, breath: 0.3 };

/**
 * How each manner of speaking changes the sound at strength 1. In a story, verbs and adverbs of
 * speech name a manner, for example "whispered" and "softly". `resolveProsody` combines manners
 * with the emotion.
 */
export const MANNER_DELIVERIES: ReadonlyMap<string, Row> = new Map<string, Row>(
  Object.entries({
    whisper: { rate: 0.9, gain: -6, pauses: 1.2, isWhispered: true },
    murmur: { range: 0.7, rate: 0.95, gain: -4, tilt: -3, breath: 0.15 },
    shout: { pitch: 3, range: 1.2, gain: 5, tilt: 3 },
    scream: { pitch: 5, range: 1.3, rate: 1.05, gain: 6, tilt: 3 },
    cry: WEEPING,
    moan: { pitch: -1, rate: 0.82, gain: -1, breath: 0.15 },
    laugh: { pitch: 2, range: 1.3, gain: 1, tilt: 1 },
    sigh: { pitch: -1, range: 0.8, rate: 0.85, gain: -3, breath: 0.35 },
    gasp: { pitch: 2, rate: 1.1, breath: 0.35 },
    hiss: { gain: -2, tilt: 5, breath: 0.4 },
    growl: { pitch: -3, range: 0.8, gain: 1, tilt: -2 },
    snap: { range: 1.2, rate: 1.15, gain: 2, tilt: 2 },
    stammer: { rate: 0.92, tremor: 0.4 },
    drawl: { rate: 0.8 },
    squeak: { pitch: 5, gain: -1, tilt: 2 },
    croak: { ...LOW, breath: 0.3 },
    plead: { pitch: 2, range: 1.3, rate: 1.05 },
    soft: { range: 0.9, gain: -4, tilt: -1, breath: 0.15 },
    quiet: { gain: -5 },
    loud: { pitch: 1.5, gain: 4, tilt: 2 },
    slow: { rate: 0.8, pauses: 1.3 },
    fast: { rate: 1.25, pauses: 0.7 },
    cold: { range: 0.6, gain: -1 },
    sharp: { rate: 1.1, gain: 2, tilt: 2 },
    stern: { pitch: -1.5, range: 0.7, rate: 0.93, gain: 1 },
    gruff: { ...LOW, breath: 0.2 },
    low: LOW,
    high: { pitch: 2 },
    timid: { pitch: 1, range: 0.8, gain: -4, breath: 0.1 },
    cheerful: { pitch: 2, range: 1.4, rate: 1.08, tilt: 1 },
    trembling: { tremor: 0.7 },
    weak: WEAK,
    faint: WEAK,
    calm: { range: 0.75, rate: 0.93 },
    emphasis: { pitch: 1, range: 1.2, gain: 2 },
  }),
);
