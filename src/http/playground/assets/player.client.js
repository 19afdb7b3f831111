// Plays the sound of the answers: listens for the page's "answer" events, asks for nothing itself.
const { document, location } = globalThis;

const UNDER_WAY = new Set(["QUEUED", "RENDERING"]);

const section = document.getElementById("player");
const status = section.querySelector("[role=status]");
const audio = section.querySelector("audio");
const track = section.querySelector("track");
const caption = section.querySelector(".caption");

// Sound has no picture to show captions on, so they are read here and written below the controls.
track.track.mode = "hidden";
track.track.addEventListener("cuechange", showCaption);
audio.addEventListener("error", () => {
  status.textContent = "This sound is gone, or its link has expired: run the tab again.";
});

let isChosen = false;
document.addEventListener("answer", ({ detail }) => {
  // What the page begins with gives way to what the visitor asks for, also when it comes later.
  if (isChosen && !detail.isAsked) return;
  for (const found of soundsIn(detail.answer)) tell(found, detail);
});

const isObject = (value) => typeof value === "object" && value !== null;

/** Null where there is none yet; undefined where the answer does not tell. */
const soundOf = (value) => (typeof value.url === "string" ? value : value.audio);

const tellsOfSound = (value) => isObject(value) && soundOf(value) !== undefined;

/** Narrations and previews: the fields of the answer, or what is in a mutation's payload. */
const soundsIn = ({ data }) =>
  Object.values(data ?? {})
    .filter(isObject)
    .flatMap((field) => (tellsOfSound(field) ? field : Object.values(field).filter(tellsOfSound)));

function tell(found, { isFollowed, isAsked }) {
  isChosen ||= isAsked;
  // While it is rendered again, its sound is still that of the time before.
  if (UNDER_WAY.has(found.status)) {
    if (isFollowed) say(found, stageOf(found));
  } else if (soundOf(found)) {
    load(found);
    // A page may sound only once somebody has touched it, and only because they asked.
    if (isAsked) audio.play().catch(() => undefined);
  } else if (isFollowed) {
    say(found, found.failure?.message ?? "not rendered yet");
  }
}

function stageOf({ status: state, progress }) {
  if (state === "QUEUED" || !progress) return "waiting to be rendered …";
  const { renderedSegments, reusedSegments, totalSegments } = progress;
  const done = renderedSegments + reusedSegments;
  if (done === totalSegments) return "every segment is spoken; being joined …";
  return `being rendered: ${done} of ${totalSegments} segments …`;
}

function say({ title, referenceStory }, stage) {
  section.hidden = false;
  const about = [title && `“${title}”`, referenceStory?.title].filter(Boolean).join(" · ");
  status.textContent = [about || "Sound", stage].filter(Boolean).join(": ");
}

function load(found) {
  const { url, captionsUrl } = soundOf(found);
  say(found);
  const source = here(url);
  if (audio.getAttribute("src") === source) return;
  caption.replaceChildren();
  track.src = captionsUrl ? here(captionsUrl) : "";
  audio.src = source;
}

/** Signed links name the server as others see it; this page may be open under its other name. */
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
