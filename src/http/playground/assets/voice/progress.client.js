// A bar for work in the background. The bar is outside live regions, because a screen reader would read
// every step of the bar.
import { element } from "./requests.client.js";
import { timeLeftText } from "./own-voice.words.client.js";

const { performance, setInterval, clearInterval } = globalThis;

const STEP_MS = 500;
/** The bar stays below its end until the work has ended. */
const MOST = 0.97;

/** Makes a bar that moves by itself from one estimate of the time left to the next. */
export function timedBar(label) {
  const bar = element("progress", { max: 1 });
  bar.setAttribute("aria-label", label);
  const words = element("span", {});
  const line = element("p", { className: "actions" });
  line.append(bar, words);
  const beganMs = performance.now();
  let endMs = null;

  const step = () => {
    if (endMs === null) return;
    const nowMs = performance.now();
    const share = (nowMs - beganMs) / Math.max(1, endMs - beganMs);
    bar.value = Math.min(MOST, share);
    words.textContent = timeLeftText(Math.max(0, endMs - nowMs) / 1000);
  };
  const timer = setInterval(step, STEP_MS);

  return {
    line,
    show(etaSeconds) {
      if (typeof etaSeconds !== "number") return;
      endMs = performance.now() + etaSeconds * 1000;
      step();
    },
    end: () => clearInterval(timer),
  };
}
