// Trains the person's own voice, and follows each training until the end.
import { buttonOf, deleteButton } from "./buttons.client.js";
import { attemptsOf, change, element, follow, part } from "./requests.client.js";
import {
  NO_VOICE,
  canTrain,
  kindText,
  startedText,
  trainingText,
} from "./own-voice.words.client.js";
import { timedBar } from "./progress.client.js";

export class TrainingSection {
  #section = part("training");
  #attempt = attemptsOf(this.#section);
  #onChange;
  #onFailure;
  /** The bars of the trainings that the page follows, by the id of the emotion voice. */
  #bars = new Map();
  #templates = [];
  #voice = null;

  /**
   * Calls `onChange` after trainings began or ended, and after a deletion. Calls `onFailure` with a
   * sentence if the page no longer follows a training.
   */
  constructor({ onChange, onFailure }) {
    this.#onChange = onChange;
    this.#onFailure = onFailure;
    part("train").addEventListener("click", () => this.#train(this.#waiting()));
  }

  /** Shows all templates that have speech or a voice. */
  show({ templates, voice, isConsentGiven }) {
    this.#section.hidden = !isConsentGiven;
    this.#templates = templates;
    const name = part("voice-name");
    if (this.#voice?.id !== voice?.id || name.value === "") name.value = voice?.displayName ?? "";
    this.#voice = voice;
    const listed = templates.filter(
      (template) => template.viewerSpeech.speechSeconds > 0 || this.#latestOf(template) !== null,
    );
    part("kind").textContent = voice ? kindText(voice) : NO_VOICE;
    part("training-list").replaceChildren(...listed.map((template) => this.#itemOf(template)));
    const waiting = this.#waiting();
    part("train").disabled = waiting.length === 0;
    part("train-note").textContent = noteOf(listed, waiting);
  }

  #latestOf(template) {
    const trained = this.#voice?.emotionVoices ?? [];
    return trained.find((each) => each.template?.id === template.id) ?? null;
  }

  /** The templates with enough speech and without a voice. */
  #waiting() {
    const isDone = (template) =>
      ["READY", "TRAINING"].includes(this.#latestOf(template)?.trainingStatus);
    return this.#templates.filter((template) => canTrain(template) && !isDone(template));
  }

  #train(chosen) {
    return this.#attempt(async () => {
      const { emotionVoices } = await this.#ask("TrainVoice", {
        voiceId: this.#voice?.id,
        displayName: part("voice-name").value.trim() || undefined,
        templateIds: chosen.map(({ id }) => id),
      });
      const trained = emotionVoices.filter(({ status }) => status === "TRAINING");
      await this.#onChange();
      say(startedText(trained));
      // The pressed button no longer exists.
      part("training-title").focus();
    });
  }

  /** Runs a mutation. After a failure, the list may be old, so the section reads the list again. */
  async #ask(name, input) {
    try {
      return await change(name, input);
    } catch (error) {
      await this.#onChange();
      throw error;
    }
  }

  #remove({ id }) {
    return this.#attempt(async () => {
      await this.#ask("DeleteEmotionVoice", { id });
      await this.#onChange();
      part("training-title").focus();
    });
  }

  async #follow({ id, template }) {
    const bar = timedBar(`Training of ${template.displayName}`);
    this.#bars.set(id, bar);
    let last = null;
    const onState = (state) => {
      last = state;
      bar.show(state.etaSeconds);
    };
    try {
      await follow("VoiceTrainingProgress", { id, work: "training", onState });
      say(endText(template, last));
      this.#bars.delete(id);
      await this.#onChange();
    } catch (error) {
      // Do not follow again at once: the connection may stay broken.
      this.#bars.delete(id);
      this.#onFailure(error.message);
    } finally {
      bar.end();
    }
  }

  #itemOf(template) {
    const latest = this.#latestOf(template);
    const item = element("li", {});
    item.dataset.status = latest?.trainingStatus ?? "NONE";
    item.append(
      element("p", { className: "take-name", textContent: template.displayName }),
      element("p", { textContent: trainingText(template, latest) }),
    );
    if (latest?.trainingStatus === "TRAINING") {
      if (!this.#bars.has(latest.id)) void this.#follow(latest);
      item.append(this.#bars.get(latest.id).line);
    } else if (latest !== null) {
      item.append(this.#actionsOf(template, latest));
    }
    return item;
  }

  #actionsOf(template, latest) {
    const actions = element("p", { className: "actions" });
    if (canTrain(template)) {
      actions.append(
        buttonOf(`Train ${template.displayName} again`, () => this.#train([template])),
      );
    }
    actions.append(deleteButton(() => this.#remove(latest)));
    return actions;
  }
}

const endText = ({ displayName }, last) =>
  last?.trainingStatus === "FAILED"
    ? `The training of ${displayName} failed: ${last.trainingFailure}`
    : `${displayName} is trained.`;

const say = (words) => {
  part("training-status").textContent = words;
};

function noteOf(listed, waiting) {
  if (waiting.length > 0) return waiting.map(({ displayName }) => displayName).join(", ");
  return listed.length === 0
    ? "Nothing is recorded yet: record Neutral first."
    : "Nothing else has enough speech for a training.";
}
