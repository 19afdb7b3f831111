// Gets a voice of one's own in the panel "Your voice" of a newly seeded server, as Ada does: agrees, sends
// recordings, trains, hears a story's line in each emotion, narrates, gives a character another voice,
// publishes and revokes. A voice of the engine reads the recordings.
// Usage: BASE_URL=http://localhost:4000 node test/smoke/own-voice.smoke.mjs [SCREENSHOT.png]
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { person } from "./api.client.mjs";
import { prepareChromium } from "./chromium.mjs";
import { stepReport } from "./step.report.mjs";
import { button, hear, openPanel, words } from "./voice.panel.mjs";
import { joinSpeech } from "./wav.cut.mjs";

const READER = "flite:awb";
const STORY = "The Lantern at Low Tide";
const TEXT = `“Is the tide out?” asked Mara, and she held the lantern higher.

“All the way,” said the old ferryman. “We can walk to the island tonight, if you are not afraid of the wet.”

Mara laughed with joy. The sand shone like glass, and far away the bell of the island rang the hour. They took off their shoes and walked between the pools, slowly, so that the small crabs had time to hide.

“Listen,” whispered the ferryman. “That is the sea, thinking about coming back.”`;
const TRAINED_WITHIN_MS = 60_000;
const RENDERED_WITHIN_MS = 60_000;
/** A preview speaks at most this many characters. */
const PIECE = /[^.!?]{1,250}[.!?]+\s*/g;

const TEMPLATES = `{ voiceModulationTemplates(first: 100, types: [EMOTION, MODULATION]) {
  edges { node { key displayName isTrainable recordingPrompts { text } } } } }`;
const STORY_CHANGE = (name) =>
  `mutation ($input: ${name}Input!) { result: ${name[0].toLowerCase()}${name.slice(1)}(input: $input) {
    story { id version } userErrors { message } } }`;
const ANALYSIS = "subscription ($id: ID!) { storyAnalysisProgress(storyId: $id) { status } }";
const VOICES = "{ voices(first: 100) { edges { node { id kind displayName } } } }";
const PREVIEW = `mutation ($input: PreviewVoiceInput!) {
  result: previewVoice(input: $input) { preview { url } userErrors { message } } }`;
const NARRATION = `query ($search: String!) { stories(first: 1, search: $search) { edges { node {
  publicNarrations(first: 20) { edges { node { title narratorVoiceType
    narratorVoice { id kind displayName } cast { characterName voice { id kind } } } } } } } } }`;

const baseUrl = process.env.BASE_URL;
const screenshot = process.argv[2];
const { counts, step } = stepReport();

async function main() {
  const folder = await mkdtemp(path.join(tmpdir(), "fabula-own-voice-"));
  const { launch, close } = await prepareChromium();
  try {
    const html = await (await fetch(new URL("/playground", baseUrl))).text();
    const ada = person(baseUrl, /"voiceToken":"([^"]+)"/.exec(html)[1]);
    await step("Ada publishes a short story", () => publishStory(ada));
    const readings = await step("a voice of the engine reads the texts to record", () =>
      readTexts(ada, folder),
    );
    if (readings) await useAsAda(await launch(), readings);
  } finally {
    await close();
    await rm(folder, { recursive: true, force: true });
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  process.exitCode = counts.failed ? 1 : 0;
}

async function publishStory(ada) {
  const { story } = await ada.change(STORY_CHANGE("CreateStory"), { title: STORY, content: TEXT });
  await ada.change(STORY_CHANGE("PublishStory"), story);
  const events = await ada.follow(ANALYSIS, { id: story.id });
  assert.equal(events.at(-1).data.storyAnalysisProgress.status, "READY");
}

const idOf = ({ id }) => Buffer.from(id, "base64url").toString();

/** Writes a reading of the first neutral text and of the first joyful one. */
async function readTexts(ada, folder) {
  const { voiceModulationTemplates } = await ada.ask(TEMPLATES);
  const templates = voiceModulationTemplates.edges
    .map(({ node }) => node)
    .filter(({ isTrainable }) => isTrainable);
  const { voices } = await ada.ask(VOICES);
  const reader = voices.edges.find(({ node }) => idOf(node).endsWith(READER));
  const read = async (key, index) => {
    const { recordingPrompts } = templates.find((each) => each.key === key);
    const file = path.join(folder, `${key}-${index}.wav`);
    const sounds = [];
    for (const [text] of recordingPrompts[index].text.matchAll(PIECE)) {
      sounds.push(await speak(ada, { voice: reader.node.id, text, emotion: key }));
    }
    await writeFile(file, joinSpeech(sounds));
    return file;
  };
  return {
    templates,
    neutral: [await read("neutral", 0)],
    joy: [await read("joy", 0)],
  };
}

async function speak(ada, input) {
  const { preview } = await ada.change(PREVIEW, input);
  return Buffer.from(await (await fetch(preview.url)).arrayBuffer());
}

async function useAsAda(browser, { templates, neutral, joy }) {
  const { page, complaints } = await openPanel(browser, baseUrl);
  // Each step needs the steps before, so the first failure ends the run.
  const act = async (name, work) => {
    await step(name, async () => {
      await work();
      assert.deepEqual(complaints.splice(0), []);
    });
    if (counts.failed > 0) throw new Error(`Failed: ${name}`);
  };
  try {
    await act("Ada agrees, and learns that Neutral comes first", () => agree(page));
    await act("Ada sends her neutral and her joyful speech", async () => {
      await sendAll(page, "Neutral", neutral);
      await sendAll(page, "Joy", joy);
    });
    await act("Ada trains, watches the progress, and the voices are ready", () => train(page));
    await act("Ada hears a story's line in her voice, in each emotion", () =>
      hearEach(page, templates),
    );
    await act("Ada makes a narration in her voice and casts another voice", () => narrate(page));
    await act("the render shows its progress, and the narration plays", () => render(page));
    await act("Ada publishes, and others hear of an adapted voice without its id", () =>
      publish(page),
    );
    await act("the example about the trained voice runs, and deletes an emotion voice", runExample);
    await act("revoking names the published narration, and unpublishes it when told", () =>
      revoke(page),
    );
  } finally {
    if (screenshot) await page.screenshot({ path: screenshot });
  }
}

async function agree(page) {
  await button(page, "I agree").click();
  await words(page, "kind", /not a clone/);
  await words(page, "train-note", /record Neutral first/);
  assert.ok(await button(page, "Train").isDisabled());
}

/** Sends one file for each text of a way of speaking, in the order of the texts. */
async function sendAll(page, name, files) {
  await page.locator("#voice-template").selectOption({ label: name });
  await page.locator("#voice-takes-title").filter({ hasText: name }).waitFor();
  for (const [index, file] of files.entries()) {
    if (index > 0) await button(page, "Another text").click();
    await page.locator("#voice-file").setInputFiles(file);
    await button(page, "Send").click();
    await page.locator(`#voice-take-list > li[data-status=ACCEPTED]`).nth(index).waitFor();
  }
  await words(page, "missing", /You have enough/);
}

const trained = (page, name) =>
  page.locator("#voice-training-list > li").filter({ has: page.getByText(name, { exact: true }) });

async function train(page) {
  await words(page, "train-note", /^Neutral, Joy$/);
  await page.getByLabel("Name of the voice").fill("Ada’s own");
  await button(page, "Train").press("Enter");
  await page
    .getByRole("progressbar", { name: /Training of / })
    .first()
    .waitFor();
  for (const name of ["Neutral", "Joy"]) {
    await trained(page, name)
      .filter({ hasText: /Trained from \d take/ })
      .waitFor({ timeout: TRAINED_WITHIN_MS });
  }
  await words(page, "kind", /“Ada’s own” is ADAPTED: .*not a clone/);
}

async function hearEach(page, templates) {
  await page.locator("#voice-story-search").fill(STORY);
  await page.locator("#voice-story-search").press("Enter");
  await words(page, "narrating-title", new RegExp(STORY));
  await page.locator("#voice-lines input").nth(1).check();
  for (const { key, displayName } of templates) {
    await button(page, `Hear ${displayName}`).click();
    await words(page, "hearing-status", spokenBy(key));
    await page.waitForFunction(() => {
      const sound = globalThis.document.getElementById("voice-spoken");
      return sound.currentTime > 0.2 && !sound.error;
    });
  }
}

function spokenBy(key) {
  if (key === "neutral") return /Spoken by your neutral voice/;
  return key === "joy" ? /Joy: spoken by your own voice/ : /with the emotion as prosody/;
}

async function narrate(page) {
  await button(page, "Make a narration in my voice").click();
  await words(page, "narration-status", /Not rendered yet\. A render speaks \d+ segments/);
  const choice = page.locator("#voice-cast select").first();
  const before = await choice.inputValue();
  const others = await choice
    .locator("option")
    .evaluateAll((options) => options.map(({ value }) => value));
  const other = others.find((value) => value !== before);
  await choice.selectOption(other);
  await page.waitForFunction((value) => {
    const select = globalThis.document.querySelector("#voice-cast select");
    return select.value === value && !select.disabled;
  }, other);
}

async function render(page) {
  await button(page, "Render").click();
  await page.getByRole("progressbar", { name: "Render", exact: true }).waitFor();
  await page
    .locator("#voice-narration-status")
    .filter({ hasText: /Rendered\. Nothing is left to speak/ })
    .waitFor({ timeout: RENDERED_WITHIN_MS });
  await hear(page.locator("#voice-narration-sound"));
}

const publicInOwnVoice = async () => {
  const { stories } = await person(baseUrl).ask(NARRATION, { search: STORY });
  const { publicNarrations } = stories.edges[0].node;
  return publicNarrations.edges
    .map(({ node }) => node)
    .filter(({ narratorVoiceType }) => narratorVoiceType === "USER");
};

async function publish(page) {
  await button(page, "Publish").click();
  await words(page, "narration-status", /The narration is published/);
  const [narration] = await publicInOwnVoice();
  const { id, ...voice } = narration.narratorVoice;
  assert.deepEqual(voice, { kind: "ADAPTED", displayName: "Ada’s own" });
  const { node } = await person(baseUrl).ask("query ($id: ID!) { node(id: $id) { id } }", { id });
  assert.equal(node, null);
}

/** Runs the operations of the tab that the playground shows after a training. */
async function runExample() {
  const html = await (await fetch(new URL("/playground", baseUrl))).text();
  const { tabs } = JSON.parse(/id="playground-config">(.*?)<\/script>/s.exec(html)[1]);
  const { query, variables, token } = tabs.find((tab) => tab.query.includes("WatchMyTraining"));
  const ada = person(baseUrl, token);
  const [watch, ...mutations] = query.match(/^(?:subscription|mutation) [\s\S]*?^\}/gm);
  const events = await ada.follow(watch, variables);
  assert.equal(events.at(-1).data.voiceTrainingProgress.trainingStatus, "READY");
  for (const mutation of mutations) {
    // The payload comes before the extensions.
    const [payload] = Object.values(await ada.ask(mutation, variables));
    assert.deepEqual(payload.userErrors, []);
  }
}

async function revoke(page) {
  await page.locator("#voice-leave > summary").click();
  await button(page, "Revoke consent").click();
  await words(
    page,
    "consent-status",
    /Consent revoked.*Still published in your voice: “The Lantern/,
  );
  assert.equal((await publicInOwnVoice()).length, 1);
  await button(page, "Unpublish them").click();
  await words(page, "consent-status", /Unpublished: 1 narration in your voice/);
  assert.deepEqual(await publicInOwnVoice(), []);
  assert.equal(await page.locator("#voice-hearing").isVisible(), false);
  await page.locator("#voice-leave > summary").click();
  await button(page, "Delete all").click();
  await words(page, "consent-status", /No recording and no voice remains/);
}

if (!baseUrl) throw new Error("Set BASE_URL to the address of a running server.");
await main();
