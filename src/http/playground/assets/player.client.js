// Plays the sounds in answers. The script listens for the page's "answer" events and sends no query
// itself.
const { document, location } = globalThis;

const UNDER_WAY = new Set(["QUEUED", "RENDERING"]);

const section = document.getElementById("player");
const status = section.querySelector("[role=status]");
const audio = section.querySelector("audio");
const track = section.querySelector("track");
const caption = section.querySelector(".caption");

// An <audio> element cannot show captions, so this script writes the captions below the controls.
track.track.mode = "hidden";
track.track.addEventListener("cuechange", showCaption);
audio.addEventListener("error", () => {
  status.textContent = "This sound was deleted, or its link has expired; run the tab again.";
});

let isChosen = false;
document.addEventListener("answer", ({ detail }) => {
  // After the visitor has run a tab, ignore the page's first sound, even if its answer arrives later.
  if (isChosen && !detail.isAsked) return;
  for (const found of soundsIn(detail.answer)) showSound(found, detail);
});

const isObject = (value) => typeof value === "object" && value !== null;

/**
 * Returns the sound of a value. Returns null if there is no sound yet, and undefined if the query did
 * not ask for a sound.
 */
const soundOf = (value) => (typeof value.url === "string" ? value : value.audio);

const hasSoundField = (value) => isObject(value) && soundOf(value) !== undefined;

/** Finds narrations and previews: in the fields of the answer, and in a mutation's payload. */
const soundsIn = ({ data }) =>
  Object.values(data ?? {})
    .filter(isObject)
    .flatMap((field) =>
      hasSoundField(field) ? field : Object.values(field).filter(hasSoundField),
    );

function showSound(found, { isFollowed, isAsked }) {
  isChosen ||= isAsked;
  // During a new render, a narration still has the sound of the last render.
  if (UNDER_WAY.has(found.status)) {
    if (isFollowed) showStatus(found, stageOf(found));
  } else if (soundOf(found)) {
    load(found);
    // Browsers play sound only after a user action. So play a sound only if the visitor asked for it.
    if (isAsked) audio.play().catch(() => undefined);
  } else if (isFollowed) {
    showStatus(found, found.failure?.message ?? "not rendered yet");
  }
}

function stageOf({ status: state, progress }) {
  if (state === "QUEUED" || !progress) return "waiting to be rendered …";
  const { renderedSegments, reusedSegments, totalSegments } = progress;
  const done = renderedSegments + reusedSegments;
  if (done === totalSegments) return "all segments rendered; joining …";
  return `rendering: ${done} of ${totalSegments} segments …`;
}

function showStatus({ title, referenceStory }, stage) {
  section.hidden = false;
  const about = [title && `“${title}”`, referenceStory?.title].filter(Boolean).join(" · ");
  status.textContent = [about || "Sound", stage].filter(Boolean).join(": ");
}

function load(found) {
  const { url, captionsUrl } = soundOf(found);
  showStatus(found);
  const source = here(url);
  if (audio.getAttribute("src") === source) return;
  caption.replaceChildren();
  track.src = captionsUrl ? here(captionsUrl) : "";
  audio.src = source;
}

/**
 * Returns the path and query of a link. Signed links contain the server's public host, but this page
 * may use another host of the same server.
 */
function here(url) {
  const { pathname, search } = new URL(url, location.href);
  return pathname + search;
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
