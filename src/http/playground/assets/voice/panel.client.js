// The panel "Your voice": Ada agrees, records, keeps takes, trains a voice and narrates with the voice. The
// panel is a client of the public API, as any other.
import { config } from "../api.client.js";
import { consentSection } from "./consent.client.js";
import { ownVoiceSections } from "./own-voice.client.js";
import { ask, attemptsOf, follow, part } from "./requests.client.js";
import { RecordingSection } from "./recording.client.js";
import { takeSection } from "./takes.client.js";
import { templateSection } from "./templates.client.js";

const { document } = globalThis;

const panel = document.getElementById("voice");
const attempt = attemptsOf(panel.querySelector(".voice-body"));

const consent = consentSection({ onChange: readAll });
const templates = templateSection({ onChoice: readTemplate });
const takes = takeSection({ onChange: readAll });
const recording = new RecordingSection({
  onSent: followSent,
  onBusy: (isBusy) => templates.setEnabled(!isBusy),
});

const own = ownVoiceSections({ onChange: readOwn, onFailure: complain });

/** The ids of the takes whose check the page follows. */
const followed = new Set();
let isRead = false;

async function readAll() {
  part("alert").textContent = "";
  const read = await templates.load();
  consent.show(read.reduce((sum, { viewerSamples }) => sum + viewerSamples.totalCount, 0));
  await Promise.all([readTemplate(templates.chosen()), own.read(read, consent.isGiven())]);
}

/** Reads the person's voices, and how much speech they can be trained from. */
async function readOwn() {
  await own.read(await templates.load(), consent.isGiven());
}

function complain(sentence) {
  part("alert").textContent = sentence;
}

async function readTemplate(id) {
  const template = id ? (await ask("VoiceTemplate", { id })).node : null;
  // The person may have chosen another template while this one was read.
  if (template && template.id !== templates.chosen()) return;
  templates.show(template);
  recording.show(template, consent.isGiven());
  takes.show(template, consent.isGiven());
  // The check of a take may have begun before the page was opened.
  for (const { node } of template?.viewerSamples.edges ?? []) {
    if (node.sampleStatus === "PROCESSING") void followTake(node.id, () => undefined);
  }
}

/** Follows a take until its check ends, and shows the result in the list. */
async function followTake(id, onTake) {
  if (followed.has(id)) return;
  followed.add(id);
  part("alert").textContent = "";
  try {
    await follow("VoiceSampleProgress", { id, work: "check", onState: onTake });
    await Promise.all([readTemplate(templates.chosen()), readOwn()]);
  } catch (error) {
    complain(error.message);
  } finally {
    followed.delete(id);
  }
}

/** Shows how the check of a sent take goes and ends. The take is in the list at once. */
async function followSent(id) {
  const checked = followTake(id, (sample) => recording.showOutcome(sample));
  await attempt(() => readTemplate(templates.chosen()));
  await checked;
}

async function begin() {
  if (!config.voiceToken) {
    throw new Error(
      "Nobody is signed in here: this panel records as Ada, and this server has no demo data.",
    );
  }
  await consent.load();
  await readAll();
  isRead = true;
}

panel.addEventListener("toggle", () => {
  if (!panel.open) recording.stop();
  else if (!isRead) void attempt(begin);
});
panel.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  panel.open = false;
  panel.querySelector("summary").focus();
});
