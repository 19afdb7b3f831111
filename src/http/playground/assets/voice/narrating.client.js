// A narration of the chosen story in the person's own voice: cast, render, hear, publish.
import { here } from "../api.client.js";
import { castList } from "./casting.client.js";
import { isUnderWay, narrationText, renderText } from "./own-voice.words.client.js";
import { ask, attemptsOf, change, follow, part } from "./requests.client.js";

const { crypto, document } = globalThis;

/** The actions on a narration: the part with the button, the operation, and more of its input. */
const ACTIONS = [
  ["render", "RenderInVoice", {}],
  ["publish", "PublishInVoice", { visibility: "PUBLIC" }],
  ["unpublish", "UnpublishInVoice", {}],
];

const BUTTONS = ["cancel", ...ACTIONS.map(([name]) => name)];

export class NarratingSection {
  #section = part("narrating");
  #attempt = attemptsOf(this.#section);
  #cast = castList({
    onCast: (characterId, voice) => this.#act("CastVoice", { cast: [{ characterId, voice }] }),
  });
  #story = null;
  #voice = null;
  #voices = [];
  #narration = null;
  /** The ids of the narrations whose render the page follows. */
  #followed = new Set();

  constructor() {
    part("narrate").addEventListener("click", () => this.#attempt(() => this.#make()));
    part("cancel").addEventListener("click", () =>
      this.#attempt(() => this.#run("CancelRender", { id: this.#narration.id })),
    );
    for (const [name, operation, more] of ACTIONS) {
      part(name).addEventListener("click", () => this.#act(operation, more));
    }
    part("narration-sound").addEventListener("error", () => {
      if (!part("narration-sound").getAttribute("src")) return;
      part("narration-status").textContent =
        "The link of this sound has expired. Choose the story again.";
    });
  }

  showVoice(voice) {
    this.#voice = voice?.isAvailable ? voice : null;
    this.#show();
  }

  /** Shows the newest narration of a story in the person's own voice, if there is one. */
  async showStory(story) {
    this.#story = story;
    const narrations = (story?.userNarrations.edges ?? []).map(({ node }) => node);
    this.#narration =
      narrations.find(({ narratorVoiceType }) => narratorVoiceType === "USER") ?? null;
    if (story) {
      const { voices } = await ask("VoicesToCast", { language: story.language });
      this.#voices = voices.edges.map(({ node }) => node);
    }
    this.#show();
  }

  async #make() {
    const { narration } = await change("NarrateInVoice", {
      storyId: this.#story.id,
      title: `${this.#story.title}, in my own voice`,
      narratorVoice: this.#voice.id,
      idempotencyKey: crypto.randomUUID(),
    });
    this.#take(narration);
    // The pressed button is hidden now.
    part("narrating-title").focus();
  }

  #act(operation, more) {
    const { id, version } = this.#narration;
    return this.#attempt(() => this.#run(operation, { id, version, ...more }));
  }

  async #run(operation, input) {
    const pressed = document.activeElement;
    // The section ignores what is pressed while an action runs.
    this.#setEnabled(false);
    try {
      const { narration } = await change(operation, input);
      this.#take(narration);
    } catch (error) {
      await this.#reload();
      throw error;
    } finally {
      this.#setEnabled(true);
      keepFocus(pressed);
    }
  }

  #setEnabled(isEnabled) {
    for (const name of BUTTONS) part(name).disabled = !isEnabled;
    this.#cast.setEnabled(isEnabled && !isUnderWay(this.#narration.status));
  }

  /** Reads the narration again: after a conflict, the page has an old version. */
  async #reload() {
    const { node } = await ask("StoryToHear", { id: this.#story.id });
    await this.showStory(node);
  }

  #take(narration) {
    this.#narration = narration;
    this.#show();
  }

  #show() {
    const narration = this.#narration;
    this.#section.hidden = !this.#story || (!this.#voice && !narration);
    if (this.#section.hidden) return;
    part("narrating-title").textContent = `Narrate “${this.#story.title}”`;
    part("narrate").hidden = narration !== null;
    part("narration").hidden = narration === null;
    if (!narration) {
      part("narration-status").textContent = "";
      return;
    }
    part("narration-status").textContent = narrationText(narration);
    this.#showControls(narration);
    this.#showSound(narration);
    this.#cast.show({
      cast: narration.cast,
      voices: this.#voices,
      isEnabled: !isUnderWay(narration.status),
    });
    if (isUnderWay(narration.status)) void this.#follow(narration.id);
  }

  #showControls({ status, narrationVisibility }) {
    const isRendering = isUnderWay(status);
    part("render").hidden = isRendering;
    part("cancel").hidden = !isRendering;
    part("render-progress").hidden = !isRendering;
    part("publish").textContent = narrationVisibility === "PRIVATE" ? "Publish" : "Publish again";
    part("publish").hidden = isRendering;
    part("unpublish").hidden = narrationVisibility === "PRIVATE";
  }

  #showSound({ audio, title }) {
    const sound = part("narration-sound");
    // Audio of the earlier platform may have no MP3.
    sound.hidden = !audio?.url;
    if (!audio?.url) return;
    const source = here(audio.url);
    sound.setAttribute("aria-label", title);
    if (sound.getAttribute("src") !== source) sound.src = source;
  }

  async #follow(id) {
    if (this.#followed.has(id)) return;
    this.#followed.add(id);
    let last = null;
    const onState = (state) => {
      const isNew = state.status !== last?.status;
      last = state;
      if (this.#narration?.id !== id) return;
      if (isNew) part("narration-status").textContent = narrationText(state);
      showProgress(state);
    };
    try {
      await follow("NarrationProgress", { id, work: "render", onState });
    } catch (error) {
      part("alert").textContent = error.message;
    } finally {
      this.#followed.delete(id);
    }
    if (last && this.#narration?.id === id && !isUnderWay(last.status)) this.#take(last);
  }
}

/** A button that is disabled or hidden loses the focus. */
function keepFocus(pressed) {
  const isShown = pressed.offsetParent !== null;
  (isShown ? pressed : part("narrating-title")).focus();
}

function showProgress(narration) {
  const { renderedSegments = 0, reusedSegments = 0, totalSegments = 0 } = narration.progress ?? {};
  part("render-bar").max = Math.max(1, totalSegments);
  part("render-bar").value = renderedSegments + reusedSegments;
  part("render-words").textContent = renderText(narration);
}
