// Uses the panel "Your voice" of a newly seeded server as Ada does: agrees, records with a microphone,
// hears, sends, prefers, deletes and revokes. The microphone hears a narration that the server rendered.
// Usage: BASE_URL=http://localhost:4000 node test/smoke/voice.smoke.mjs [SCREENSHOT.png]
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { Buffer } from "node:buffer";
import path from "node:path";
import { person } from "./api.client.mjs";
import { microphone, prepareChromium } from "./chromium.mjs";
import { stepReport } from "./step.report.mjs";
import { alertOf, button, hear, openPanel, takes, words } from "./voice.panel.mjs";
import { cutSpeech } from "./wav.cut.mjs";

const NARRATION = `{ viewer { narrations(first: 20) { edges { node {
  status audio { durationMs url(format: WAV) } } } } } }`;
/** The microphone hears this file again and again. */
const HEARD_SECONDS = 40;
const FILE_SECONDS = 12;
const RECORDED = "0:06";
const TOO_SHORT = "0:01";

const baseUrl = process.env.BASE_URL;
const screenshot = process.argv[2];
const { counts, step } = stepReport();

async function main() {
  const folder = await mkdtemp(path.join(tmpdir(), "fabula-voice-"));
  try {
    const files = await step("the server has a sound for the microphone", () =>
      speechFiles(folder),
    );
    if (files) await withChromium((launch) => useMicrophone(files, launch));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed ? 1 : 0;
}

/** Downloads a narration, and writes the sound for the microphone and a shorter file. */
async function speechFiles(folder) {
  const html = await (await fetch(new URL("/playground", baseUrl))).text();
  const ada = person(baseUrl, /"voiceToken":"([^"]+)"/.exec(html)[1]);
  const { viewer } = await ada.ask(NARRATION);
  const ready = viewer.narrations.edges.map(({ node }) => node).find(({ audio }) => audio);
  assert.ok(ready, "Ada has no rendered narration");
  const sound = Buffer.from(await (await fetch(ready.audio.url)).arrayBuffer());
  const write = async (name, seconds) => {
    const file = path.join(folder, name);
    await writeFile(file, cutSpeech(sound, seconds));
    return file;
  };
  return {
    heard: await write("heard.wav", HEARD_SECONDS),
    sent: await write("sent.wav", FILE_SECONDS),
  };
}

async function withChromium(work) {
  const { launch, close } = await prepareChromium();
  await work(launch).finally(close);
}

/** Takes the screenshot, if the caller named a file for it. */
async function show(page) {
  if (screenshot) await page.screenshot({ path: screenshot });
}

async function useMicrophone({ heard, sent }, launch) {
  const { page, complaints } = await openPanel(await launch(microphone.hearing(heard)), baseUrl);
  try {
    await useAsAda({ page, complaints, sent, launch });
  } finally {
    await show(page);
  }
}

async function useAsAda({ page, complaints, sent, launch }) {
  // Each step needs the steps before, so the first failure ends the run.
  const act = async (name, work) => {
    await step(name, async () => {
      await work();
      assert.deepEqual(complaints.splice(0), []);
    });
    if (counts.failed > 0) throw new Error(`Failed: ${name}`);
  };
  await act("Ada reads the statement and agrees", () => agree(page));
  await act("Ada records neutral speech and hears the take", () => recordAndHear(page));
  await act("the take is accepted, and the panel tells how much is missing", () => sendGood(page));
  await act("a take that is too short is refused with advice", () => sendShort(page));
  await act("a connection that breaks keeps the take", () =>
    loseConnection(page, complaints, sent),
  );
  await act("Ada sends the file again, prefers one take and deletes one", () => keepOne(page));
  await act("a refused microphone says what to do", () => refuseMicrophone(launch));
  await act("revoking with deletion leaves no take and no sound", () => revoke(page));
}

async function agree(page) {
  await words(page, "statement", /my voice/);
  await words(page, "consent-status", /after you agree/);
  assert.equal(await button(page, "Record").isVisible(), false);
  await button(page, "I agree").press("Enter");
  await words(page, "consent-status", /You agreed to version/);
  await words(page, "takes-status", /No take yet/);
  await words(page, "missing", /0 of 30 seconds of speech: read 30 more seconds/);
}

/** Records until the clock of the panel shows this time. */
async function record(page, until) {
  await button(page, "Record").click();
  await page.waitForFunction(
    () => Number(globalThis.document.getElementById("voice-level").value) > -50,
  );
  await words(page, "elapsed", until);
  await button(page, "Stop").click();
  await words(page, "recording-status", /Listen, then send/);
  assert.equal(await page.locator("#voice-live").isVisible(), false);
}

async function recordAndHear(page) {
  const first = await page.locator("#voice-prompt").innerText();
  await button(page, "Another text").click();
  assert.notEqual(await page.locator("#voice-prompt").innerText(), first);
  await record(page, RECORDED);
  await hear(page.locator("#voice-heard"));
}

async function sendGood(page) {
  await button(page, "Send").click();
  await words(page, "outcome", /Accepted, score \d+ of 100: .* s of speech/);
  await words(page, "missing", /of 30 seconds of speech: read \d+ more second/);
  const [take] = await takes(page).all();
  await take.filter({ hasText: "Accepted" }).waitFor();
  await hear(take.locator("audio"));
}

async function sendShort(page) {
  await record(page, TOO_SHORT);
  await button(page, "Send").click();
  await words(page, "outcome", /Not good enough/);
  const advice = await page.locator("#voice-outcome .advice li").allInnerTexts();
  assert.ok(advice.length > 0 && advice.every((text) => text.length > 20), advice.join("; "));
}

async function loseConnection(page, complaints, file) {
  await page.locator("#voice-file").setInputFiles(file);
  await words(page, "recording-status", /sent\.wav/);
  await page.route(/\/uploads\//, (route) => route.abort());
  await button(page, "Send").click();
  await alertOf(page, "recording", /connection broke.*Press Send again/);
  await words(page, "recording-status", /still here/);
  await page.unroute(/\/uploads\//);
  // The browser itself reports the broken request.
  assert.match(
    complaints.splice(0).join(),
    /^the console shows Failed to load resource: net::ERR_FAILED$/,
  );
}

async function keepOne(page) {
  await button(page, "Send").click();
  await words(page, "outcome", /Accepted/);
  await takes(page).filter({ hasText: "Accepted" }).nth(1).waitFor();
  assert.equal(await takes(page).count(), 3);
  await preferOther(page);
  const refused = takes(page).filter({ hasText: "Not good enough" });
  const remove = refused.getByRole("button", { name: /Delete/ });
  await remove.click();
  await remove.click();
  await refused.waitFor({ state: "detached" });
  assert.equal(await takes(page).count(), 2);
}

/** Prefers an accepted take that is not preferred. Afterwards, exactly this take is preferred. */
async function preferOther(page) {
  const others = takes(page).filter({ has: page.getByRole("button", { name: "Prefer" }) });
  const source = await others.first().locator("audio").getAttribute("src");
  await others.first().getByRole("button", { name: "Prefer" }).click();
  const preferred = takes(page).filter({ hasText: "· preferred" });
  await preferred.filter({ has: page.locator(`audio[src="${source}"]`) }).waitFor();
  assert.equal(await preferred.count(), 1);
}

async function refuseMicrophone(launch) {
  const { page } = await openPanel(await launch(microphone.refused), baseUrl);
  await button(page, "Record").click();
  await alertOf(page, "recording", /refuses the microphone.*Allow the microphone.*send a file/);
  assert.ok(await button(page, "Record").isEnabled());
}

async function revoke(page) {
  // Nobody has read this sound, so the server has no memory of the permission.
  const sources = await page
    .locator("#voice-take-list audio")
    .evaluateAll((sounds) =>
      sounds.filter(({ currentTime }) => currentTime === 0).map(({ src }) => src),
    );
  assert.ok(sources.length > 0, "every sound was played");
  await page.locator("#voice-leave > summary").click();
  await page.getByLabel(/Delete them/).check();
  await button(page, "Revoke consent").click();
  await words(page, "consent-status", /Deleted: 2 recordings .* No recording and no voice remains/);
  await words(page, "takes-status", /No take yet/);
  assert.equal(await takes(page).count(), 0);
  const statuses = await Promise.all(sources.map(async (url) => (await fetch(url)).status));
  assert.deepEqual(new Set(statuses), new Set([410]));
}

if (!baseUrl) throw new Error("Set BASE_URL to the address of a running server.");
await main();
