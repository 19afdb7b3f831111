// The text to read aloud.
import { part } from "./requests.client.js";

/** Shows the texts of a template one after the other. */
export function promptReader() {
  let template = null;
  let index = 0;

  const current = () => template.recordingPrompts[index % template.recordingPrompts.length];

  function showText() {
    const { text, seconds } = current();
    part("prompt").textContent = text;
    part("prompt-seconds").textContent = `About ${seconds} seconds.`;
  }

  part("another").addEventListener("click", () => {
    index += 1;
    showText();
  });

  return {
    /** Shows the first text of a new template. The text of the same template stays. */
    show(shown) {
      if (shown.id !== template?.id) index = 0;
      template = shown;
      showText();
    },
    templateId: () => template.id,
    text: () => current().text,
  };
}
