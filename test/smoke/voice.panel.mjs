// The panel "Your voice" in a browser, as the smoke runs use it.
import { watch } from "./page.watch.mjs";

/** Opens the playground, and opens the panel with the keyboard. */
export async function openPanel(browser, baseUrl) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  page.setDefaultTimeout(15_000);
  const complaints = watch(page);
  await page.goto(new URL("/playground", baseUrl).href);
  await page.locator("#voice > summary").press("Enter");
  await page.locator("#voice-consent").waitFor();
  return { page, complaints };
}

export const button = (page, name) =>
  page.locator("#voice").getByRole("button", { name, exact: true });

/** Waits until the text of a part of the panel matches. Returns the text. */
export async function words(page, name, pattern) {
  const found = page.locator(`#voice-${name}`).filter({ hasText: pattern });
  await found.waitFor().catch(async (error) => {
    const all = await page.locator("#voice").innerText();
    throw new Error(`${name} never shows ${pattern}. The panel:\n${all}`, { cause: error });
  });
  return found.innerText();
}

/** Waits until a section shows this failure. */
export const alertOf = (page, section, pattern) =>
  page.locator(`#voice-${section} > [role=alert]`).filter({ hasText: pattern }).waitFor();

/** Plays a sound with the keyboard, and waits until some of the sound was played. */
export async function hear(sound) {
  await sound.press("Space");
  await sound.evaluate(
    (audio) =>
      new Promise((resolve, reject) => {
        audio.addEventListener("error", () => reject(new Error("The sound does not play.")));
        audio.addEventListener("timeupdate", () => audio.currentTime > 0.3 && resolve());
      }),
  );
  await sound.press("Space");
}

export const takes = (page) => page.locator("#voice-take-list > li");
