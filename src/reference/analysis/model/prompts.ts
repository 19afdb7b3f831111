import { readFileSync } from "node:fs";
import { z } from "zod";
import { MoodLabel } from "../analyser/index.js";
import { WHOLE_ANSWER } from "./whole-answer.js";
import { WINDOW_ANSWER } from "./window-answer.js";

/** What the model is told, and the form of its answer. */
export interface Prompt {
  readonly name: string;
  readonly instructions: string;
  /** The JSON schema of the answer. */
  readonly schema: object;
}

const read = (name: string): string =>
  readFileSync(new URL(`prompts/${name}.md`, import.meta.url), "utf8").trim();

function schemaOf(answer: z.ZodType): object {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(answer);
  return schema;
}

export const WINDOW_PROMPT: Prompt = {
  name: "window",
  instructions: read("window"),
  schema: schemaOf(WINDOW_ANSWER),
};

export const WHOLE_PROMPT: Prompt = {
  name: "whole",
  instructions: read("whole").replace("{{moods}}", Object.values(MoodLabel).join(", ")),
  schema: schemaOf(WHOLE_ANSWER),
};
