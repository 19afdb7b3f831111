// Uses the playground of a newly seeded server as a person does: plays Ada's first narration, then runs
// every operation of every tab twice.
// Usage: BASE_URL=http://localhost:4000 node test/smoke/playground.smoke.mjs [SCREENSHOT.png]
import { prepareChromium } from "./chromium.mjs";
import { watch } from "./page.watch.mjs";

/** Before Ada agrees and records, she can train nothing. */
const EXPECTED_CODES = { StaleVersion: ["CONFLICT"], TrainMyVoice: ["CONFLICT"] };
/**
 * The operations that watch a render. The number is how many segments the first run of the operation
 * renders.
 */
const WATCHED = { WatchIt: 75, HearTheEdit: 1 };
const OPERATION = /^(query|mutation|subscription) (\w+)/gm;

const baseUrl = process.env.BASE_URL;
const screenshot = process.argv[2];

/** Presses play, selects the operation if the tab has several, and waits until the operation ends. */
async function run(page, operation, isOnlyOne) {
  await page.evaluate(() => globalThis.resultEditor().setValue(""));
  await page.locator(".graphiql-execute-button").click();
  if (!isOnlyOne) await page.getByRole("menuitem", { name: operation, exact: true }).click();
  await page.waitForFunction(
    () =>
      globalThis.resultEditor().getValue() !== "" &&
      globalThis.document.querySelector(".graphiql-spinner") === null &&
      globalThis.document.querySelector('[aria-label^="Stop query"]') === null,
  );
  return page.evaluate(() => JSON.parse(globalThis.resultEditor().getValue()));
}

/** Describes the fault in a reply. Returns an empty text if the reply is as expected. */
function faults(operation, { data, errors }) {
  if (errors) return `errors ${JSON.stringify(errors)}`;
  if (!data || Object.values(data).every((field) => field === null)) return "no data";
  const codes = Object.values(data).flatMap((field) => field?.userErrors ?? []);
  const expected = EXPECTED_CODES[operation] ?? [];
  const isExpected = codes.map(({ code }) => code).join() === expected.join();
  return isExpected ? "" : `user errors ${JSON.stringify(codes)}`;
}

/**
 * Opens a tab and waits until GraphiQL has read its operations. Until then, the play button would
 * run an operation of the previous tab.
 */
async function openTab(page, operations) {
  await page.getByRole("tablist").getByRole("button", { name: operations[0], exact: true }).click();
  await page.waitForFunction((names) => {
    const { document } = globalThis;
    const read =
      document.querySelector(".graphiql-query-editor .CodeMirror").CodeMirror.operations ?? [];
    const play = document.querySelector(".graphiql-execute-button");
    const offersMenu = play.getAttribute("aria-haspopup") === "menu";
    return (
      read.map(({ name }) => name.value).join() === names.join() && offersMenu === names.length > 1
    );
  }, operations);
}

/**
 * Waits until the sound plays. Returns an empty text, or a sentence if the sound is too short.
 * @throws TimeoutError if nothing plays
 */
async function playerFault(page) {
  await page.waitForFunction(
    () => globalThis.sound().readyState >= 3 && !globalThis.sound().paused,
  );
  const from = await page.evaluate(() => globalThis.sound().currentTime);
  await page.waitForFunction((time) => globalThis.sound().currentTime > time + 0.3, from);
  const duration = await page.evaluate(() => globalThis.sound().duration);
  return duration > 10 ? "" : `the sound lasts ${duration} s`;
}

/**
 * Checks the player. After the start of the server, the worker renders Ada's first narration. When the
 * sound is loaded, the space key must play it.
 */
async function checkPlayer(page, complaints) {
  await page.waitForFunction(() => globalThis.sound().readyState >= 1);
  await page.locator("#player audio").press("Space");
  const silence = await playerFault(page);
  await page.waitForFunction(
    () => globalThis.document.querySelector(".caption").textContent.length > 10,
  );
  await page.locator("#player audio").press("Space");
  return { title: "the player", found: [silence, ...complaints.splice(0)].filter(Boolean) };
}

/**
 * Describes the fault of a watched render. Such a render must show its stages, must render only new
 * segments, and its sound must play.
 */
async function watchFaults(page, operation, isFirstRun) {
  if (!(operation in WATCHED)) return "";
  const events = await page.evaluate(() => globalThis.events.splice(0));
  const stages = new Set(events.map(({ status }) => status));
  const { status, progress } = events.at(-1);
  if (status !== "READY") return `the render ended as ${status}`;
  if (isFirstRun && !stages.has("RENDERING")) return `the render showed only ${[...stages].join()}`;
  if (isFirstRun && progress.renderedSegments !== WATCHED[operation]) {
    return `rendered ${progress.renderedSegments} segments instead of ${WATCHED[operation]}`;
  }
  return playerFault(page);
}

async function check(page, operation, isOnlyOne, isFirstRun) {
  try {
    await page.evaluate(() => globalThis.events.splice(0));
    const reply = await run(page, operation, isOnlyOne);
    return faults(operation, reply) || (await watchFaults(page, operation, isFirstRun));
  } catch (error) {
    return error.message;
  }
}

/**
 * Runs each operation twice. The second run must also work, although the first run has changed the
 * data.
 */
async function checkTab(page, tab, complaints) {
  const operations = [...tab.query.matchAll(OPERATION)].map(([, , name]) => name);
  await openTab(page, operations);
  const found = [];
  for (const isFirstRun of [true, false]) {
    for (const operation of operations) {
      const fault = await check(page, operation, operations.length === 1, isFirstRun);
      if (fault) found.push(`${operation}: ${fault}`);
    }
  }
  found.push(...complaints.splice(0));
  return { title: operations.join(", "), found };
}

/** The right edges of all tabs, the widths of the panes, and what hides the first letter of the code. */
const layoutOf = (page) =>
  page.evaluate(() => {
    const { document, innerWidth } = globalThis;
    const boxOf = (selector) => document.querySelector(selector).getBoundingClientRect();
    const tabs = [...document.querySelectorAll(".graphiql-tab-button")];
    const code = boxOf(".graphiql-query-editor .CodeMirror");
    const run = boxOf(".graphiql-execute-button");
    return {
      isEachTabInView: tabs.every((tab) => tab.getBoundingClientRect().right <= innerWidth),
      canTabsScroll: boxOf(".graphiql-tabs").right <= innerWidth,
      answerWidth: boxOf(".graphiql-response").width,
      isCodeFree: run.left >= code.right || run.bottom <= code.top,
    };
  });

/** Checks the page on a laptop and on a phone. */
async function checkLayout(page) {
  await page.setViewportSize({ width: 1280, height: 800 });
  const laptop = await layoutOf(page);
  await page.setViewportSize({ width: 390, height: 844 });
  const phone = await layoutOf(page);
  const faults = [
    laptop.isEachTabInView || "a tab is out of view on a laptop",
    phone.canTabsScroll || "the tabs cannot be scrolled on a phone",
    phone.answerWidth > 340 || `the answer is ${phone.answerWidth} px wide on a phone`,
    (laptop.isCodeFree && phone.isCodeFree) || "the play button covers code",
  ];
  return { title: "the layout", found: faults.filter((fault) => fault !== true) };
}

/** Runs the operations of the first tab in order, and opens the plan of a statement. */
async function checkMeasures(page) {
  // A tab has the name of the operation that ran last.
  await page.reload();
  await openTab(page, ["TheShelf", "SearchTheShelf"]);
  await page.getByRole("button", { name: "Run in order" }).click();
  await page.waitForFunction(() => globalThis.resultEditor().getValue().includes("SearchTheShelf"));
  await page.locator("#sql summary").click();
  await page.locator("#sql button").first().click();
  await page.locator("#sql pre").first().waitFor();
  const plan = await page.locator("#sql pre").first().innerText();
  return { title: "the measures", found: plan.includes("cost=") ? [] : [`the plan is ${plan}`] };
}

async function open(browser) {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  // On a busy machine, a render of four minutes of speech takes 15 s.
  page.setDefaultTimeout(60_000);
  await page.addInitScript(() => {
    const { document } = globalThis;
    globalThis.sound = () => document.querySelector("#player audio");
    globalThis.events = [];
    document.addEventListener("answer", ({ detail }) => {
      globalThis.events.push(...Object.values(detail.answer.data ?? {}));
    });
    globalThis.resultEditor = () => document.querySelector(".result-window .CodeMirror").CodeMirror;
  });
  const complaints = watch(page);
  await page.goto(new URL("/playground", baseUrl).href);
  await page
    .locator(".graphiql-execute-button")
    .waitFor()
    .catch((error) => {
      throw new Error(["The playground does not open.", ...complaints].join("\n"), {
        cause: error,
      });
    });
  const tabs = await page.evaluate(
    () => JSON.parse(globalThis.document.getElementById("playground-config").textContent).tabs,
  );
  return { page, tabs, complaints };
}

async function main() {
  const { launch, close } = await prepareChromium();
  let failed = 0;
  const report = ({ title, found }) => {
    console.log(`${found.length ? "not ok" : "ok"} ${title}`);
    for (const fault of found) console.log(`  ${fault}`);
    failed += found.length ? 1 : 0;
  };
  try {
    const { page, tabs, complaints } = await open(await launch());
    report(
      await checkPlayer(page, complaints).catch(({ message }) => ({
        title: "the player",
        found: [message],
      })),
    );
    for (const tab of tabs) report(await checkTab(page, tab, complaints));
    report(await checkMeasures(page));
    report(await checkLayout(page));
    if (screenshot) await page.screenshot({ path: screenshot });
    console.log(`${tabs.length + 3 - failed} passed, ${failed} failed`);
  } finally {
    await close();
  }
  process.exitCode = failed ? 1 : 0;
}

if (!baseUrl) throw new Error("Set BASE_URL to the address of a running server.");
await main();
