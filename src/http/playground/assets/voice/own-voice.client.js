// The person's own voice: trains the voice, hears a story's line in it, and narrates with it.
import { hearingLines } from "./hearing.client.js";
import { NarratingSection } from "./narrating.client.js";
import { ask, attemptsOf, element, part } from "./requests.client.js";
import { storyChoice } from "./stories.client.js";
import { TrainingSection } from "./training.client.js";

/**
 * Makes the three sections. Calls `onChange` if trainings began or ended. Calls `onFailure` with a sentence
 * if the page no longer follows a training.
 */
export function ownVoiceSections({ onChange, onFailure }) {
  const hearing = part("hearing");
  const attempt = attemptsOf(hearing);
  const training = new TrainingSection({ onChange, onFailure });
  const lines = hearingLines({ attempt });
  const narrating = new NarratingSection();
  const stories = storyChoice({ attempt, onChoice: readStory });
  const which = part("which");
  let voices = [];
  let latest = { templates: [], isConsentGiven: false };
  let areStoriesRead = false;

  which.addEventListener("change", showVoice);

  async function readStory(id) {
    const story = id ? (await ask("StoryToHear", { id })).node : null;
    // The person may have chosen another story while this one was read.
    if (id !== stories.chosen()) return;
    lines.showStory(story);
    await narrating.showStory(story);
  }

  function showVoice() {
    const voice = voices.find(({ id }) => id === which.value) ?? null;
    const { templates, isConsentGiven } = latest;
    const canSpeak = voice?.isAvailable === true;
    training.show({ templates, voice, isConsentGiven });
    hearing.hidden = !canSpeak;
    lines.showVoice(voice, templates);
    narrating.showVoice(voice);
    if (canSpeak && !areStoriesRead) void attempt(readStories);
  }

  async function readStories() {
    await stories.load();
    areStoriesRead = true;
    await readStory(stories.chosen());
  }

  function showChoice() {
    const chosen = which.value;
    which.replaceChildren(
      ...voices.map(({ id, displayName }) =>
        element("option", { value: id, textContent: displayName }),
      ),
    );
    if (voices.some(({ id }) => id === chosen)) which.value = chosen;
    part("which-line").hidden = voices.length < 2;
  }

  /** Reads the person's voices, and shows them with the speech of the templates. */
  async function read(templates, isConsentGiven) {
    latest = { templates, isConsentGiven };
    const reading = latest;
    const { viewer } = await ask("OwnVoices");
    // A later reading has begun.
    if (reading !== latest) return;
    voices = (viewer?.voices.edges ?? []).map(({ node }) => node);
    showChoice();
    showVoice();
    // A training makes segments stale, and revoking may unpublish.
    if (areStoriesRead) await readStory(stories.chosen());
  }

  return { read };
}
