import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAnalyze } from "../../src/cli/analyze.js";
import type { AnalysisDocument } from "../../src/reference/index.js";
import { FERRY, SUMMARY, goodAnswer } from "../reference/analysis/model/played-models.js";
import {
  type LanguageModelServer,
  languageModelServer,
  refuses,
  says,
} from "../support/language-model-server.js";

const before = { ...process.env };
let folder: string;
let server: LanguageModelServer;
let printed: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fabula-analyze-"));
  await writeFile(join(folder, "ferry.txt"), FERRY);
  server = await languageModelServer((request) => says(goodAnswer(request)));
  printed = [];
  const note = (text: unknown): boolean => printed.push(String(text)) > 0;
  import.meta.jest.spyOn(process.stdout, "write").mockImplementation(note);
  import.meta.jest.spyOn(process.stderr, "write").mockImplementation(note);
});
afterEach(async () => {
  import.meta.jest.restoreAllMocks();
  process.env = { ...before };
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const analyse = () =>
  runAnalyze([join(folder, "ferry.txt"), "--model", "--out", join(folder, "out")]);

test("a model reads a file without a database, and the command says what that cost", async () => {
  Object.assign(process.env, {
    ...{
      LLM_URL: server.url,
      LLM_MODEL: "played",
      LLM_MICROS_PER_MILLION_TOKENS: "1000000,2000000",
    },
  });

  await analyse();

  const document = JSON.parse(
    await readFile(join(folder, "out", "ferry.json"), "utf8"),
  ) as AnalysisDocument;
  expect(document.analyzer).toMatchObject({ id: "model", model: "played" });
  expect(document.summary).toBe(SUMMARY);
  const { inputTokens, outputTokens, costMicros } = document.usage;
  expect(costMicros).toBe(inputTokens + 2 * outputTokens);
  const cost = (costMicros / 1_000_000).toFixed(4);
  expect(printed.join("")).toContain(
    `played read ${inputTokens} and wrote ${outputTokens} tokens (${cost} USD)`,
  );
});

test("a reading that fails in the middle says what was paid until then", async () => {
  await server.close();
  server = await languageModelServer((request, count) =>
    count === 0 ? says(goodAnswer(request)) : refuses(401),
  );
  Object.assign(process.env, { LLM_URL: server.url, LLM_MODEL: "played" });

  await expect(analyse()).rejects.toThrow("1 of 1 files failed");

  expect(printed.join("")).toMatch(/failed: .* Until then, played read 100 and wrote 20 tokens/);
});

test("without a model, the command says what to set, and sends nothing", async () => {
  delete process.env["LLM_URL"];
  delete process.env["LLM_MODEL"];

  await expect(analyse()).rejects.toThrow("set LLM_URL and LLM_MODEL");

  expect(server.requests).toEqual([]);
});
