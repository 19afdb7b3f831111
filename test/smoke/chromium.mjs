import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { chromium } from "playwright-core";

const SILENT = [
  "--no-sandbox", // root cannot use the sandbox
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

/**
 * Starts a headless browser that resolves only localhost. The browser comes from CHROMIUM_PATH or from
 * node_modules, which has a browser for 64-bit Intel Linux only. Call `close` to close the browser.
 */
export async function launchChromium() {
  const folder = await mkdtemp(path.join(tmpdir(), "fabula-chromium-"));
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  try {
    const executablePath = process.env.CHROMIUM_PATH ?? (await unpackChromium(folder));
    const browser = await chromium.launch({ executablePath, headless: true, args: SILENT });
    return { browser, close: () => browser.close().finally(removeFolder) };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

/**
 * Unpacks the browser into the folder, with the libraries and fonts that a minimal machine lacks.
 */
async function unpackChromium(folder) {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(
      "node_modules has no browser for this machine. Set CHROMIUM_PATH to a Chromium.",
    );
  }
  // The package unpacks into the temporary folder under fixed names. Other users may already use these names.
  process.env.TMPDIR = folder;
  const packed = await import("@sparticuz/chromium");
  const bin = new URL("../bin/", import.meta.resolve("@sparticuz/chromium"));
  await packed.inflate(fileURLToPath(new URL("al2023.tar.br", bin)));
  packed.setupLambdaEnvironment(path.join(folder, "al2023", "lib"));
  return packed.default.executablePath();
}
