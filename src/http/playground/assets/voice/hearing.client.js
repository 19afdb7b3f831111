// Hears a line of a story in the person's own voice, in each emotion.
import { here } from "../api.client.js";
import { buttonOf } from "./buttons.client.js";
import { change, element, part } from "./requests.client.js";
import { degradedText, speakablePart, speaks, spokenByText } from "./own-voice.words.client.js";

/** Shows the lines of a story, and a button for each emotion. `attempt` runs the work of the section. */
export function hearingLines({ attempt }) {
  const sound = part("spoken");
  let voice = null;
  let ready = new Set();
  let lines = [];

  const chosenLine = () =>
    lines[Number(part("lines").querySelector("input:checked")?.value ?? 0)]?.text ?? null;

  const hear = (template) =>
    attempt(async () => {
      say(`${template.displayName} is being spoken …`);
      try {
        const { preview } = await change("HearVoice", {
          voice: voice.id,
          emotion: template.key,
          text: chosenLine() && speakablePart(chosenLine()),
        });
        sound.src = here(preview.url);
        sound.hidden = false;
        sound.setAttribute("aria-label", `The line, ${template.displayName}`);
        say([spokenByText(template, ready), degradedText(preview.degraded)].join(" "));
        // A browser that blocks sound leaves the controls for the person.
        await sound.play().catch(() => undefined);
      } catch (error) {
        say("");
        throw error;
      }
    });

  sound.addEventListener("error", () => {
    if (sound.getAttribute("src"))
      say("The link of this sound has expired. Press the button again.");
  });

  /** Shows the emotions that the voice speaks. */
  function showVoice(shown, templates) {
    voice = shown;
    const trained = (voice?.emotionVoices ?? []).filter(speaks);
    ready = new Set(trained.map(({ template }) => template?.key));
    part("emotions").replaceChildren(
      ...templates.map((template) =>
        buttonOf(`Hear ${template.displayName}`, () => hear(template)),
      ),
    );
  }

  /** Shows the first lines of a story. */
  function showStory(story) {
    const found = (story?.analysis?.segments.edges ?? []).map(({ node }) => node);
    // The chosen line of the same story stays chosen.
    if (lines.length > 0 && found[0]?.id === lines[0].id) return;
    lines = found;
    part("lines").replaceChildren(...lines.map(lineOf));
    part("lines-note").textContent = lines.length > 0 ? "" : noteOf(story);
  }

  return { showVoice, showStory };
}

function lineOf({ text }, index) {
  const label = element("label", {});
  const choice = element("input", { type: "radio", name: "line", value: index });
  choice.checked = index === 0;
  label.append(choice, ` ${speakablePart(text)}`);
  return label;
}

const noteOf = (story) =>
  story && story.analysisStatus !== "READY"
    ? "The story is not analysed yet, so the voice speaks a sample sentence."
    : "The voice speaks a sample sentence.";

const say = (words) => {
  part("hearing-status").textContent = words;
};
