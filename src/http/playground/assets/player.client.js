// Plays the sounds in answers. This file listens for the "answer" events of playground.client.js, and
// sends no queries.
import { here, isHere } from "./api.client.js";

const { document } = globalThis;

const UNDER_WAY = new Set(["QUEUED", "RENDERING"]);

const section = document.getElementById("player");
const status = section.querySelector("[role=status]");
const audio = section.querySelector("audio");
const track = section.querySelector("track");
const caption = section.querySelector(".caption");

// An <audio> element cannot show captions, so this file writes the captions below the controls.
track.track.mode = "hidden";
track.track.addEventListener("cuechange", showCaption);
audio.addEventListener("error", () => {
  status.textContent = "This sound was deleted, or its link has expired; run the tab again.";
});

let isChosen = false;
document.addEventListener("answer", ({ detail }) => {
  // The page first loads a sound that the visitor did not ask for. If the visitor has already run a tab,
  // ignore this sound.
  if (isChosen && !detail.isAsked) return;
  for (const found of soundsIn(detail.answer)) showSound(found, detail);
});

const isObject = (value) => typeof value === "object" && value !== null;

/**
 * Returns the sound of a narration or of a preview. Returns null if there is no sound yet. Returns
 * undefined if the query did not select a sound.
 */
const soundOf = (value) => (typeof value.url === "string" ? value : value.audio);

/** Returns the sound's URL on this server. Audio of the earlier platform may have only its original format. */
const playableUrl = (found) =>
  [soundOf(found)?.url, soundOf(found)?.originalUrl].find((url) => url && isHere(url));

const hasSoundField = (value) => isObject(value) && soundOf(value) !== undefined;

/** Returns the narrations and previews of an answer: the top-level fields, or fields of a payload. */
const soundsIn = ({ data }) =>
  Object.values(data ?? {})
    .filter(isObject)
    .flatMap((field) =>
      hasSoundField(field) ? field : Object.values(field).filter(hasSoundField),
    );

function showSound(found, { isFollowed, isAsked }) {
  isChosen ||= isAsked;
  // During a render, do not load the sound, because the sound is from the render before.
  if (UNDER_WAY.has(found.status)) {
    if (isFollowed) showStatus(found, stageOf(found));
  } else if (playableUrl(found)) {
    load(found);
    // Browsers play sound only after a user action. So play a sound only if the visitor ran the tab.
    if (isAsked) audio.play().catch(() => undefined);
  } else if (isFollowed) {
    showStatus(found, found.failure?.message ?? whyMissing(found));
  }
}

// Audio of the earlier platform may be on another server, which this page may not open.
const whyMissing = (found) =>
  soundOf(found) ? "not playable here; open originalUrl" : "not rendered yet";

function stageOf({ status: state, progress }) {
  if (state === "QUEUED" || !progress) return "waiting to be rendered …";
  const { renderedSegments, reusedSegments, totalSegments } = progress;
  const done = renderedSegments + reusedSegments;
  if (done === totalSegments) return "all segments rendered; joining …";
  return `rendering: ${done} of ${totalSegments} segments …`;
}

function showStatus({ title, referenceStory }, stage) {
  section.hidden = false;
  const about = [title && `“${title}”`, title !== referenceStory?.title && referenceStory?.title]
    .filter(Boolean)
    .join(" · ");
  status.textContent = [about || "Sound", stage].filter(Boolean).join(": ");
}

function load(found) {
  const { captionsUrl } = soundOf(found);
  showStatus(found);
  const source = here(playableUrl(found));
  if (audio.getAttribute("src") === source) return;
  caption.replaceChildren();
  track.src = captionsUrl ? here(captionsUrl) : "";
  audio.src = source;
}

function showCaption() {
  caption.replaceChildren(...[...track.track.activeCues].flatMap(cueNodes));
}

function cueNodes(cue) {
  const words = cue.getCueAsHTML();
  const speaker = words.querySelector("span")?.title;
  if (!speaker) return [words.textContent];
  const name = document.createElement("b");
  name.textContent = speaker;
  return [name, ` ${words.textContent}`];
}
