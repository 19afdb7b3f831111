// The words about the person's own voice. These functions use no page, so that a test can call them.
import { TENTHS, WHOLE, plural } from "./words.client.js";

/** Says plainly what kind of voice the person has, or gets. */
export const kindText = ({ kind, displayName }) =>
  kind === "CLONED"
    ? `“${displayName}” is CLONED: the voice service made a copy of your voice from your recordings.`
    : `“${displayName}” is ADAPTED: a voice of the engine changed to sound like you; not a clone.`;

export const NO_VOICE =
  "You have no voice yet. Training makes an ADAPTED voice: a voice of the engine changed to sound like you; not a clone.";

/** Tells how much time is left, about. */
export const timeLeftText = (seconds) =>
  seconds < 1 ? "a moment left" : `about ${plural(Math.ceil(seconds), "second")} left`;

/** Tells what a template lacks before its voice can be trained. Returns an empty text if nothing lacks. */
function lackText({ key, viewerSpeech }) {
  const { speechSeconds, missing } = viewerSpeech;
  const lacking = Math.ceil(missing.speechSeconds);
  const sentences = [];
  if (lacking > 0) {
    const has = TENTHS.format(speechSeconds);
    sentences.push(`${has} s of speech: record ${plural(lacking, "more second")}.`);
  }
  if (missing.neutralSample && key !== "neutral")
    sentences.push("Neutral needs enough speech first.");
  return sentences.join(" ");
}

/** True if a template has enough speech for a training. */
export const canTrain = (template) => template.viewerSpeech !== null && lackText(template) === "";

/** True if a training speaks: the latest, or an earlier one that the latest will replace. */
export const speaks = ({ template }) => template?.viewerVoice?.trainingStatus === "READY";

/** Tells the state of a template's voice: `latest` is the latest training, or null. */
export function trainingText(template, latest) {
  const lack = lackText(template);
  const known = latest ? knownText(latest) : "";
  if (latest?.trainingStatus === "TRAINING") return known;
  if (known) return [known, lack].filter(Boolean).join(" ");
  return (
    lack || `Ready to train: ${TENTHS.format(template.viewerSpeech.speechSeconds)} s of speech.`
  );
}

/** Tells the state of a training. Returns an empty text if none was begun. */
function knownText(latest) {
  const earlier = speaks(latest) ? " The earlier training speaks meanwhile." : "";
  if (latest.trainingStatus === "TRAINING") return `Being trained …${earlier}`;
  if (latest.trainingStatus === "FAILED")
    return `The training failed: ${latest.trainingFailure}${earlier}`;
  return latest.trainingStatus === "READY" ? readyText(latest) : "";
}

function readyText({ revision, sampleCount, qualityScore }) {
  const facts = [
    plural(sampleCount, "take"),
    qualityScore === null ? "" : `quality ${WHOLE.format(qualityScore * 100)} of 100`,
    revision > 1 ? `training ${revision}` : "",
  ];
  return `Trained from ${facts.filter(Boolean).join(", ")}.`;
}

/** Tells which trainings began. */
export function startedText(trained) {
  if (trained.length === 0) return "Nothing has enough speech for a training yet.";
  const names = trained.map(({ template }) => template?.displayName ?? "a deleted template");
  return `Training ${plural(trained.length, "voice")}: ${names.join(", ")}.`;
}

const LONGEST_PREVIEW = 300;

/** Returns the part of a line that one preview can speak: whole sentences if possible, else whole words. */
export function speakablePart(text) {
  if (text.length <= LONGEST_PREVIEW) return text;
  const start = text.slice(0, LONGEST_PREVIEW);
  const sentences = /^[\s\S]*[.!?…]["”’»]?(?=\s)/u.exec(start);
  return (sentences?.[0] ?? start.replace(/\s+\S*$/u, "")).trim();
}

/** Tells which training speaks an emotion. `ready` has the keys of the templates with a trained voice. */
export function spokenByText({ key, displayName }, ready) {
  if (key === "neutral") return "Spoken by your neutral voice.";
  return ready.has(key)
    ? `${displayName}: spoken by your own voice for this emotion.`
    : `${displayName}: spoken by your neutral voice, with the emotion as prosody. Record and train ${displayName} to hear your own.`;
}

/** Tells what a sound lacks. */
export const degradedText = (degraded) =>
  degraded.map(({ feature, reason }) => `${feature.toLowerCase()}: ${reason}`).join(" ");

/** Names a voice with its kind. */
export const voiceText = ({ displayName, kind }) =>
  kind === "ADAPTED" ? `“${displayName}” (ADAPTED, not a clone)` : `“${displayName}” (${kind})`;

/** Tells the state of a narration and its next render. */
export function narrationText({
  narratorVoice,
  status,
  failure,
  narrationVisibility,
  renderEstimate,
}) {
  return [
    `The narrator is ${voiceText(narratorVoice)}.`,
    STATES[status] ?? "",
    status === "FAILED" ? (failure?.message ?? "See the log.") : "",
    renderEstimate && !isUnderWay(status) ? nextRenderText(renderEstimate) : "",
    isPublished({ narrationVisibility }) ? "The narration is published." : "",
  ]
    .filter(Boolean)
    .join(" ");
}

export const isUnderWay = (status) => status === "QUEUED" || status === "RENDERING";

const STATES = {
  DRAFT: "Not rendered yet.",
  QUEUED: "Waiting to be rendered …",
  RENDERING: "Rendering …",
  READY: "Rendered.",
  FAILED: "The render failed.",
  CANCELLED: "The render was cancelled.",
};

function nextRenderText({ segmentsToRender, seconds, unavailableVoices }) {
  if (unavailableVoices.length > 0) {
    const names = unavailableVoices.map(({ displayName }) => displayName).join(", ");
    return `These voices cannot speak this story now: ${names}. Choose other voices, or agree and train your own again.`;
  }
  if (segmentsToRender === 0) return "Nothing is left to speak.";
  return `A render speaks ${plural(segmentsToRender, "segment")}: about ${timeText(seconds)} of work.`;
}

const timeText = (seconds) =>
  seconds < 90
    ? plural(Math.max(1, Math.round(seconds)), "second")
    : plural(Math.round(seconds / 60), "minute");

/** Tells how far a render is. */
export function renderText({ status, progress }) {
  if (status === "QUEUED" || !progress) return "Waiting to be rendered …";
  const { renderedSegments, reusedSegments, totalSegments, etaSeconds } = progress;
  const done = renderedSegments + reusedSegments;
  if (done === totalSegments) return "All segments are spoken; joining …";
  const left = typeof etaSeconds === "number" ? `, ${timeLeftText(etaSeconds)}` : "";
  return `${done} of ${plural(totalSegments, "segment")}${left}`;
}

export const isPublished = ({ narrationVisibility }) => narrationVisibility !== "PRIVATE";

/** Tells what revoking did to sound in the person's voice. */
export function soundAfterRevokingText(revoked) {
  const { cancelledRenders = 0, publishedNarrations = [], unpublishedNarrations = 0 } = revoked;
  const sentences = [];
  if (cancelledRenders > 0) sentences.push(`Cancelled: ${plural(cancelledRenders, "render")}.`);
  if (unpublishedNarrations > 0) {
    sentences.push(`Unpublished: ${plural(unpublishedNarrations, "narration")} in your voice.`);
  }
  const names = publishedNarrations
    .filter(isPublished)
    .map(({ title, referenceStory }) => `“${title ?? referenceStory?.title ?? "Narration"}”`);
  if (names.length > 0) sentences.push(`Still published in your voice: ${names.join(", ")}.`);
  return sentences.join(" ");
}
