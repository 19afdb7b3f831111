import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import path from "node:path";
import { chromium } from "playwright-core";

const SILENT = [
  "--no-sandbox", // root cannot use it
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
];

/**
 * A headless browser that resolves no name but localhost. It is the one in node_modules, which
 * runs on 64-bit Intel Linux, or the one at CHROMIUM_PATH. Close with the function returned.
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

/** Unpacks the browser, and the libraries and fonts that a bare machine lacks, into the folder. */
async function unpackChromium(folder) {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error("Set CHROMIUM_PATH to a Chromium: node_modules has none for this machine.");
  }
  // The package unpacks into the temporary folder, under names that others may have put there.
  process.env.TMPDIR = folder;
  const packed = await import("@sparticuz/chromium");
  const bin = new URL("../bin/", import.meta.resolve("@sparticuz/chromium"));
  await packed.inflate(fileURLToPath(new URL("al2023.tar.br", bin)));
  packed.setupLambdaEnvironment(path.join(folder, "al2023", "lib"));
  return packed.default.executablePath();
}
