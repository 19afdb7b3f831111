// A take: the microphone or a file, hearing the take, sending the take.
import { LONGEST_SECONDS, beginRecording } from "./microphone.client.js";
import { attemptsOf, element, part } from "./requests.client.js";
import { promptReader } from "./prompt.client.js";
import { sendTake } from "./sending.client.js";
import { adviceOf } from "./takes.client.js";
import { clockText, levelText, microphoneAdvice, outcomeText, sizeText } from "./words.client.js";

const { document } = globalThis;

export class RecordingSection {
  #section = part("recording");
  #attempt = attemptsOf(this.#section);
  #prompts = promptReader();
  #onSent;
  #onBusy;
  /** The running recording; null if the microphone is closed. */
  #recording = null;
  /** False if the panel was closed while the browser asked for the microphone. */
  #isWanted = false;
  /** The take that waits to be sent. */
  #take = null;

  /**
   * Calls `onSent` with the id of a sent take. Calls `onBusy` with true while a take is recorded or waits
   * to be sent. During this time the template must stay, because a take belongs to one.
   */
  constructor({ onSent, onBusy }) {
    this.#onSent = onSent;
    this.#onBusy = onBusy;
    part("record").addEventListener("click", () => this.#attempt(() => this.#record()));
    part("stop").addEventListener("click", () => this.stop());
    part("file").addEventListener("change", () => this.#chooseFile());
    part("send").addEventListener("click", () => this.#attempt(() => this.#send()));
    part("discard").addEventListener("click", () => this.#attempt(() => this.#discard()));
  }

  /** Shows the texts of a template. Without a consent, nothing can be recorded. */
  show(template, isConsentGiven) {
    this.#section.hidden = !template || !isConsentGiven;
    // Nobody sees the microphone's meter in a hidden section.
    if (this.#section.hidden) this.stop();
    if (!template) return;
    this.#prompts.show(template);
    this.#showControls();
  }

  /** Shows how the check of a sent take goes and ends. */
  showOutcome(sample) {
    part("outcome").replaceChildren(
      element("p", { className: "verdict", textContent: outcomeText(sample) }),
      ...adviceOf(sample),
    );
  }

  /** Ends the recording. The take stays. */
  stop() {
    this.#isWanted = false;
    this.#recording?.stop();
  }

  async #record() {
    // A sound from the loudspeaker would be in the recording.
    for (const audio of document.querySelectorAll("audio")) audio.pause();
    part("outcome").replaceChildren();
    say("The browser asks for the microphone …");
    this.#isWanted = true;
    try {
      this.#recording = await beginRecording({
        onReport: showReport,
        onEnd: (blob) => this.#endRecording(blob),
      });
    } catch (error) {
      say("");
      throw new Error(microphoneAdvice(error), { cause: error });
    }
    showReport({ dB: -60, seconds: 0 });
    say("Recording. Read the text aloud.");
    this.#showControls();
    part("stop").focus();
    if (!this.#isWanted) this.stop();
  }

  #endRecording(blob) {
    this.#recording = null;
    const length = part("elapsed").textContent;
    const isFull = length === clockText(LONGEST_SECONDS);
    const reason = isFull ? ", because a take has at most three minutes" : "";
    this.#keepTake(blob, `The recording ended after ${length}${reason}. Listen, then send.`);
  }

  #chooseFile() {
    const [file] = part("file").files;
    if (!file) return;
    part("outcome").replaceChildren();
    this.#keepTake(file, `${file.name}, ${sizeText(file.size)}. Listen, then send.`);
  }

  #keepTake(blob, words) {
    this.#take = { blob, url: URL.createObjectURL(blob) };
    part("heard").src = this.#take.url;
    part("is-read").checked = true;
    say(words);
    this.#showControls();
    // In a closed panel, the focus stays where it is.
    if (part("heard").offsetParent) part("heard").focus();
  }

  #dropTake() {
    part("heard").removeAttribute("src");
    part("heard").load();
    URL.revokeObjectURL(this.#take.url);
    this.#take = null;
    part("file").value = "";
    this.#showControls();
    part("record").focus();
  }

  async #discard() {
    this.#dropTake();
    say("The take was discarded.");
  }

  async #send() {
    const { blob } = this.#take;
    say(`Sending ${sizeText(blob.size)} …`);
    const transcript = part("is-read").checked ? this.#prompts.text() : null;
    try {
      const templateId = this.#prompts.templateId();
      const sampleId = await sendTake({ blob, templateId, transcript });
      this.#dropTake();
      say("");
      this.#onSent(sampleId);
    } catch (error) {
      say("The take is still here.");
      throw error;
    }
  }

  #showControls() {
    const isRecording = this.#recording !== null;
    const isBusy = isRecording || this.#take !== null;
    part("record").hidden = isRecording;
    part("stop").hidden = !isRecording;
    part("live").hidden = !isRecording;
    part("review").hidden = this.#take === null;
    for (const name of ["record", "another", "file"]) part(name).disabled = isBusy;
    this.#onBusy(isBusy);
  }
}

const say = (words) => {
  part("recording-status").textContent = words;
};

function showReport({ dB, seconds }) {
  part("level").value = dB;
  part("level-words").textContent = levelText(dB);
  part("elapsed").textContent = clockText(seconds);
}
