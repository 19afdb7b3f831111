// The words of the panel "Your voice". These functions use no page, so that a test can call them.

export const WHOLE = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
export const TENTHS = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

export const plural = (count, noun) => `${WHOLE.format(count)} ${noun}${count === 1 ? "" : "s"}`;

/** Returns a time as minutes and seconds, for example 0:07. */
export function clockText(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export const sizeText = (bytes) =>
  bytes < 1_000_000
    ? `${WHOLE.format(Math.ceil(bytes / 1000))} KB`
    : `${TENTHS.format(bytes / 1_000_000)} MB`;

/** Tells how much speech a template has, and what is missing. */
export function missingText({ key, viewerSpeech }) {
  if (!viewerSpeech) return "";
  const { speechSeconds, requiredSeconds, missing } = viewerSpeech;
  const lacking = Math.ceil(missing?.speechSeconds ?? 0);
  const has = TENTHS.format(speechSeconds);
  const needed = plural(requiredSeconds, "second");
  const sentences = [
    lacking > 0
      ? `You have ${has} of ${needed} of speech: read ${plural(lacking, "more second")}.`
      : `You have enough: ${has} s of speech, and a voice needs ${needed}.`,
  ];
  if (missing?.neutralSample && key !== "neutral") {
    sentences.push("A voice also needs your neutral speech: choose Neutral and record that too.");
  }
  return sentences.join(" ");
}

/** Returns the measurements that exist. A file that is no sound has none. */
export function qualityText({ speechSeconds, snrDb, levelDb, voicedShare, clipping }) {
  const measured = (value, text) => (typeof value === "number" ? [text(value)] : []);
  return [
    ...measured(speechSeconds, (seconds) => `${TENTHS.format(seconds)} s of speech`),
    ...measured(snrDb, (dB) => `${WHOLE.format(dB)} dB above the noise`),
    ...measured(levelDb, (dB) => `level ${WHOLE.format(dB)} dB`),
    ...measured(voicedShare, (share) => `${WHOLE.format(share * 100)} % voiced`),
    ...measured(clipping, (share) => `${TENTHS.format(share * 100)} % clipped`),
  ].join(", ");
}

/** Tells how the check of a take ended. */
export function outcomeText({ sampleStatus, state, quality }) {
  if (sampleStatus === "PROCESSING") return "Being checked …";
  if (state === "AWAITING_CONSENT") return "Not checked yet. Adopt the take to have it checked.";
  const numbers = quality ? qualityText(quality) : "";
  const verdict =
    sampleStatus === "ACCEPTED"
      ? `Accepted${quality ? `, score ${WHOLE.format(quality.score * 100)} of 100` : ""}`
      : "Not good enough";
  return numbers ? `${verdict}: ${numbers}.` : `${verdict}.`;
}

/** Tells that the page no longer follows a check, a training or a render, and why. */
export const lostSightText = (work, reason) =>
  `The page lost sight of the ${work}. The ${work} goes on: reload the list to see the result.${reason ? ` (${reason})` : ""}`;

const STATES = {
  AWAITING_CONSENT: "from before you agreed, not used",
  SUSPENDED: "kept without consent, not used",
};

/** Names a take in one line. */
export function takeText({ recordedAt, durationMs, isPreferred, isLocked, state }) {
  const at = new Date(recordedAt).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
  return [
    at,
    durationMs === null ? "" : `${TENTHS.format(durationMs / 1000)} s`,
    isPreferred ? "preferred" : "",
    isLocked ? "locked" : "",
    STATES[state] ?? "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/**
 * Tells what remains after a consent was revoked, or after recordings without a consent were deleted.
 */
export function revocationText({ wasGiven, ...counts }) {
  const { keptSamples, keptVoices, deletedSamples, deletedVoices } = counts;
  const counted = (samples, voices) =>
    `${plural(samples, "recording")} and ${plural(voices, "voice")}`;
  const sentences = wasGiven ? ["Consent revoked."] : [];
  if (deletedSamples + deletedVoices > 0) {
    sentences.push(`Deleted: ${counted(deletedSamples, deletedVoices)}.`);
  }
  sentences.push(
    keptSamples + keptVoices > 0
      ? `Kept and not used: ${counted(keptSamples, keptVoices)}.`
      : "No recording and no voice remains.",
  );
  return sentences.join(" ");
}

/** Tells whether the microphone's level suits a recording. */
export function levelText(dB) {
  if (dB > -3) return "too loud: move back a little";
  if (dB < -40) return "quiet";
  return "good";
}

const OR_A_FILE = "You can also send a file.";
const MICROPHONE_ADVICE = {
  NotAllowedError: `The browser refuses the microphone to this page. Allow the microphone in the browser's settings for this page, next to the address, and press Record again. ${OR_A_FILE}`,
  NotFoundError: `The browser finds no microphone. Connect a microphone, and press Record again. ${OR_A_FILE}`,
  NotReadableError: `The microphone does not answer. Close other programs that use the microphone, and press Record again. ${OR_A_FILE}`,
  NotSupportedError: `This browser cannot record. Open the page in another browser. ${OR_A_FILE}`,
  InsecureContext: `Browsers allow the microphone only to pages with https or on localhost. Open the page there. ${OR_A_FILE}`,
};

/** Tells what to do if the microphone does not open. */
export const microphoneAdvice = ({ name, message }) =>
  MICROPHONE_ADVICE[name] ?? `The microphone does not open: ${message}. ${OR_A_FILE}`;
