import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
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

/** Flags for a microphone that hears a WAV file. The browser allows or refuses the microphone itself. */
export const microphone = {
  hearing: (file) => [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    `--use-file-for-fake-audio-capture=${file}`,
  ],
  refused: ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream=deny"],
};

/**
 * Returns a function that starts headless browsers, which resolve only localhost. The browser comes from
 * CHROMIUM_PATH or from node_modules, which has a browser for 64-bit Intel Linux only. Call `close` to
 * close all the browsers.
 */
export async function prepareChromium() {
  const folder = await mkdtemp(path.join(tmpdir(), "fabula-chromium-"));
  const browsers = [];
  const close = async () => {
    await Promise.allSettled(browsers.map((browser) => browser.close()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const executablePath = process.env.CHROMIUM_PATH ?? (await unpackChromium(folder));
    const launch = async (flags = []) => {
      const args = [...SILENT, ...flags];
      const browser = await chromium.launch({ executablePath, headless: true, args });
      browsers.push(browser);
      return browser;
    };
    return { launch, close };
  } catch (error) {
    await close();
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
  const executablePath = await packed.default.executablePath();
  await useFonts(path.join(folder, "fonts"));
  return executablePath;
}

/**
 * Names the folder of the fonts in their configuration, which expects the fonts in /tmp. Without a font,
 * pages show no text, and the browser crashes at a list of choices.
 */
async function useFonts(folder) {
  const file = path.join(folder, "fonts.conf");
  const configuration = await readFile(file, "utf8");
  await writeFile(file, configuration.replaceAll(/\/tmp\/fonts(?=[-<])/g, folder));
}
